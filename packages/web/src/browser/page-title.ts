// What the tab says: how many messages came while nobody looked, which room, whose page. Pure; use-page-title.ts sets it.
import { isEntryItem, type TimelineItem } from '@wireroom/client';

/** More is not counted out: three digits would push the room's name off the tab. */
const COUNTED_MAX = 99;

export interface Unread {
  readonly count: number;
  /** Entries that are not here came as well: how many of them are messages is not known yet. */
  readonly isMore: boolean;
}

/** Messages of others after `seenSeq`. Joins, leaves and one's own words are no reason to call anybody back. */
export function unreadAfter(items: readonly TimelineItem[], seenSeq: number): Unread {
  let count = 0;
  let isMore = false;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item?.kind === 'gap' && item.to > seenSeq) isMore = true;
    if (item === undefined || !isEntryItem(item)) continue;
    if (item.seq <= seenSeq) break;
    if (item.kind === 'message' && !item.isMine) count++;
  }
  return { count, isMore };
}

/** The newest number in the timeline, 0 where there is none. */
export function newestSeq(items: readonly TimelineItem[]): number {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item !== undefined && isEntryItem(item)) return item.seq;
  }
  return 0;
}

export const NOTHING_UNREAD: Unread = { count: 0, isMore: false };

export function pageTitle(room: string | undefined, { count, isMore }: Unread): string {
  const name = room === undefined ? 'Wireroom' : `${room} · Wireroom`;
  if (count === 0 && !isMore) return name;
  const counted = Math.min(count, COUNTED_MAX);
  return `(${counted}${isMore || count > counted ? '+' : ''}) ${name}`;
}
