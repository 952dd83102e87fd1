// The query of a request, checked: what all addresses of the API share.
import { ChatError, describe } from '@wireroom/protocol';
import { z } from 'zod';

/** Digits alone: Number() would also take an empty text, 1e3 and 0x10. */
export const wholeNumber = z
  .string()
  .regex(/^\d+$/, 'must be a whole number')
  .transform(Number)
  .pipe(z.int());

/** Throws `bad-query` with a sentence that names the parameter. */
export function readQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const read = schema.safeParse(query);
  if (!read.success) throw new ChatError('bad-query', { message: `${describe(read.error)}.` });
  return read.data;
}
