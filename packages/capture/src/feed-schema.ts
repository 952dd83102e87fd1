// The wire feed's messages, checked: JSON text <-> FeedCommand and FeedEvent. Knows no socket.
import type { FeedCommand, FeedEvent } from './feed-message.ts';
import { objection, parseObject, recordJson, recordSchema } from './record-schema.ts';
import { z } from './zod.ts';

const ref = z.int();
const name = z.string().min(1).max(256);

/** Of the scene `own-bytes`: 64 KiB, two digits a byte. */
const HEX_CHARACTERS_MAX = 2 * 64 * 1024;

const commandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('watch'), ref, token: name }),
  z.object({ type: z.literal('follow'), ref, connectionId: name }),
  z.object({ type: z.literal('unfollow'), ref, connectionId: name }),
  z.object({ type: z.literal('receipt'), ref, roomId: name, seq: z.int().min(0) }),
  z.object({ type: z.literal('clock'), ref, at: z.number() }),
  z.object({ type: z.literal('disturb'), ref, connectionId: name, how: z.enum(['cut', 'silence']) }),
  z.object({
    type: z.literal('play'),
    ref,
    scene: name,
    hex: z
      .string()
      .max(HEX_CHARACTERS_MAX)
      .regex(/^(?:[0-9a-fA-F]{2}|\s)*$/, 'bytes are pairs of hex digits')
      .exactOptional(),
  }),
  z.object({ type: z.literal('stop'), ref, playId: name }),
]);

const connections = z.array(
  z.object({
    connectionId: z.string(),
    gateway: z.enum(['native', 'socketio', 'sandbox']),
    openedAt: z.number(),
    isOpen: z.boolean(),
  }),
);
const records = z.array(recordSchema);

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('watching'), ref, connections, scenes: z.array(z.string()) }),
  z.object({ type: z.literal('connections'), connections }),
  z.object({ type: z.literal('following'), ref, connectionId: z.string() }),
  z.object({ type: z.literal('unfollowed'), ref, connectionId: z.string() }),
  z.object({ type: z.literal('records'), connectionId: z.string(), records }),
  z.object({ type: z.literal('receipt'), ref, roomId: z.string(), seq: z.int(), records }),
  z.object({ type: z.literal('clock'), ref, watcherAt: z.number(), at: z.number() }),
  z.object({ type: z.literal('disturbed'), ref, connectionId: z.string() }),
  z.object({ type: z.literal('playing'), ref, playId: z.string(), connectionIds: z.array(z.string()) }),
  z.object({ type: z.literal('played'), playId: z.string() }),
  z.object({
    type: z.literal('refused'),
    ref: ref.nullable(),
    code: z.string(),
    message: z.string(),
    retryAfterMs: z.number().exactOptional(),
  }),
]);

export type DecodedFeedCommand =
  | { readonly ok: true; readonly command: FeedCommand }
  /** `ref` as far as it could be read; `message` is a sentence for the sender. */
  | { readonly ok: false; readonly ref: number | null; readonly message: string };

export function decodeFeedCommand(text: string): DecodedFeedCommand {
  const value = parseObject(text);
  if (!value)
    return { ok: false, ref: null, message: 'The wire feed speaks JSON, one object per text message.' };
  const result = commandSchema.safeParse(value);
  if (result.success) return { ok: true, command: result.data };
  const sent = ref.safeParse(value.ref);
  return { ok: false, ref: sent.success ? sent.data : null, message: objection(result.error) };
}

export const encodeFeedCommand = (command: FeedCommand): string => JSON.stringify(command);

/** Undefined for an event that this version does not know or that is damaged. */
export function decodeFeedEvent(text: string): FeedEvent | undefined {
  const value = parseObject(text);
  const result = value && eventSchema.safeParse(value);
  return result?.success ? result.data : undefined;
}

export function encodeFeedEvent(event: FeedEvent): string {
  if (event.type !== 'records' && event.type !== 'receipt') return JSON.stringify(event);
  return JSON.stringify({ ...event, records: event.records.map(recordJson) });
}
