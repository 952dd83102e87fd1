// Comments by which a pcapng file of ours says what packets cannot: the connection's first record, and what is known of bytes.
import type { OpenRecord } from '../record.ts';
import { parseObject, recordSchema } from '../record-schema.ts';

/** What a comment of ours begins with; JSON follows. */
export const COMMENT_MARK = 'wireroom ';

/** Undefined: it is somebody else's. */
export function readComment(comment: string): Readonly<Record<string, unknown>> | undefined {
  return comment.startsWith(COMMENT_MARK) ? parseObject(comment.slice(COMMENT_MARK.length)) : undefined;
}

export function readOpen(comment: string): OpenRecord | undefined {
  const result = recordSchema.safeParse(readComment(comment));
  return result.success && result.data.kind === 'open' ? result.data : undefined;
}
