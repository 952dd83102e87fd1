// The log: the only place where a message becomes true. One port; its adapters (sqlite-log.ts) are named in app.ts alone.
// It stores, numbers and reads entries, and keeps who is in which room. It tells nobody: rooms/ puts the hint on the bus.
import type {
  Author,
  AuthorId,
  DraftContent,
  DraftedEntry,
  DraftId,
  Entry,
  MessageEntry,
  MessageState,
  Position,
  Room,
  RoomId,
} from '@wireroom/protocol';
import type { Trail } from '../lib/stations.ts';

/** What somebody wrote or did, with its author, before it has a number. */
export interface Draft {
  readonly roomId: RoomId;
  readonly author: Author;
  readonly draftId: DraftId;
  readonly content: DraftContent;
}

export interface Appended {
  readonly entry: DraftedEntry;
  /**
   * Nothing was written: the draft had been stored before, and this is the first answer again (rule L3); or what it asks
   * for is so already, and this is the entry that made it so (a reaction given twice, a message deleted twice).
   */
  readonly isRepeat: boolean;
}

export interface MembershipChange {
  /** What the change wrote: nothing if it was so already, one entry, or two (leave and join) after a change of name. */
  readonly entries: readonly Entry[];
  /** The head of the room's log after the change. */
  readonly position: Position;
}

export interface LogRange {
  /** Entries with seq > after, oldest first. */
  readonly after?: number;
  /** Entries with seq < before, of which the newest. Without `after` and `before`: the newest of all. */
  readonly before?: number;
  readonly limit: number;
  /** Stop before the entries' JSON passes this many bytes; one entry always fits. */
  readonly bytesMax: number;
  /** Also the states of the page's messages, as this reader sees them. Their JSON counts as the entries' does. */
  readonly statesFor?: AuthorId;
}

export interface LogPage {
  /** Oldest first, whatever the direction. */
  readonly entries: readonly Entry[];
  /** Are there more in the direction of the range? */
  readonly hasMore: boolean;
  /** The head of the room's log in the same read. */
  readonly position: Position;
  /** With `statesFor`: of those messages that are not as their entry says, by seq; at `position`. */
  readonly states?: readonly MessageState[];
}

/** A message as it stands: the entry that it began as, and what has become of it, if anything has. */
export interface CurrentMessage {
  readonly entry: MessageEntry;
  readonly state?: MessageState;
}

export interface MessagePage {
  /** Oldest first, whatever the direction. */
  readonly messages: readonly CurrentMessage[];
  readonly hasMore: boolean;
  /** The head of the room's log in the same read. */
  readonly position: Position;
}

/** Where a room's log stands. */
export interface Head {
  readonly roomId: RoomId;
  readonly position: Position;
}

/** A room as it stands now, beside its entries. */
export interface Standing {
  readonly title: string;
  readonly topic: string;
  readonly members: readonly Author[];
  readonly memberCount: number;
}

export interface Log {
  /**
   * Stores a draft and gives it the next number, in one transaction with what it changes (a message's state, the room's
   * title or topic); resolves after the commit is on disk (L1, L2). Rejects with a ChatError: `no-room`, `not-joined`,
   * `draft-conflict` (same draftId, other content), `no-target`, `not-yours`, `target-deleted`, `too-many-reactions`,
   * `busy`, `storage-failed`.
   */
  post(draft: Draft, trail?: Trail): Promise<Appended>;
  /** Writes a join entry unless the author is a member under this name already. */
  join(roomId: RoomId, author: Author): Promise<MembershipChange>;
  /** Writes a leave entry, under the name the author was a member by, unless they are no member. */
  leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange>;
  read(roomId: RoomId, range: LogRange): Promise<LogPage>;
  /** The room's messages as they stand now, without the entries between them; `range` counts messages. */
  messages(roomId: RoomId, range: LogRange): Promise<MessagePage>;
  /** Where these rooms stand, in the order asked; those that are not there are left out. */
  heads(roomIds: readonly RoomId[]): Promise<readonly Head[]>;
  /**
   * Enters many rooms at once, each as `join` does, in one transaction; in the order asked. A room that is not there is
   * answered with `undefined`.
   */
  joinAll(roomIds: readonly RoomId[], author: Author): Promise<readonly (MembershipChange | undefined)[]>;
  /** In one read: title and topic, up to `limit` members, those who joined first first, and how many there are. */
  standing(roomId: RoomId, limit: number): Promise<Standing>;
  /** The rooms that this author is a member of. */
  roomsOf(authorId: AuthorId): Promise<readonly RoomId[]>;
  /** Makes the room if its slug is new; in either case returns it. */
  ensureRoom(room: { readonly slug: string; readonly title: string }): Promise<Room>;
  rooms(): Promise<readonly Room[]>;
}
