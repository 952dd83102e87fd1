// An entry as a row of the table, and as what everybody else knows it as.
import type { Author, AuthorId, DraftId, Entry, Epoch, RoomId } from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { Row } from '../db/sqlite.ts';

/** The columns that `entryFromRow` wants. */
export const ENTRY_COLUMNS = 'seq, at, type, author_id, name, draft_id, payload';

/** What all entries of one room have in common. */
export interface RoomOfEntries {
  readonly roomId: RoomId;
  readonly epoch: Epoch;
}

/** An entry that lacks only what the log gives it: its number and its time. */
export type NewEntry =
  | { readonly type: 'message'; readonly author: Author; readonly draftId: DraftId; readonly text: string }
  | { readonly type: 'join' | 'leave'; readonly author: Author };

/** What the log gives an entry. */
export interface Stamp {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** The one shape of an entry, fields in the one order, whether it was just written or is read again (rule L4). */
export function stampedEntry(room: RoomOfEntries, { seq, atMs }: Stamp, fresh: NewEntry): Entry {
  const { roomId, epoch } = room;
  const { author } = fresh;
  const at = new Date(atMs).toISOString();
  switch (fresh.type) {
    case 'message': {
      const { type, draftId, text } = fresh;
      return { v: 1, roomId, epoch, seq, type, author, at, draftId, text };
    }
    case 'join':
    case 'leave':
      return { v: 1, roomId, epoch, seq, type: fresh.type, author, at };
  }
}

export function entryFromRow(room: RoomOfEntries, row: Row): Entry {
  return stampedEntry(room, { seq: integerOf(row, 'seq'), atMs: integerOf(row, 'at') }, newEntryFromRow(row));
}

/** JSON keeps every string exactly, NUL and lone surrogates included, on every driver. */
export function payloadOf(entry: NewEntry): string {
  return entry.type === 'message' ? JSON.stringify({ text: entry.text }) : '{}';
}

function newEntryFromRow(row: Row): NewEntry {
  // The ids went through the protocol's schemas on their way in, and the table is ours: they are what they were.
  const authorId = textOf(row, 'author_id') as AuthorId;
  const author = { authorId, name: textOf(row, 'name') };
  const type = textOf(row, 'type');
  switch (type) {
    case 'message': {
      const draftId = textOf(row, 'draft_id') as DraftId;
      return { type, author, draftId, text: textFromPayload(textOf(row, 'payload')) };
    }
    case 'join':
    case 'leave':
      return { type, author };
    default:
      throw new TypeError(`The log holds an entry of type ${type}, which this version does not know`);
  }
}

function textFromPayload(payload: string): string {
  const value: unknown = JSON.parse(payload);
  if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string') {
    return value.text;
  }
  throw new TypeError('The payload of a message holds no text');
}
