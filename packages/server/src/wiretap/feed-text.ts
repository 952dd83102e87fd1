// Text of the wire feed <-> its commands and events: JSON, with bytes in Base64.
import type { FeedCommand, FeedEvent } from '@wireroom/capture';
import { z } from 'zod';
import { FeedError } from './feed-error.ts';

const ref = z.int();
const connectionId = z.string().max(100);
const commandSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('watch'), ref, token: z.string().max(200) }),
  z.object({ type: z.literal('follow'), ref, connectionId }),
  z.object({ type: z.literal('unfollow'), ref, connectionId }),
  z.object({ type: z.literal('receipt'), ref, roomId: z.string().max(100), seq: z.int().min(1) }),
  z.object({ type: z.literal('clock'), ref, at: z.number() }),
  z.object({ type: z.literal('disturb'), ref, connectionId, how: z.enum(['cut', 'silence']) }),
  z.object({ type: z.literal('play'), ref, scene: z.string().max(100), hex: z.string().optional() }),
  z.object({ type: z.literal('stop'), ref, playId: z.string().max(100) }),
]);

export type ReadCommand =
  | { readonly ok: true; readonly command: FeedCommand }
  | { readonly ok: false; readonly ref: number | null; readonly error: FeedError };

export function readCommand(text: string): ReadCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const result = commandSchema.safeParse(value);
  if (!result.success) return { ok: false, ref: refOf(value), error: new FeedError('bad-command') };
  const { data } = result;
  if (data.type !== 'play') return { ok: true, command: data };
  const { hex, ...play } = data;
  return { ok: true, command: { ...play, ...(hex !== undefined && { hex }) } };
}

export function writeEvent(event: FeedEvent): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
}

function refOf(value: unknown): number | null {
  const found = z.object({ ref }).safeParse(value);
  return found.success ? found.data.ref : null;
}
