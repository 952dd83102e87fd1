// The entry of the SDK in Node: as index.ts, with a transport on the engine of @wireroom/websocket as the default.
import { type Chat, ChatClient, type ChatOptions } from './chat.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { nodeTransport } from './node-transport.ts';
import { memoryStorage } from './storage.ts';
import { noWakeups } from './wakeups.ts';

export type { Chat, ChatOptions } from './chat.ts';
export type { ClientTap } from './client-tap.ts';
export type { Clock, Random } from './clock.ts';
export { fileOutbox } from './file-outbox-node.ts';
export type { IdbOutboxOptions } from './idb-outbox.ts';
export { idbOutbox } from './lazy-idb-outbox.ts';
export * as CLIENT_LIMITS from './limits.ts';
export { memoryOutbox } from './memory-outbox.ts';
export type { Candidacy, NewDraft, OutboxNews, OutboxStore, StoredDraft } from './outbox-store.ts';
export type { Posted } from './postings.ts';
export type { GapSide, Room } from './room.ts';
export {
  type ChatSnapshot,
  type ConnectionSnapshot,
  type ConnectionState,
  type DraftState,
  type GapItem,
  isEntryItem,
  type MessageItem,
  type NoticeItem,
  type PendingChange,
  type PendingItem,
  type Refusal,
  type RoomSnapshot,
  type TimelineItem,
} from './snapshot.ts';
export { type KeyValueStorage, memoryStorage } from './storage.ts';
export {
  type OpenTransport,
  type Transport,
  type TransportHandlers,
  type WebSocketConstructor,
  webSocketTransport,
} from './transport.ts';
export type { Wakeups } from './wakeups.ts';

/** A client of one server. Connects when the first room is asked for, or when somebody enters. */
export function createChat(options: ChatOptions): Chat {
  return new ChatClient(
    {
      ...{ openTransport: nodeTransport, storage: memoryStorage(), wakeups: noWakeups },
      outbox: () => memoryOutbox(),
    },
    options,
  );
}
