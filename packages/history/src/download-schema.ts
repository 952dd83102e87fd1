// The head and the end of a history, read from JSON that somebody else wrote.
import { epochSchema, roomSchema } from '@wireroom/protocol';
import { HISTORY_FORMATS, type HistoryEnd, type HistoryHead, type HistorySpec } from './download.ts';
import { z } from './zod.ts';

const seq = z.int().min(0);

export const historySpecSchema: z.ZodType<HistorySpec> = z.object({
  format: z.enum(HISTORY_FORMATS),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  author: z.string().exactOptional(),
  tz: z.string().exactOptional(),
});

export const historyHeadSchema: z.ZodType<HistoryHead> = z.object({
  type: z.literal('history'),
  v: z.literal(1),
  room: roomSchema,
  epoch: epochSchema,
  until: seq,
  spec: historySpecSchema,
  after: seq.exactOptional(),
  previous: seq.exactOptional(),
});

export const historyEndSchema: z.ZodType<HistoryEnd> = z.object({
  type: z.literal('end'),
  count: z.int().min(0),
  first: seq.nullable(),
  last: seq.nullable(),
  broken: z.int().min(0),
  gaps: z.array(z.tuple([seq, seq])),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  cut: z.object({ code: z.string(), message: z.string() }).exactOptional(),
  next: seq.exactOptional(),
  head: historyHeadSchema.exactOptional(),
  seal: z.string().exactOptional(),
});

/** Undefined for what is no JSON of that form. */
export const readHead = (json: string): HistoryHead | undefined => read(historyHeadSchema, json);
export const readEnd = (json: string): HistoryEnd | undefined => read(historyEndSchema, json);

function read<Value>(schema: z.ZodType<Value>, json: string): Value | undefined {
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
