// A line of JSON Lines between head and end: is it a record of this room, and which? The entries' own schema says what an entry
// is; types that this version does not know have only to be addressed as entries are.
import { entrySchema, epochSchema, roomIdSchema } from '@wireroom/protocol';
import type { HistoryHead } from '../download.ts';
import { z } from '../zod.ts';
import type { ProblemCode } from './verdict.ts';

export type CheckedLine =
  | { readonly kind: 'record'; readonly seq: number; readonly isBroken: boolean }
  | { readonly kind: 'end' }
  | { readonly kind: 'wrong'; readonly code: ProblemCode; readonly sentence: string };

const brokenSchema = z.object({ type: z.literal('broken'), seq: z.int().min(1), reason: z.string() });
/** What every entry has, of whatever type and version. */
const addressSchema = z.object({
  roomId: roomIdSchema,
  epoch: epochSchema,
  seq: z.int().min(1),
  type: z.string(),
});
const KNOWN_TYPES: ReadonlySet<unknown> = new Set(
  entrySchema.options.map((option) => option.shape.type.value),
);

export function checkLine(text: string, { room, epoch }: HistoryHead): CheckedLine {
  const value = objectOf(text);
  if (value === undefined) return wrong('not-json', 'is not a JSON object');
  if (value.type === 'end') return { kind: 'end' };
  if (value.type === 'broken') {
    const { data } = brokenSchema.safeParse(value);
    if (data === undefined) return wrong('not-an-entry', 'is no record: a broken one has `seq` and `reason`');
    return { kind: 'record', seq: data.seq, isBroken: true };
  }
  const isKnown = value.v === 1 && KNOWN_TYPES.has(value.type);
  const { data, error } = (isKnown ? entrySchema : addressSchema).safeParse(value);
  if (data === undefined) return wrong('not-an-entry', `is no entry: ${objection(error)}`);
  if (data.roomId !== room.roomId) return wrong('other-room', 'is an entry of another room');
  if (data.epoch !== epoch) return wrong('other-room', 'is an entry of another epoch of the room');
  return { kind: 'record', seq: data.seq, isBroken: false };
}

const wrong = (code: ProblemCode, sentence: string): CheckedLine => ({ kind: 'wrong', code, sentence });

function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objection(error: z.ZodError | undefined): string {
  const [issue] = error?.issues ?? [];
  if (issue === undefined) return 'it has not the form of one';
  return issue.path.length === 0 ? issue.message : `\`${issue.path.join('.')}\`: ${issue.message}`;
}
