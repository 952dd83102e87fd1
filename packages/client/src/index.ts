// The Wireroom SDK. In Node, the entry is node.ts: the same, with a transport of its own.
export { createChat } from './browser-chat.ts';
export type { Chat, ChatOptions } from './chat.ts';
export type { ClientTap } from './client-tap.ts';
export type { Clock, Random } from './clock.ts';
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
