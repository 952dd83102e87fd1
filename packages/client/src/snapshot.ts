// What a view sees: immutable, and the same object as long as nothing in it changed. Types only.
import type { Author, ChatErrorCode, DraftId, RoomId } from '@wireroom/protocol';

/** A refusal, from the server or found before sending. A newer server may have codes that this version does not know. */
export interface Refusal {
  readonly code: ChatErrorCode | (string & {});
  readonly message: string;
}

export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'stopped';

export interface ConnectionSnapshot {
  readonly state: ConnectionState;
  /** While `waiting`: when the next attempt begins, on the client's clock, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** Why it is waiting or stopped, for people. */
  readonly reason?: string;
}

export interface ChatSnapshot {
  readonly connection: ConnectionSnapshot;
  /** Who you are; absent before the first welcome and after `exit`. Stays while the connection is away. */
  readonly you?: Author;
  /** Why `enter` failed. The next `enter` clears it. */
  readonly refusal?: Refusal;
  /** The name of the last visit, for filling in. */
  readonly rememberedName?: string;
  /** By slug. */
  readonly rooms: Readonly<Record<string, RoomSnapshot>>;
  /** Does the storage keep what it is given? If not, waiting drafts and the token do not survive a reload. */
  readonly isStorageWorking: boolean;
}

export interface RoomSnapshot {
  readonly slug: string;
  /** Absent before the first answer. */
  readonly roomId?: RoomId;
  readonly title: string;
  /**
   * `joining`: never been in it yet. `live`: everything up to the newest entry is here. `catching-up`: entries are
   * missing at the end, and are asked for or wait for the connection. `refused`: see `refusal`; `join` tries again.
   */
  readonly status: 'joining' | 'live' | 'catching-up' | 'refused';
  readonly refusal?: Refusal;
  /** In the log's order, without a hole; the drafts that wait come last. */
  readonly items: readonly TimelineItem[];
  /** A number for the first item that falls by each item put before it and rises by each one dropped there. */
  readonly firstItemIndex: number;
  /** Are there older entries that `loadOlder` can bring? */
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** At most 100, and you are one of them; `memberCount` tells how many there are. */
  readonly members: readonly Author[];
  readonly memberCount: number;
  /** The whole log as NDJSON, over HTTP (rule H1). */
  readonly historyUrl: string;
}

export interface MessageItem {
  readonly kind: 'message';
  readonly key: string;
  readonly seq: number;
  readonly author: Author;
  readonly text: string;
  readonly at: string;
  readonly isMine: boolean;
}

export interface NoticeItem {
  readonly kind: 'notice';
  readonly key: string;
  readonly what: 'join' | 'leave';
  readonly seq: number;
  readonly author: Author;
  readonly at: string;
}

/** A draft that is not in the log yet, as far as this client knows. Its `key` stays when it becomes a message. */
export interface PendingItem {
  readonly kind: 'pending';
  readonly key: string;
  readonly draftId: DraftId;
  readonly text: string;
  readonly state: 'waiting' | 'sending' | 'failed';
  /** With `failed`: why. With `waiting`: why it was put off, if it was. */
  readonly error?: Refusal;
}

export type TimelineItem = MessageItem | NoticeItem | PendingItem;
