// A message as it stands now: what edits, deletion and reactions have made of it. Entries say what happened, this says what
// came of it; the log keeps both in one transaction.
import { authorSchema } from './entry.ts';
import { z } from './zod.ts';

export const reactionSchema = z.object({
  emoji: z.string(),
  count: z.int().min(1),
  /** Did the asker? */
  isMine: z.boolean(),
  /** The first of those who did, at most `LIMITS.reactionAuthorsMax`. */
  authors: z.array(authorSchema),
});
export type Reaction = Readonly<z.infer<typeof reactionSchema>>;

/** What is different about a message from the entry it began as. */
export const messageStateSchema = z.object({
  /** Of the message. */
  seq: z.int().min(1),
  /** The text of the newest edit. Absent: never edited, or deleted. */
  text: z.string().optional(),
  editedAt: z.string().optional(),
  /** The seq of the newest edit. */
  editSeq: z.int().optional(),
  deleted: z.literal(true).optional(),
  /** In the order in which each was first used. */
  reactions: z.array(reactionSchema),
});
export type MessageState = Readonly<z.infer<typeof messageStateSchema>>;
