// An entry: what a room's log consists of, what live sockets, pages and downloads all carry (rules L1, L4).
import { z } from 'zod';
import { authorIdSchema, draftIdSchema, epochSchema, roomIdSchema } from './ids.ts';

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

export const messageEntrySchema = z.object({
  ...envelope,
  type: z.literal('message'),
  draftId: draftIdSchema,
  text: z.string(),
});
export const joinEntrySchema = z.object({ ...envelope, type: z.literal('join') });
export const leaveEntrySchema = z.object({ ...envelope, type: z.literal('leave') });

/** The entry types that this version knows. Readers skip types that they do not know, but count their seq. */
export const entrySchema = z.discriminatedUnion('type', [
  messageEntrySchema,
  joinEntrySchema,
  leaveEntrySchema,
]);

export type MessageEntry = Readonly<z.infer<typeof messageEntrySchema>>;
export type JoinEntry = Readonly<z.infer<typeof joinEntrySchema>>;
export type LeaveEntry = Readonly<z.infer<typeof leaveEntrySchema>>;
export type Entry = MessageEntry | JoinEntry | LeaveEntry;

/** Where a log stands, or how far a reader has come in it. `seq` 0: before the first entry. */
export const positionSchema = z.object({ epoch: epochSchema, seq: z.int().min(0) });
export type Position = Readonly<z.infer<typeof positionSchema>>;

export const roomSchema = z.object({ roomId: roomIdSchema, slug: z.string(), title: z.string() });
export type Room = Readonly<z.infer<typeof roomSchema>>;
