// What may be done with a message, by whom, and what a press on an emoji means. Pure; the server decides the same again.
import type { MessageItem, TimelineItem } from '@wireroom/client';

export interface Abilities {
  readonly canReact: boolean;
  readonly canEdit: boolean;
  readonly canDelete: boolean;
  readonly canCopy: boolean;
}

export function abilitiesOf({ isMine, isDeleted }: MessageItem): Abilities {
  const isThere = !isDeleted;
  return {
    ...{ canReact: isThere, canCopy: isThere },
    ...{ canEdit: isThere && isMine, canDelete: isThere && isMine },
  };
}

/** Pressing what one has pressed takes it back. */
export const hasReacted = ({ reactions }: MessageItem, emoji: string): boolean =>
  reactions.some((reaction) => reaction.emoji === emoji && reaction.isMine);

/** The message that the arrow up in an empty field edits: the last thing one said, once it is in the log. */
export function lastEditable(items: readonly TimelineItem[]): MessageItem | undefined {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item?.kind === 'pending') return undefined;
    if (item?.kind === 'message' && item.isMine && !item.isDeleted) return item;
  }
  return undefined;
}
