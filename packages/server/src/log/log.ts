// The log: the only place where a message becomes true. One port; its adapters (sqlite-log.ts) are named in app.ts alone.
// It stores, numbers and reads entries, and keeps who is in which room. It tells nobody: rooms/ puts the hint on the bus.
import type {
  Author,
  AuthorId,
  DraftId,
  Entry,
  MessageEntry,
  Position,
  Room,
  RoomId,
} from '@wireroom/protocol';
import type { Trail } from '../lib/stations.ts';

/** A message with its author, before it has a number. */
export interface Draft {
  readonly roomId: RoomId;
  readonly author: Author;
  readonly draftId: DraftId;
  readonly text: string;
}

export interface Appended {
  readonly entry: MessageEntry;
  /** The draft had been stored before: this is the first answer again, and nothing was written (rule L3). */
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
}

export interface LogPage {
  /** Oldest first, whatever the direction. */
  readonly entries: readonly Entry[];
  /** Are there more in the direction of the range? */
  readonly hasMore: boolean;
  /** The head of the room's log in the same read. */
  readonly position: Position;
}

export interface Members {
  readonly members: readonly Author[];
  readonly memberCount: number;
}

export interface Log {
  /**
   * Stores a message and gives it the next number, in one transaction; resolves after the commit is on disk (L1, L2).
   * Rejects with a ChatError: `no-room`, `not-joined`, `draft-conflict` (same draftId, other text), `busy`, `storage-failed`.
   */
  post(draft: Draft, trail?: Trail): Promise<Appended>;
  /** Writes a join entry unless the author is a member under this name already. */
  join(roomId: RoomId, author: Author): Promise<MembershipChange>;
  /** Writes a leave entry, under the name the author was a member by, unless they are no member. */
  leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange>;
  read(roomId: RoomId, range: LogRange): Promise<LogPage>;
  /** Up to `limit` members, those who joined first first, and how many there are. */
  members(roomId: RoomId, limit: number): Promise<Members>;
  /** The rooms that this author is a member of. */
  roomsOf(authorId: AuthorId): Promise<readonly RoomId[]>;
  /** Makes the room if its slug is new; in either case returns it. */
  ensureRoom(room: { readonly slug: string; readonly title: string }): Promise<Room>;
  rooms(): Promise<readonly Room[]>;
}
