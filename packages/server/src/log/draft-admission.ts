// What may be done to a message, and by whom: the same rules in every adapter of the log, so written once (L7). An adapter brings
// what it knows of the message; what is asked for is asked only where it decides.
import { type AuthorId, ChatError, type DraftContent, type DraftedEntry, LIMITS } from '@wireroom/protocol';

/** The message that a draft is about, as it stands. */
export interface DraftTarget {
  readonly authorId: AuthorId;
  /** The entry that deleted it. */
  deletion(): DraftedEntry | undefined;
  /** The entry by which the draft's author gives this emoji now. */
  given(emoji: string): DraftedEntry | undefined;
  hasEmoji(emoji: string): boolean;
  /** Different ones that anybody gives. */
  emojiCount(): number;
}

/**
 * Throws a ChatError where the content may not be. Returns the entry that made it so, where it is so already. `find` gives the
 * message with this seq, if there is one.
 */
export function admitDraft(
  content: DraftContent,
  authorId: AuthorId,
  find: (seq: number) => DraftTarget | undefined,
): DraftedEntry | undefined {
  if (content.type === 'message' || content.type === 'rename' || content.type === 'topic') return undefined;
  const target = find(content.target);
  if (target === undefined) throw new ChatError('no-target');
  const isAuthorsOwn = content.type === 'edit' || content.type === 'delete';
  if (isAuthorsOwn && target.authorId !== authorId) throw new ChatError('not-yours');
  const deletion = target.deletion();
  if (content.type === 'delete') return deletion;
  if (deletion !== undefined) throw new ChatError('target-deleted');
  if (content.type === 'edit') return undefined;
  const { emoji } = content;
  const given = target.given(emoji);
  if (content.type === 'react') {
    if (given === undefined && !target.hasEmoji(emoji) && target.emojiCount() >= LIMITS.reactionsMax)
      throw new ChatError('too-many-reactions');
    return given;
  }
  if (given === undefined) throw new ChatError('no-target');
  return undefined;
}
