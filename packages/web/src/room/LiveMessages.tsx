// New messages for those who listen: the virtual list makes and unmakes rows while it is scrolled, which would be read out
// as news. Here stands only what really is new, and never one's own.
import type { MessageItem, RoomSnapshot } from '@wireroom/client';
import { useEffect, useRef, useState } from 'react';
import { newestSeq } from '../browser/page-title.ts';

/** What stands in the region at once; what has been read out need not stay. */
const SPOKEN_MAX = 8;

export function LiveMessages({ room }: { readonly room: RoomSnapshot }) {
  const [spoken, setSpoken] = useState<readonly MessageItem[]>([]);
  const heardSeq = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (room.status !== 'live') return;
    const newest = newestSeq(room.items);
    const since = heardSeq.current;
    heardSeq.current = newest;
    // What was there on entering is history.
    if (since === undefined || newest <= since) return;
    const fresh = room.items
      .slice(-SPOKEN_MAX)
      .filter((item): item is MessageItem => item.kind === 'message' && !item.isMine && item.seq > since);
    if (fresh.length > 0) setSpoken((before) => [...before, ...fresh].slice(-SPOKEN_MAX));
  }, [room.status, room.items]);
  return (
    <div className="visually-hidden" aria-live="polite" aria-relevant="additions">
      {spoken.map((item) => (
        <p key={item.key}>{`${item.author.name}: ${item.text}`}</p>
      ))}
    </div>
  );
}
