// The Wireroom SDK. In Node, the entry is node.ts: the same, with a transport of its own.
export { type ChatClient, type ChatClientOptions, createChatClient } from './chat-client.ts';
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
