// What a client says: one JSON object per text message, with a `ref` that the answer bears.

import { positionSchema } from './entry.ts';
import { draftIdSchema } from './ids.ts';
import { LIMITS } from './limits.ts';
import { z } from './zod.ts';

/** The client's own mark on a command: a number or a short string. */
export const refSchema = z.union([z.int(), z.string().max(64)], {
  error: 'ref is a whole number or a string of at most 64 characters',
});
export type Ref = z.infer<typeof refSchema>;

/** A room by its slug (`lobby`) or by its id. */
const roomRefSchema = z.string().min(1).max(64);
const seqSchema = z.int().min(0);

const commandSchemas = {
  hello: z.object({
    type: z.literal('hello'),
    ref: refSchema,
    name: z.string().optional(),
    token: z.string().max(128).optional(),
  }),
  join: z.object({
    type: z.literal('join'),
    ref: refSchema,
    room: roomRefSchema,
    cursor: positionSchema.optional(),
  }),
  leave: z.object({ type: z.literal('leave'), ref: refSchema, room: roomRefSchema }),
  post: z.object({
    type: z.literal('post'),
    ref: refSchema,
    room: roomRefSchema,
    /** Left out, the server makes one, and a retry is a new message. */
    draftId: draftIdSchema.optional(),
    text: z.string(),
  }),
  page: z.object({
    type: z.literal('page'),
    ref: refSchema,
    room: roomRefSchema,
    /** Entries with a smaller seq, newest page first; or with a larger one, oldest first. Neither: the newest page. */
    before: seqSchema.optional(),
    after: seqSchema.optional(),
    limit: z.int().min(1).max(LIMITS.pageEntriesMax).optional(),
  }),
  ping: z.object({ type: z.literal('ping'), ref: refSchema }),
} as const;

export const COMMAND_TYPES = ['hello', 'join', 'leave', 'post', 'page', 'ping'] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

export const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandSchemas, type);

export type HelloCommand = Readonly<z.infer<typeof commandSchemas.hello>>;
export type JoinCommand = Readonly<z.infer<typeof commandSchemas.join>>;
export type LeaveCommand = Readonly<z.infer<typeof commandSchemas.leave>>;
export type PostCommand = Readonly<z.infer<typeof commandSchemas.post>>;
export type PageCommand = Readonly<z.infer<typeof commandSchemas.page>>;
export type PingCommand = Readonly<z.infer<typeof commandSchemas.ping>>;
export type Command = HelloCommand | JoinCommand | LeaveCommand | PostCommand | PageCommand | PingCommand;

export const commandSchema = z.discriminatedUnion('type', [
  commandSchemas.hello,
  commandSchemas.join,
  commandSchemas.leave,
  commandSchemas.post,
  commandSchemas.page,
  commandSchemas.ping,
]);
