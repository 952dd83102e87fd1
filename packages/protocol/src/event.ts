// What the server says: answers, which bear the `ref` of their command, and entries, which nobody asked for one by one.

import { refSchema } from './command.ts';
import { authorSchema, positionSchema, receivedEntrySchema, roomSchema } from './entry.ts';
import { draftIdSchema, epochSchema, roomIdSchema } from './ids.ts';
import { messageStateSchema } from './message-state.ts';
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

/** One room's answer to its cursor (rule F1). `room` is what the command called it. */
export const resumedRoomSchema = z.discriminatedUnion('resume', [
  /** Everything after the cursor is in `entries`, which may be empty. */
  z.object({
    resume: z.literal('caught-up'),
    room: z.string(),
    roomId: roomIdSchema,
    position: positionSchema,
    entries: z.array(receivedEntrySchema),
  }),
  /** The seqs `from`…`to` are left out: `page` brings them. After them `entries`, up to the position; none if there is no room. */
  z.object({
    resume: z.literal('gap'),
    room: z.string(),
    roomId: roomIdSchema,
    position: positionSchema,
    gap: z.object({ from: z.int(), to: z.int() }),
    entries: z.array(receivedEntrySchema),
    memberCount: z.int(),
    /** Of the room: what changed them may be left out. Older servers do not say. */
    title: z.string().optional(),
    topic: z.string().optional(),
  }),
  /** Another epoch, or a cursor ahead of the log: forget what you have, and `join`. Not followed until then. */
  z.object({ resume: z.literal('reset'), room: z.string(), roomId: roomIdSchema, position: positionSchema }),
  /** Not to be had: why. */
  z.object({
    resume: z.literal('refused'),
    room: z.string(),
    code: z.string(),
    message: z.string(),
    retryAfterMs: z.number().optional(),
  }),
]);

/** Answer to `resume`, in as many parts as it takes, each at most 64 KiB (rule H1); every room stands in exactly one. */
export const resumedSchema = z.object({
  type: z.literal('resumed'),
  ref: refSchema,
  rooms: z.array(resumedRoomSchema),
  /** Is this the last part? */
  isLast: z.boolean(),
});

export const leftSchema = z.object({ type: z.literal('left'), ref: refSchema, roomId: roomIdSchema });

/**
 * Answer to `post` and to every other command that brings a draft: it is on disk, under this number (rule L2). What was so
 * already (a reaction given twice) is answered with the entry that made it so.
 */
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
  /** Where it was asked for: the messages of the page that are not as their entry says, as they stand at `position`. */
  states: z.array(messageStateSchema).optional(),
  /** With `states`: the head of the log in the same read. */
  position: positionSchema.optional(),
});

/**
 * The heartbeat's word for whoever cannot see WebSocket pings, every `pingIntervalMs`: the heads of the followed rooms that
 * have grown since the last one. A reader whose cursor is behind has missed something, and asks for it (rule F2).
 */
export const headsSchema = z.object({
  type: z.literal('heads'),
  heads: z.array(z.tuple([roomIdSchema, epochSchema, z.int().min(0)])),
});

/** The server is about to close this connection, with 1012: come back after this time, which differs from client to client. */
export const restartingSchema = z.object({
  type: z.literal('restarting'),
  reconnectAfterMs: z.int().min(0),
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
  resumedSchema,
  leftSchema,
  postedSchema,
  pageSchema,
  pongSchema,
  headsSchema,
  restartingSchema,
  refusedSchema,
  entryEventSchema,
]);

export type WelcomeEvent = Readonly<z.infer<typeof welcomeSchema>>;
export type JoinedEvent = Readonly<z.infer<typeof joinedSchema>>;
export type ResumedEvent = Readonly<z.infer<typeof resumedSchema>>;
export type ResumedRoom = Readonly<z.infer<typeof resumedRoomSchema>>;
export type LeftEvent = Readonly<z.infer<typeof leftSchema>>;
export type PostedEvent = Readonly<z.infer<typeof postedSchema>>;
export type PageEvent = Readonly<z.infer<typeof pageSchema>>;
export type HeadsEvent = Readonly<z.infer<typeof headsSchema>>;
export type RestartingEvent = Readonly<z.infer<typeof restartingSchema>>;
export type PongEvent = Readonly<z.infer<typeof pongSchema>>;
export type RefusedEvent = Readonly<z.infer<typeof refusedSchema>>;
export type EntryEvent = Readonly<z.infer<typeof entryEventSchema>>;
export type ServerEvent =
  | WelcomeEvent
  | JoinedEvent
  | ResumedEvent
  | LeftEvent
  | PostedEvent
  | PageEvent
  | PongEvent
  | HeadsEvent
  | RestartingEvent
  | RefusedEvent
  | EntryEvent;
