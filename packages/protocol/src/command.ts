// What a client says: one JSON object per text message, with a `ref` that the answer bears.

import { positionSchema } from './entry.ts';
import { draftIdSchema, epochSchema } from './ids.ts';
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
const targetSchema = z.int().min(1);

/**
 * A token of the client's own making, for somebody who has none yet: a hello that is repeated, since its answer was lost, is the
 * same guest's. 256 random bits, in base64url or hex.
 */
const newTokenSchema = z.string().regex(/^[\w-]{43,128}$/, {
  error: 'newToken is 43 to 128 characters of base64url: 256 random bits',
});

/** What every command that brings a draft has. */
const draftFields = {
  ref: refSchema,
  room: roomRefSchema,
  /** Left out, the server makes one, and a retry is a new draft. */
  draftId: draftIdSchema.optional(),
};

/** A reader's cursor in one room, as short as it can be: room (slug or id), epoch, seq. */
export const cursorSchema = z.tuple([roomRefSchema, epochSchema, seqSchema]);
export type Cursor = Readonly<z.infer<typeof cursorSchema>>;

const commandSchemas = {
  hello: z.object({
    type: z.literal('hello'),
    ref: refSchema,
    name: z.string().optional(),
    token: z.string().max(128).optional(),
    newToken: newTokenSchema.optional(),
  }),
  join: z.object({
    type: z.literal('join'),
    ref: refSchema,
    room: roomRefSchema,
    cursor: positionSchema.optional(),
  }),
  leave: z.object({ type: z.literal('leave'), ref: refSchema, room: roomRefSchema }),
  /** Comes back to rooms, all of them in one command (rule F1). Enters those that the author is no member of any more. */
  resume: z.object({
    type: z.literal('resume'),
    ref: refSchema,
    cursors: z.array(cursorSchema).max(LIMITS.resumeRoomsMax),
  }),
  post: z.object({ type: z.literal('post'), ...draftFields, text: z.string() }),
  edit: z.object({ type: z.literal('edit'), ...draftFields, target: targetSchema, text: z.string() }),
  delete: z.object({ type: z.literal('delete'), ...draftFields, target: targetSchema }),
  react: z.object({ type: z.literal('react'), ...draftFields, target: targetSchema, emoji: z.string() }),
  unreact: z.object({ type: z.literal('unreact'), ...draftFields, target: targetSchema, emoji: z.string() }),
  rename: z.object({ type: z.literal('rename'), ...draftFields, title: z.string() }),
  topic: z.object({ type: z.literal('topic'), ...draftFields, topic: z.string() }),
  page: z.object({
    type: z.literal('page'),
    ref: refSchema,
    room: roomRefSchema,
    /**
     * Entries with a smaller seq, newest page first; or with a larger one, oldest first. Both: those between, oldest
     * first. Neither: the newest page.
     */
    before: seqSchema.optional(),
    after: seqSchema.optional(),
    limit: z.int().min(1).max(LIMITS.pageEntriesMax).optional(),
    /** Also what has become of the page's messages since: `states` in the answer. */
    withStates: z.boolean().optional(),
  }),
  ping: z.object({ type: z.literal('ping'), ref: refSchema }),
} as const;

export const COMMAND_TYPES = [
  'hello',
  'join',
  'resume',
  'leave',
  'post',
  'edit',
  'delete',
  'react',
  'unreact',
  'rename',
  'topic',
  'page',
  'ping',
] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

export const isCommandType = (type: string): type is CommandType => Object.hasOwn(commandSchemas, type);

export type HelloCommand = Readonly<z.infer<typeof commandSchemas.hello>>;
export type JoinCommand = Readonly<z.infer<typeof commandSchemas.join>>;
export type ResumeCommand = Readonly<z.infer<typeof commandSchemas.resume>>;
export type LeaveCommand = Readonly<z.infer<typeof commandSchemas.leave>>;
export type PostCommand = Readonly<z.infer<typeof commandSchemas.post>>;
export type EditCommand = Readonly<z.infer<typeof commandSchemas.edit>>;
export type DeleteCommand = Readonly<z.infer<typeof commandSchemas.delete>>;
export type ReactCommand = Readonly<z.infer<typeof commandSchemas.react>>;
export type UnreactCommand = Readonly<z.infer<typeof commandSchemas.unreact>>;
export type RenameCommand = Readonly<z.infer<typeof commandSchemas.rename>>;
export type TopicCommand = Readonly<z.infer<typeof commandSchemas.topic>>;
export type PageCommand = Readonly<z.infer<typeof commandSchemas.page>>;
export type PingCommand = Readonly<z.infer<typeof commandSchemas.ping>>;
export type Command =
  | HelloCommand
  | JoinCommand
  | ResumeCommand
  | LeaveCommand
  | PostCommand
  | EditCommand
  | DeleteCommand
  | ReactCommand
  | UnreactCommand
  | RenameCommand
  | TopicCommand
  | PageCommand
  | PingCommand;

export const commandSchema = z.discriminatedUnion('type', [
  commandSchemas.hello,
  commandSchemas.join,
  commandSchemas.resume,
  commandSchemas.leave,
  commandSchemas.post,
  commandSchemas.edit,
  commandSchemas.delete,
  commandSchemas.react,
  commandSchemas.unreact,
  commandSchemas.rename,
  commandSchemas.topic,
  commandSchemas.page,
  commandSchemas.ping,
]);
