// What a download reads a room from: the port between the thread that makes downloads and a log. An adapter is a module that
// the thread loads by its URL (sqlite-history-source.ts, postgres-history-source.ts); storage.ts says which one.
import type { HistoryItem } from '@wireroom/history';
import type { Epoch, Room, RoomId } from '@wireroom/protocol';

/** A room as a source knows it. */
export interface SourceRoom {
  /** Short and internal. */
  readonly key: number;
  readonly roomId: RoomId;
  readonly epoch: Epoch;
  /** The seq of the newest entry, now. */
  readonly head: number;
}

/** Which entries of a room. */
export interface SourceRange {
  /** seq > after. */
  readonly after: number;
  /** seq <= until, and the states of messages are as of then. */
  readonly until: number;
  /** `entries`: all of them, as they are. `messages`: messages with their states, and notices; not what was done to messages. */
  readonly what: 'entries' | 'messages';
  /** Only what this author wrote or did: by id, or by the name that an entry bears. */
  readonly author?: string;
}

export interface SourcePage {
  /** In order. */
  readonly items: readonly HistoryItem[];
  /** Everything up to and including this seq has been looked at. */
  readonly through: number;
  /** Numbers on the way that no entry bears, as [from, to]. */
  readonly missing: readonly (readonly [number, number])[];
  /** About how long the page's entries are, in characters. */
  readonly chars: number;
}

export interface HistorySource {
  /** Throws a ChatError `no-room`. */
  room(roomId: RoomId): Promise<SourceRoom>;
  /** What the room was called, and what it was about, when `until` was its newest entry. */
  about(room: SourceRoom, until: number): Promise<Room>;
  /** The first seq that was stored then or later, in milliseconds since 1970; past the head where none was. */
  seqAt(room: SourceRoom, atMs: number): Promise<number>;
  /** At most so many entries of the range. A record that cannot be read is an item that says so. */
  page(room: SourceRoom, range: SourceRange, limit: number): Promise<SourcePage>;
  /** Where a part of so many entries begins that ends at the end of the range: the seq before it; `after` where fewer are. */
  partBefore(room: SourceRoom, range: SourceRange, entries: number): Promise<number>;
  count(room: SourceRoom, range: SourceRange): Promise<number>;
  close(): Promise<void>;
}

export const seqOf = (item: HistoryItem): number => (item.kind === 'broken' ? item.seq : item.entry.seq);

/** Where the adapter lies, and what it is opened with. Plain data: it goes to another thread. */
export interface HistorySourceTask {
  /** File URL of a module that exports `openHistorySource(options)`. */
  readonly module: string;
  readonly options: Readonly<Record<string, string>>;
}
