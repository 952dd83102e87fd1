// What edits, deletions and reactions make of a message. Pure: for entries of the log and for own drafts that are on their way alike.
import { type Author, type AuthorId, LIMITS, type MessageState, type Reaction } from '@wireroom/protocol';
import type { MessageItem } from './snapshot.ts';

export type MessageChange =
  | { readonly type: 'edit'; readonly text: string; readonly at: string }
  | { readonly type: 'delete' }
  | { readonly type: 'react' | 'unreact'; readonly emoji: string; readonly author: Author };

export function changed(item: MessageItem, change: MessageChange, mine: AuthorId | undefined): MessageItem {
  if (item.isDeleted) return item;
  switch (change.type) {
    case 'edit':
      return { ...item, text: change.text, editedAt: change.at };
    case 'delete': {
      const { editedAt: _, ...rest } = item;
      return { ...rest, text: '', isDeleted: true, reactions: [] };
    }
    case 'react':
    case 'unreact':
      return { ...item, reactions: reacted(item.reactions, change, mine) };
  }
}

/** As the server says that it stands, whatever was known of it. `undefined`: as it was written. */
export function stated(written: MessageItem, state: MessageState | undefined): MessageItem {
  if (state === undefined) return written;
  if (state.deleted === true) return changed(written, { type: 'delete' }, undefined);
  return {
    ...written,
    ...(state.text !== undefined && { text: state.text }),
    ...(state.editedAt !== undefined && { editedAt: state.editedAt }),
    reactions: state.reactions,
  };
}

/** Is a name missing that would be listed? Only the server knows it. */
export const lacksNames = ({ reactions }: MessageItem): boolean =>
  reactions.some(({ count, authors }) => authors.length < Math.min(count, LIMITS.reactionAuthorsMax));

type Giving = Extract<MessageChange, { readonly emoji: string }>;

/** One emoji, given or taken back by its author. The same array if that changes nothing. */
function reacted(
  reactions: readonly Reaction[],
  { type, emoji, author }: Giving,
  mine: AuthorId | undefined,
): readonly Reaction[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  const { count, isMine, authors } = known ?? { count: 0, isMine: false, authors: [] };
  const isOurs = author.authorId === mine;
  const others = authors.filter(({ authorId }) => authorId !== author.authorId);
  let next: Reaction;
  if (type === 'react') {
    if ((isOurs && isMine) || others.length < authors.length) return reactions;
    const isListed = authors.length < LIMITS.reactionAuthorsMax;
    next = {
      emoji,
      count: count + 1,
      isMine: isMine || isOurs,
      authors: isListed ? [...authors, author] : authors,
    };
  } else {
    if (isOurs && !isMine) return reactions;
    next = { emoji, count: count - 1, isMine: isMine && !isOurs, authors: others };
  }
  if (known === undefined) return next.count > 0 ? [...reactions, next] : reactions;
  return reactions.flatMap((reaction) => (reaction !== known ? reaction : next.count > 0 ? next : []));
}
