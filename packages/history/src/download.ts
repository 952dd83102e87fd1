// What a download of a room's history is asked for, and the records that it consists of: its head, its items, its end. Formats
// write these; the server makes them from the log; the SDK, the page and the terminal ask for them.
import type { Entry, Epoch, MessageState, Room, UnknownEntry } from '@wireroom/protocol';

export const HISTORY_FORMATS = ['jsonl', 'html', 'text', 'csv', 'markdown'] as const;
/** `jsonl` has every entry as it happened; the others have the messages as they stand, for people. */
export type HistoryFormat = (typeof HISTORY_FORMATS)[number];

/** Which part of a room's history, and in what form. Everything but the format may be left out. */
export interface HistorySpec {
  readonly format: HistoryFormat;
  /** Instants, RFC 3339: entries with from <= at < to. */
  readonly from?: string;
  readonly to?: string;
  /** An authorId, or a name as it is shown: only what this author wrote or did. */
  readonly author?: string;
  /** IANA name of the time zone that times and day lines are shown in. Absent: UTC. JSON Lines always have UTC. */
  readonly tz?: string;
}

/** How a download goes on after a break: what it was begun with, and what the asker has of it. */
export interface HistoryResumption {
  /** `until` and `epoch` of its head. */
  readonly until: number;
  readonly epoch: Epoch;
  /** What they have, whole: so many bytes, or everything up to and including the record with this seq. */
  readonly has: { readonly bytes: number } | { readonly seq: number };
  /** SHA-256, in hex, of what they have: the server refuses to go on from anything else (`history-changed`). */
  readonly prefixSha256: string;
}

/** The first record: what the file is of. In JSON Lines it is the first line. */
export interface HistoryHead {
  readonly type: 'history';
  readonly v: 1;
  readonly room: Room;
  readonly epoch: Epoch;
  /** The file ends here, whatever is written to the room meanwhile. */
  readonly until: number;
  readonly spec: HistorySpec;
  /** Only in a file that does not begin with the room: what it has comes after this seq. */
  readonly after?: number;
  /** Of a part of an HTML download: the part before it comes after this seq; 0: it is the first. */
  readonly previous?: number;
}

/** An item of a download. */
export type HistoryItem =
  | {
      readonly kind: 'entry';
      readonly entry: Entry | UnknownEntry;
      /** Of a message, as of `until`; JSON Lines do not use it. */
      readonly state?: MessageState;
    }
  /** A record that cannot be read. The download goes on after it. */
  | { readonly kind: 'broken'; readonly seq: number; readonly reason: string };

/** The last record. In JSON Lines it is the last line; every format has it as its last line, in a form of its own. */
export interface HistoryEnd {
  readonly type: 'end';
  /** Records between head and end: entries in JSON Lines, messages and notices elsewhere; broken ones count. */
  readonly count: number;
  /** seq of the first and last record; null in an empty file. */
  readonly first: number | null;
  readonly last: number | null;
  /** Broken records. */
  readonly broken: number;
  /** Numbers between first and last that are not there though the selection would have them, as [from, to]. */
  readonly gaps: readonly (readonly [number, number])[];
  /** Of every byte before this line, in hex. */
  readonly sha256: string;
  /** Why it ends before `until`, if it does: the file is no whole history then, and says so. */
  readonly cut?: { readonly code: string; readonly message: string };
  /** Of a part of an HTML download: there is another part after this seq. */
  readonly next?: number;
  /** In all formats but JSON Lines, which begin with it. */
  readonly head?: HistoryHead;
  /** The writer's: the first 16 hex digits of the SHA-256 of this JSON without the seal, so that a changed end is found too. */
  readonly seal?: string;
}
