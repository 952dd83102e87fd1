// How a timeline item stands among its neighbours: whether it opens a group (name and time shown), opens a day, ends a
// group. Pure: from the item and its two neighbours, so that a row can be drawn without knowing the whole list.
import { isEntryItem, type MessageItem, type PendingItem, type TimelineItem } from '@wireroom/client';

/** Messages of one author within this time of the one before stand together. */
export const GROUP_GAP_MS = 5 * 60_000;

export interface Layout {
  /** Shows who speaks. Never for notices, which name their person themselves, nor for gaps. */
  readonly isHead: boolean;
  /** The next item does not belong to this group. */
  readonly isTail: boolean;
  /** The first item of a calendar day, on the reader's calendar. */
  readonly opensDay: boolean;
}

export function layoutOf(
  previous: TimelineItem | undefined,
  item: TimelineItem,
  next: TimelineItem | undefined,
): Layout {
  return {
    isHead: isSpoken(item) && !joinsOnto(previous, item),
    isTail: next === undefined || !joinsOnto(item, next),
    opensDay: opensDay(previous, item),
  };
}

/** Does `item` continue the group of the one before it? */
function joinsOnto(previous: TimelineItem | undefined, item: TimelineItem): boolean {
  if (previous === undefined || !isSpoken(previous) || !isSpoken(item)) return false;
  if (opensDay(previous, item)) return false;
  const isMine = isOurs(item);
  if (isMine !== isOurs(previous)) return false;
  // What is not in the log has no time yet: it follows what its own writer said last.
  if (item.kind === 'pending' || previous.kind === 'pending') return isMine;
  if (!isMine && item.author.authorId !== previous.author.authorId) return false;
  // Under a new name somebody is introduced again.
  if (item.author.name !== previous.author.name) return false;
  return Date.parse(item.at) - Date.parse(previous.at) <= GROUP_GAP_MS;
}

const isSpoken = (item: TimelineItem): item is MessageItem | PendingItem =>
  item.kind === 'message' || item.kind === 'pending';

const isOurs = (item: MessageItem | PendingItem): boolean => item.kind === 'pending' || item.isMine;

function opensDay(previous: TimelineItem | undefined, item: TimelineItem): boolean {
  if (!isEntryItem(item)) return false;
  // After a gap nobody knows which day it was before.
  if (previous === undefined || previous.kind === 'gap') return true;
  return previous.kind !== 'pending' && !isSameDay(new Date(previous.at), new Date(item.at));
}

export function isSameDay(one: Date, other: Date): boolean {
  return (
    one.getFullYear() === other.getFullYear() &&
    one.getMonth() === other.getMonth() &&
    one.getDate() === other.getDate()
  );
}
