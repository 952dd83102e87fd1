// An entry as a row of the table, and as what everybody else knows it as.
import type {
  Author,
  AuthorId,
  DraftContent,
  DraftedEntry,
  DraftId,
  Entry,
  Epoch,
  JoinEntry,
  LeaveEntry,
  RoomId,
} from '@wireroom/protocol';
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
export type NewEntry = NewDrafted | NewMembership;

export type NewDrafted = DraftContent & {
  readonly author: Author;
  readonly draftId: DraftId;
  readonly deleted?: true | undefined;
};

export interface NewMembership {
  readonly type: 'join' | 'leave';
  readonly author: Author;
}

/** What the log gives an entry. */
export interface Stamp {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** The one shape of an entry, fields in the one order, whether it was just written or is read again (rule L4). */
export function stampedEntry(room: RoomOfEntries, stamp: Stamp, fresh: NewDrafted): DraftedEntry;
export function stampedEntry(room: RoomOfEntries, stamp: Stamp, fresh: NewMembership): JoinEntry | LeaveEntry;
export function stampedEntry(room: RoomOfEntries, stamp: Stamp, fresh: NewEntry): Entry;
export function stampedEntry(room: RoomOfEntries, { seq, atMs }: Stamp, fresh: NewEntry): Entry {
  const { roomId, epoch } = room;
  const { author } = fresh;
  const at = instantOf(atMs);
  const envelope = { v: 1, roomId, epoch, seq, type: fresh.type, author, at } as const;
  if (!('draftId' in fresh)) return { ...envelope, type: fresh.type };
  const drafted = { ...envelope, draftId: fresh.draftId };
  const deleted = fresh.deleted === true ? { deleted: true as const } : {};
  switch (fresh.type) {
    case 'message':
      return { ...drafted, type: 'message', text: fresh.text, ...deleted };
    case 'edit':
      return { ...drafted, type: 'edit', target: fresh.target, text: fresh.text, ...deleted };
    case 'delete':
      return { ...drafted, type: 'delete', target: fresh.target };
    case 'react':
    case 'unreact':
      return { ...drafted, type: fresh.type, target: fresh.target, emoji: fresh.emoji };
    case 'rename':
      return { ...drafted, type: 'rename', title: fresh.title };
    case 'topic':
      return { ...drafted, type: 'topic', topic: fresh.topic };
  }
}

/** RFC 3339. Many entries of one millisecond come one after the other: the last instant is kept, as it costs more than the rest. */
function instantOf(atMs: number): string {
  if (lastInstant.atMs !== atMs) lastInstant = { atMs, text: new Date(atMs).toISOString() };
  return lastInstant.text;
}
let lastInstant = { atMs: Number.NaN, text: '' };

/** Of a row that has a draftId: an entry that was a draft. */
export function draftedFromRow(room: RoomOfEntries, row: Row): DraftedEntry {
  const entry = entryFromRow(room, row);
  if (entry.type === 'join' || entry.type === 'leave') throw new TypeError('The row was never a draft');
  return entry;
}

export function entryFromRow(room: RoomOfEntries, row: Row): Entry {
  return stampedEntry(room, { seq: integerOf(row, 'seq'), atMs: integerOf(row, 'at') }, newEntryFromRow(row));
}

/** JSON keeps every string exactly, NUL and lone surrogates included, on every driver. */
export function payloadOf(entry: NewEntry): string {
  switch (entry.type) {
    case 'message':
      return JSON.stringify({ text: entry.text, deleted: entry.deleted });
    case 'edit':
      return JSON.stringify({ target: entry.target, text: entry.text, deleted: entry.deleted });
    case 'delete':
      return JSON.stringify({ target: entry.target });
    case 'react':
    case 'unreact':
      return JSON.stringify({ target: entry.target, emoji: entry.emoji });
    case 'rename':
      return JSON.stringify({ title: entry.title });
    case 'topic':
      return JSON.stringify({ topic: entry.topic });
    case 'join':
    case 'leave':
      return '{}';
  }
}

function newEntryFromRow(row: Row): NewEntry {
  // The ids went through the protocol's schemas on their way in, and the table is ours: they are what they were.
  const authorId = textOf(row, 'author_id') as AuthorId;
  const author = { authorId, name: textOf(row, 'name') };
  const type = textOf(row, 'type');
  if (type === 'join' || type === 'leave') return { type, author };
  const draftId = textOf(row, 'draft_id') as DraftId;
  return { author, draftId, ...contentFromPayload(type, textOf(row, 'payload')) };
}

function contentFromPayload(type: string, payload: string): DraftContent & { readonly deleted?: true } {
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null)
    throw new TypeError('The payload of an entry is no object');
  const fields: Row = { ...value };
  const deleted = fields.deleted === true ? { deleted: true as const } : {};
  switch (type) {
    case 'message':
      return { type, text: textOf(fields, 'text'), ...deleted };
    case 'edit':
      return { type, target: integerOf(fields, 'target'), text: textOf(fields, 'text'), ...deleted };
    case 'delete':
      return { type, target: integerOf(fields, 'target') };
    case 'react':
    case 'unreact':
      return { type, target: integerOf(fields, 'target'), emoji: textOf(fields, 'emoji') };
    case 'rename':
      return { type, title: textOf(fields, 'title') };
    case 'topic':
      return { type, topic: textOf(fields, 'topic') };
    default:
      throw new TypeError(`The log holds an entry of type ${type}, which this version does not know`);
  }
}
