// What somebody asks for, checked: the same words in a query, in a message of the second WebSocket and in the body of a job.
import {
  HISTORY_FILES,
  HISTORY_FORMATS,
  type HistoryResumption,
  type HistorySpec,
  historyFileName,
  isTimeZone,
} from '@wireroom/history';
import { ChatError, describe, epochSchema } from '@wireroom/protocol';
import { z } from 'zod';
import { HISTORY_LIMITS } from './limits.ts';

export interface HistoryRequest {
  readonly spec: HistorySpec;
  readonly after?: number;
  readonly resumption?: HistoryResumption;
}

/** Digits alone where it is a text, as in a query. */
const wholeNumber = z.union(
  [
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
    z.int().min(0),
  ],
  { error: 'must be a whole number' },
);
const instant = z.string().refine((text) => INSTANT.test(text) && !Number.isNaN(Date.parse(text)), {
  error: 'must be an instant such as 2026-11-26T20:00:00Z (a "+" of the time zone is %2B in an address)',
});
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

const schema = z.strictObject({
  format: z.enum(HISTORY_FORMATS, { error: `must be one of ${HISTORY_FORMATS.join(', ')}` }).default('jsonl'),
  from: instant.optional(),
  to: instant.optional(),
  author: z
    .string()
    .min(1, 'must be an id, or a name as it is shown')
    .max(HISTORY_LIMITS.authorCharsMax)
    .optional(),
  tz: z
    .string()
    .max(64)
    .refine(isTimeZone, { error: 'must be a time zone such as Europe/Berlin' })
    .optional(),
  after: wholeNumber.optional(),
  until: wholeNumber.optional(),
  epoch: epochSchema.optional(),
  prefix: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')
    .optional(),
  bytes: wholeNumber.optional(),
  seq: wholeNumber.optional(),
});

/** Throws `bad-query` with a sentence that names what is wrong. */
export function readHistoryRequest(asked: unknown): HistoryRequest {
  const read = schema.safeParse(asked);
  if (!read.success) throw new ChatError('bad-query', { message: `${describe(read.error)}.` });
  const { format, from, to, author, tz, after, ...rest } = read.data;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    throw new ChatError('bad-query', { message: 'from must be before to.' });
  const resumption = resumptionOf(rest);
  const spec: HistorySpec = {
    format,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(author !== undefined && { author }),
    ...(tz !== undefined && { tz }),
  };
  return { spec, ...(after !== undefined && { after }), ...(resumption !== undefined && { resumption }) };
}

type Rest = Pick<z.infer<typeof schema>, 'until' | 'epoch' | 'prefix' | 'bytes' | 'seq'>;

function resumptionOf({ until, epoch, prefix, bytes, seq }: Rest): HistoryResumption | undefined {
  if ([until, epoch, prefix, bytes, seq].every((value) => value === undefined)) return undefined;
  const has = bytes !== undefined ? { bytes } : seq !== undefined ? { seq } : undefined;
  const isWhole = until !== undefined && epoch !== undefined && prefix !== undefined && has !== undefined;
  if (!isWhole || (bytes !== undefined && seq !== undefined))
    throw new ChatError('bad-query', {
      message: 'To go on with a download, say until, epoch, prefix, and either bytes or seq.',
    });
  return { until, epoch, has, prefixSha256: prefix };
}

/** What the file is called, and what is in it. */
export function fileOf(
  slug: string,
  { spec, after }: HistoryRequest,
): { readonly name: string; readonly contentType: string } {
  const { contentType } = HISTORY_FILES[spec.format];
  return { name: historyFileName(slug, spec.format, after), contentType };
}
