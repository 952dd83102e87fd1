// What the server says: answers, which bear the `ref` of their command, and entries, which nobody asked for one by one.

import { refSchema } from './command.ts';
import { authorSchema, positionSchema, receivedEntrySchema, roomSchema } from './entry.ts';
import { draftIdSchema, roomIdSchema } from './ids.ts';
import { z } from './zod.ts';

/** Answer to `hello`. The token proves the author on the next connection; the server keeps only its hash. */
export const welcomeSchema = z.object({
  type: z.literal('welcome'),
  ref: refSchema,
  protocol: z.string(),
  server: z.object({ name: z.string(), version: z.string() }),
  capabilities: z.array(z.string()),
  limits: z.record(z.string(), z.number()),
  you: authorSchema,
  token: z.string(),
  rooms: z.array(roomSchema),
  /** Of a connection that asked to be recorded (`?record=1`), and is: its name on the wire feed. */
  connectionId: z.string().optional(),
});

/** How a cursor was answered (rule F1). `fresh`: there was none. */
export const RESUME_ANSWERS = ['fresh', 'caught-up', 'gap', 'reset'] as const;

/** Answer to `join`: the position first, then the state at it; every later entry comes as an `entry` event (rule F4). */
export const joinedSchema = z.object({
  type: z.literal('joined'),
  ref: refSchema,
  room: roomSchema,
  /** The log's head when `entries` was read. The next `entry` event has `position.seq + 1`. */
  position: positionSchema,
  resume: z.enum(RESUME_ANSWERS),
  /** caught-up: everything after the cursor. Otherwise the newest entries, oldest first. */
  entries: z.array(receivedEntrySchema),
  /** Only with `gap`: the seqs (both ends included) that `entries` leaves out; `page` brings them. */
  gap: z.object({ from: z.int(), to: z.int() }).optional(),
  /** Are there entries older than the first of `entries`? */
  hasMore: z.boolean(),
  members: z.array(authorSchema),
  memberCount: z.int(),
});

export const leftSchema = z.object({ type: z.literal('left'), ref: refSchema, roomId: roomIdSchema });

/** Answer to `post`: the message is on disk, under this number (rule L2). */
export const postedSchema = z.object({
  type: z.literal('posted'),
  ref: refSchema,
  roomId: roomIdSchema,
  draftId: draftIdSchema,
  seq: z.int(),
  at: z.string(),
});

export const pageSchema = z.object({
  type: z.literal('page'),
  ref: refSchema,
  roomId: roomIdSchema,
  /** Oldest first. */
  entries: z.array(receivedEntrySchema),
  /** Are there more in the direction that was asked? An answer stops at 64 KiB (rule H1). */
  hasMore: z.boolean(),
});

export const pongSchema = z.object({ type: z.literal('pong'), ref: refSchema });

export const refusedSchema = z.object({
  type: z.literal('refused'),
  /** `null` where the command could not be read far enough to know. */
  ref: refSchema.nullable(),
  code: z.string(),
  message: z.string(),
  retryAfterMs: z.number().optional(),
});

/** One entry of a joined room, in order, without a gap. */
export const entryEventSchema = z.object({ type: z.literal('entry'), entry: receivedEntrySchema });

export const eventSchema = z.discriminatedUnion('type', [
  welcomeSchema,
  joinedSchema,
  leftSchema,
  postedSchema,
  pageSchema,
  pongSchema,
  refusedSchema,
  entryEventSchema,
]);

export type WelcomeEvent = Readonly<z.infer<typeof welcomeSchema>>;
export type JoinedEvent = Readonly<z.infer<typeof joinedSchema>>;
export type LeftEvent = Readonly<z.infer<typeof leftSchema>>;
export type PostedEvent = Readonly<z.infer<typeof postedSchema>>;
export type PageEvent = Readonly<z.infer<typeof pageSchema>>;
export type PongEvent = Readonly<z.infer<typeof pongSchema>>;
export type RefusedEvent = Readonly<z.infer<typeof refusedSchema>>;
export type EntryEvent = Readonly<z.infer<typeof entryEventSchema>>;
export type ServerEvent =
  | WelcomeEvent
  | JoinedEvent
  | LeftEvent
  | PostedEvent
  | PageEvent
  | PongEvent
  | RefusedEvent
  | EntryEvent;
