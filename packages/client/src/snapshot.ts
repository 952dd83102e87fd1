// What a view sees: immutable, and the same object as long as nothing in it changed.
import type { Author, ChatErrorCode, DraftContent, DraftId, Reaction, RoomId } from '@wireroom/protocol';

/** A refusal, from the server or found before sending. A newer server may have codes that this version does not know. */
export interface Refusal {
  readonly code: ChatErrorCode | (string & {});
  readonly message: string;
}

/** How the connection is. `waiting` and `stopped` say why, in words for people. */
export type ConnectionSnapshot =
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  | { readonly state: 'open' }
  | {
      readonly state: 'waiting';
      /** When the next attempt begins, on the client's clock, in milliseconds since 1970. */
      readonly retryAt: number;
      readonly reason: string;
      /** The server said that it restarts, and when to come back. */
      readonly isRestart?: true;
    }
  | { readonly state: 'stopped'; readonly reason: string };

export type ConnectionState = ConnectionSnapshot['state'];

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
  /** Empty: nobody has said. */
  readonly topic: string;
  /** Own changes of title and topic that are not in the log yet. `title` and `topic` show them already, but for failed ones. */
  readonly changes: readonly PendingChange[];
  /**
   * `joining`: never been in it yet. `live`: everything up to the newest entry is here. `catching-up`: entries are
   * missing at the end, and are asked for. `away`: there is no connection, and what is here is as of then; it goes on when there
   * is one. `refused`: see `refusal`; `join` tries again. `left`: we are out of it, and nothing comes any more.
   */
  readonly status: 'joining' | 'live' | 'catching-up' | 'away' | 'refused' | 'left';
  readonly refusal?: Refusal;
  /** In the log's order. Entries that are not here are a gap, which is an item too; the drafts that wait come last. */
  readonly items: readonly TimelineItem[];
  /** A number for the first item, such that the newest items keep theirs whatever is put or dropped before them. */
  readonly firstItemIndex: number;
  /** Are there older entries that `loadOlder` can bring? */
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** At most 100, and you are one of them; `memberCount` tells how many there are. */
  readonly members: readonly Author[];
  readonly memberCount: number;
}

/** A message as it stands now, with one's own changes that are on their way. */
export interface MessageItem {
  readonly kind: 'message';
  readonly key: string;
  readonly seq: number;
  readonly author: Author;
  /** Empty where it was deleted. */
  readonly text: string;
  readonly at: string;
  readonly isMine: boolean;
  readonly isDeleted: boolean;
  /** When it was edited last. Absent: never. */
  readonly editedAt?: string;
  readonly reactions: readonly Reaction[];
  /** Own changes of it that are not in the log yet. A failed one stays here and is not applied. */
  readonly changes: readonly PendingChange[];
}

export interface NoticeItem {
  readonly kind: 'notice';
  readonly key: string;
  readonly what: 'join' | 'leave' | 'rename' | 'topic';
  /** With `rename` and `topic`: the new one. */
  readonly text?: string;
  readonly seq: number;
  readonly author: Author;
  readonly at: string;
}

/** Entries that are in the log and not here, both ends included. `fillGap` brings a page of them. */
export interface GapItem {
  readonly kind: 'gap';
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly isLoading: boolean;
}

export type DraftState = 'queued' | 'sending' | 'failed';

/** An own message that is not in the log yet, as far as this client knows. Its `key` stays when it becomes a message. */
export interface PendingItem {
  readonly kind: 'pending';
  readonly key: string;
  readonly draftId: DraftId;
  readonly text: string;
  readonly state: DraftState;
  /** With `failed`: why. With `queued`: why it was put off, if it was. */
  readonly error?: Refusal;
}

/** An own change (of a message, the title, the topic) that is not in the log yet. */
export interface PendingChange {
  readonly draftId: DraftId;
  readonly content: DraftContent;
  readonly state: DraftState;
  readonly error?: Refusal;
}

export type TimelineItem = MessageItem | NoticeItem | GapItem | PendingItem;

/** Does it stand for one entry of the log? */
export const isEntryItem = (item: TimelineItem): item is MessageItem | NoticeItem =>
  item.kind === 'message' || item.kind === 'notice';
