// The records of a capture as JSON: bytes are Base64, everything else is as in record.ts. For files and for the wire feed.
import { fromBase64, toBase64 } from './bytes.ts';
import { CAPTURE_LIMITS } from './limits.ts';
import { type CaptureRecord, CLIENT_MOMENTS, DIRECTIONS, STATIONS } from './record.ts';
import { z } from './zod.ts';

const base64Max = Math.ceil(CAPTURE_LIMITS.recordBytesMax / 3) * 4;

const bytesSchema = z
  .string()
  .max(base64Max)
  .transform((text, context) => {
    const bytes = fromBase64(text);
    if (bytes) return bytes;
    context.addIssue({ code: 'custom', message: 'this is no Base64' });
    return z.NEVER;
  });

const count = z.int().min(0);
const micros = z.number();
const name = z.string().max(256);
const sentence = z.string().max(CAPTURE_LIMITS.headBytesMax);
const direction = z.enum(DIRECTIONS);
const address = z.object({ address: name, port: z.int().min(0).max(65_535) });
const position = z.object({ epoch: name, seq: count });
const message = z.object({ direction, index: count });
const ref = z.union([name, z.number()]);

const schemas = {
  open: z.object({
    kind: z.literal('open'),
    at: micros,
    connectionId: name,
    recordedBy: z.enum(['server', 'client', 'between']),
    gateway: z.enum(['native', 'socketio', 'sandbox', 'unknown']),
    client: address,
    server: address,
    tls: z
      .object({ protocol: name, cipher: name, alpn: name.exactOptional(), serverName: name.exactOptional() })
      .exactOptional(),
  }),
  bytes: z.object({
    kind: z.literal('bytes'),
    at: micros,
    direction,
    offset: count,
    bytes: bytesSchema,
    hidden: z.array(z.tuple([count, count])).exactOptional(),
    anchor: z
      .object({ frameAt: count, frames: count, messages: count, isInMessage: z.boolean() })
      .exactOptional(),
  }),
  verdict: z.object({
    kind: z.literal('verdict'),
    at: micros,
    about: z.enum(['origin', 'subprotocol', 'extensions', 'path', 'address-limit']),
    isAllowed: z.boolean(),
    value: sentence.exactOptional(),
    rule: name,
    reason: sentence,
  }),
  station: z.object({
    kind: z.literal('station'),
    at: micros,
    station: z.enum(STATIONS),
    roomId: name.exactOptional(),
    seq: count.exactOptional(),
    draftId: name.exactOptional(),
    ref: ref.exactOptional(),
    message: message.exactOptional(),
    batchSize: count.exactOptional(),
    reader: z
      .object({
        connectionId: name.exactOptional(),
        authorId: name.exactOptional(),
        name: name.exactOptional(),
        gateway: z.enum(['native', 'socketio']),
        bufferedBytes: count,
        isBehind: z.boolean(),
      })
      .exactOptional(),
  }),
  resume: z.object({
    kind: z.literal('resume'),
    at: micros,
    roomId: name,
    cursor: position.exactOptional(),
    position,
    answer: z.enum(['fresh', 'caught-up', 'gap', 'reset']),
    entriesReplayed: count,
  }),
  client: z.object({
    kind: z.literal('client'),
    at: micros,
    moment: z.enum(CLIENT_MOMENTS),
    roomId: name.exactOptional(),
    seq: count.exactOptional(),
    draftId: name.exactOptional(),
    ref: ref.exactOptional(),
    bytes: count.exactOptional(),
    bufferedAmount: count.exactOptional(),
    isVisible: z.boolean().exactOptional(),
    code: count.exactOptional(),
    reason: sentence.exactOptional(),
    message: message.exactOptional(),
  }),
  clock: z.object({ kind: z.literal('clock'), at: micros, offset: z.number(), uncertainty: z.number() }),
  poll: z.object({
    kind: z.literal('poll'),
    at: micros,
    direction,
    method: z.enum(['GET', 'POST']),
    status: count.exactOptional(),
    head: sentence,
    body: z.string().max(base64Max),
  }),
  dropped: z.object({ kind: z.literal('dropped'), at: micros, records: count, bytes: count }),
  note: z.object({ kind: z.literal('note'), at: micros, id: name.exactOptional(), text: sentence }),
  close: z.object({
    kind: z.literal('close'),
    at: micros,
    code: count,
    reason: sentence,
    wasClean: z.boolean(),
    begunBy: z.enum(['client', 'server']).exactOptional(),
    error: z.object({ code: name, message: sentence }).exactOptional(),
  }),
} as const;

export const recordSchema = z.discriminatedUnion('kind', [
  schemas.open,
  schemas.bytes,
  schemas.verdict,
  schemas.station,
  schemas.resume,
  schemas.client,
  schemas.clock,
  schemas.poll,
  schemas.dropped,
  schemas.note,
  schemas.close,
]);

/** Ready for JSON.stringify. */
export function recordJson(record: CaptureRecord): object {
  return record.kind === 'bytes' ? { ...record, bytes: toBase64(record.bytes) } : record;
}

/** Undefined where the text is no JSON object. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One line for people: which field, and what is wrong with it. */
export function objection(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message: said }) => (path.length === 0 ? said : `${path.join('.')}: ${said}`))
    .join('; ');
}
