// The entry of the SDK in Node: as index.ts, with a transport on the engine of @wireroom/websocket as the default.
import { type ChatClient, type ChatClientOptions, createChatClient as createWith } from './chat-client.ts';
import { nodeTransport } from './node-transport.ts';

export type { ChatClient, ChatClientOptions } from './chat-client.ts';
export type { ClientTap } from './client-tap.ts';
export type { Clock, Random } from './clock.ts';
export { CLIENT_LIMITS } from './limits.ts';
export type {
  ChatSnapshot,
  ConnectionSnapshot,
  ConnectionState,
  MessageItem,
  NoticeItem,
  PendingItem,
  Refusal,
  RoomSnapshot,
  TimelineItem,
} from './snapshot.ts';
export { type KeyValueStorage, memoryStorage } from './storage.ts';
export {
  type OpenTransport,
  type Transport,
  type TransportHandlers,
  type WebSocketConstructor,
  webSocketTransport,
} from './transport.ts';

export function createChatClient(options: ChatClientOptions): ChatClient {
  return createWith({ openTransport: nodeTransport, ...options });
}
