// Keeps the tab's title: the room, and how many messages came while the page was out of sight.
import type { TimelineItem } from '@wireroom/client';
import { useEffect, useState } from 'react';
import { NOTHING_UNREAD, newestSeq, pageTitle, unreadAfter } from './page-title.ts';

export function usePageTitle(
  room: string | undefined,
  items: readonly TimelineItem[],
  isLoaded: boolean,
): void {
  /** The newest number that was there when the page went out of sight; `undefined` while it is seen. */
  const [seenSeq, setSeenSeq] = useState<number>();
  const newest = newestSeq(items);

  useEffect(() => {
    const look = (): void => {
      const isHidden = document.visibilityState === 'hidden';
      // What is there at the first sight of the room is not news.
      setSeenSeq((current) => (isHidden && isLoaded ? (current ?? newest) : undefined));
    };
    look();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [newest, isLoaded]);

  useEffect(() => {
    document.title = pageTitle(room, seenSeq === undefined ? NOTHING_UNREAD : unreadAfter(items, seenSeq));
  }, [room, items, seenSeq]);
}
