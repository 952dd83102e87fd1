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

export const messageEntrySchema = z.object({
  ...envelope,
  type: z.literal('message'),
  draftId: draftIdSchema,
  text: z.string(),
});
export const joinEntrySchema = z.object({ ...envelope, type: z.literal('join') });
export const leaveEntrySchema = z.object({ ...envelope, type: z.literal('leave') });

/** The entry types that this version knows. */
export const entrySchema = z.discriminatedUnion('type', [
  messageEntrySchema,
  joinEntrySchema,
  leaveEntrySchema,
]);

export type MessageEntry = Readonly<z.infer<typeof messageEntrySchema>>;
export type JoinEntry = Readonly<z.infer<typeof joinEntrySchema>>;
export type LeaveEntry = Readonly<z.infer<typeof leaveEntrySchema>>;
export type Entry = MessageEntry | JoinEntry | LeaveEntry;

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

export const roomSchema = z.object({ roomId: roomIdSchema, slug: z.string(), title: z.string() });
export type Room = Readonly<z.infer<typeof roomSchema>>;
