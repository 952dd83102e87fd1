// What the tab says: how many messages came while nobody looked, which room, whose page. Pure; use-page-title.ts sets it.
import type { TimelineItem } from '@wireroom/client';

/** More is not counted out: three digits would push the room's name off the tab. */
const COUNTED_MAX = 99;

/** Messages of others after `seenSeq`. Joins, leaves and one's own words are no reason to call anybody back. */
export function unreadAfter(items: readonly TimelineItem[], seenSeq: number): number {
  let unread = 0;
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item === undefined || item.kind === 'pending') continue;
    if (item.seq <= seenSeq) break;
    if (item.kind === 'message' && !item.isMine) unread++;
  }
  return unread;
}

/** The newest number in the timeline, 0 where there is none. */
export function newestSeq(items: readonly TimelineItem[]): number {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item !== undefined && item.kind !== 'pending') return item.seq;
  }
  return 0;
}

export function pageTitle(room: string | undefined, unread: number): string {
  const name = room === undefined ? 'Wireroom' : `${room} · Wireroom`;
  if (unread === 0) return name;
  return `(${unread > COUNTED_MAX ? `${COUNTED_MAX}+` : unread}) ${name}`;
}
