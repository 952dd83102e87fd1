// Tells the inspector's tap when a new message's row was on the screen. Only while the reader follows the end: a row further down
// is not painted.
import { type ClientTap, isEntryItem, type TimelineItem } from '@wireroom/client';
import { useEffect, useRef } from 'react';
import { newestSeq } from '../browser/page-title.ts';

interface Painted {
  readonly tap: ClientTap | undefined;
  readonly roomId: string | undefined;
  readonly items: readonly TimelineItem[];
  readonly isFollowing: boolean;
}

export function usePainted({ tap, roomId, items, isFollowing }: Painted): void {
  const newest = newestSeq(items);
  /** What was there when the room was first drawn is not news. */
  const told = useRef(newest);
  useEffect(() => {
    const before = told.current;
    told.current = Math.max(before, newest);
    if (tap === undefined || roomId === undefined || !isFollowing || before === 0) return;
    const fresh = seqsAfter(items, before);
    if (fresh.length === 0) return;
    // The first frame draws the rows; when the second begins, the first was painted. Not taken back: the next message may come
    // before it.
    requestAnimationFrame(() => {
      requestAnimationFrame(() => {
        for (const seq of fresh) tap.painted(roomId, seq);
      });
    });
  }, [tap, roomId, items, newest, isFollowing]);
}

function seqsAfter(items: readonly TimelineItem[], seq: number): readonly number[] {
  const found: number[] = [];
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (item === undefined || !isEntryItem(item)) continue;
    if (item.seq <= seq) break;
    found.push(item.seq);
  }
  return found;
}
