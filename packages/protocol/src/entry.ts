// An entry: what a room's log consists of, what live sockets, pages and downloads all carry (rules L1, L4).

import { authorIdSchema, draftIdSchema, type Epoch, epochSchema, type RoomId, roomIdSchema } from './ids.ts';
import { z } from './zod.ts';

export const authorSchema = z.object({ authorId: authorIdSchema, name: z.string() });
/** Who wrote an entry, under the name borne at that moment. */
export type Author = Readonly<z.infer<typeof authorSchema>>;

const seqSchema = z.int().min(1);

const envelope = {
  /** Version of the envelope. */
  v: z.literal(1),
  roomId: roomIdSchema,
  epoch: epochSchema,
  /** 1, 2, 3 … in this room and epoch, without a gap. */
  seq: seqSchema,
  author: authorSchema,
  /** When the server stored it: RFC 3339, UTC, milliseconds. */
  at: z.string(),
};

/** What somebody wrote or did: it was a draft before it was an entry. */
const drafted = { ...envelope, draftId: draftIdSchema };

/** Its text, and that of its edits, is gone from the log: `text` is empty. Only where it is so. */
const deleted = z.literal(true).optional();

/** Which message it is about: its seq in the same room. */
const target = seqSchema;

export const messageEntrySchema = z.object({
  ...drafted,
  type: z.literal('message'),
  text: z.string(),
  deleted,
});
export const editEntrySchema = z.object({
  ...drafted,
  type: z.literal('edit'),
  target,
  text: z.string(),
  deleted,
});
export const deleteEntrySchema = z.object({ ...drafted, type: z.literal('delete'), target });
export const reactEntrySchema = z.object({ ...drafted, type: z.literal('react'), target, emoji: z.string() });
export const unreactEntrySchema = z.object({
  ...drafted,
  type: z.literal('unreact'),
  target,
  emoji: z.string(),
});
export const renameEntrySchema = z.object({ ...drafted, type: z.literal('rename'), title: z.string() });
export const topicEntrySchema = z.object({ ...drafted, type: z.literal('topic'), topic: z.string() });
export const joinEntrySchema = z.object({ ...envelope, type: z.literal('join') });
export const leaveEntrySchema = z.object({ ...envelope, type: z.literal('leave') });

/** The entry types that this version knows. */
export const entrySchema = z.discriminatedUnion('type', [
  messageEntrySchema,
  editEntrySchema,
  deleteEntrySchema,
  reactEntrySchema,
  unreactEntrySchema,
  renameEntrySchema,
  topicEntrySchema,
  joinEntrySchema,
  leaveEntrySchema,
]);

export type MessageEntry = Readonly<z.infer<typeof messageEntrySchema>>;
export type EditEntry = Readonly<z.infer<typeof editEntrySchema>>;
export type DeleteEntry = Readonly<z.infer<typeof deleteEntrySchema>>;
export type ReactEntry = Readonly<z.infer<typeof reactEntrySchema>>;
export type UnreactEntry = Readonly<z.infer<typeof unreactEntrySchema>>;
export type RenameEntry = Readonly<z.infer<typeof renameEntrySchema>>;
export type TopicEntry = Readonly<z.infer<typeof topicEntrySchema>>;
export type JoinEntry = Readonly<z.infer<typeof joinEntrySchema>>;
export type LeaveEntry = Readonly<z.infer<typeof leaveEntrySchema>>;
/** An entry that was a draft. */
export type DraftedEntry =
  | MessageEntry
  | EditEntry
  | DeleteEntry
  | ReactEntry
  | UnreactEntry
  | RenameEntry
  | TopicEntry;
export type Entry = DraftedEntry | JoinEntry | LeaveEntry;

/**
 * An entry that this version cannot show: of a newer type, or in a newer envelope. Readers skip it, but count its seq,
 * so that their cursor goes on and no gap is seen where there is none.
 */
export interface UnknownEntry {
  readonly type: 'unknown';
  /** The type as it was sent. */
  readonly sentType: string;
  readonly roomId: RoomId;
  readonly epoch: Epoch;
  readonly seq: number;
}

export const unknownEntrySchema = z
  .object({ roomId: roomIdSchema, epoch: epochSchema, seq: seqSchema, type: z.string() })
  .transform(
    ({ roomId, epoch, seq, type }): UnknownEntry => ({ type: 'unknown', sentType: type, roomId, epoch, seq }),
  );

/** What a reader receives: an entry that it knows, or the trace of one that it does not. */
export const receivedEntrySchema = z.union([entrySchema, unknownEntrySchema]);
export type ReceivedEntry = Entry | UnknownEntry;

/** Where a log stands, or how far a reader has come in it. `seq` 0: before the first entry. */
export const positionSchema = z.object({ epoch: epochSchema, seq: z.int().min(0) });
export type Position = Readonly<z.infer<typeof positionSchema>>;

export const roomSchema = z.object({
  roomId: roomIdSchema,
  slug: z.string(),
  title: z.string(),
  /** What the room is about, in a sentence. Empty: nobody has said. */
  topic: z.string().default(''),
});
export type Room = Readonly<z.infer<typeof roomSchema>>;
