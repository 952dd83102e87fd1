// News for those who listen: the virtual list makes and unmakes rows while it is scrolled, which would be read out as news. Here
// stands only what really is new: what others say, and what of one's own was refused.
import type { PendingChange, PendingItem, RoomSnapshot, TimelineItem } from '@wireroom/client';
import type { TFunction } from 'i18next';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { newestSeq } from '../browser/page-title.ts';
import { refusalText } from '../i18n/refusal-text.ts';

/** What stands in the region at once; what has been read out need not stay. */
const SPOKEN_MAX = 8;

interface Spoken {
  readonly key: string;
  readonly text: string;
}

export function LiveMessages({ room }: { readonly room: RoomSnapshot }) {
  const { t } = useTranslation();
  const [spoken, setSpoken] = useState<readonly Spoken[]>([]);
  const heardSeq = useRef<number | undefined>(undefined);
  const heardFailures = useRef<ReadonlySet<string> | undefined>(undefined);
  useEffect(() => {
    if (room.status !== 'live') return;
    const fresh: Spoken[] = [];
    const newest = newestSeq(room.items);
    const since = heardSeq.current;
    heardSeq.current = newest;
    // What was there on entering is history.
    if (since !== undefined && newest > since) fresh.push(...saidSince(room.items.slice(-SPOKEN_MAX), since));
    const failures = failuresOf(room.items);
    const heard = heardFailures.current;
    heardFailures.current = new Set(failures.keys());
    if (heard !== undefined) fresh.push(...textsOf(t, failures, heard));
    if (fresh.length > 0) setSpoken((before) => [...before, ...fresh].slice(-SPOKEN_MAX));
  }, [room.status, room.items, t]);
  return (
    <div className="visually-hidden" aria-live="polite" aria-relevant="additions">
      {spoken.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}

const saidSince = (items: readonly TimelineItem[], since: number): readonly Spoken[] =>
  items.flatMap((item) =>
    item.kind === 'message' && !item.isMine && !item.isDeleted && item.seq > since
      ? [{ key: item.key, text: `${item.author.name}: ${item.text}` }]
      : [],
  );

type Failure = PendingItem | PendingChange;

function failuresOf(items: readonly TimelineItem[]): ReadonlyMap<string, Failure> {
  const failures = new Map<string, Failure>();
  for (const item of items) {
    if (item.kind === 'pending' && item.state === 'failed') failures.set(item.draftId, item);
    if (item.kind !== 'message') continue;
    for (const change of item.changes) if (change.state === 'failed') failures.set(change.draftId, change);
  }
  return failures;
}

function textsOf(
  t: TFunction,
  failures: ReadonlyMap<string, Failure>,
  heard: ReadonlySet<string>,
): readonly Spoken[] {
  return [...failures].flatMap(([draftId, { error }]) => {
    if (heard.has(draftId)) return [];
    const reason = error === undefined ? '' : refusalText(t, error);
    return [{ key: `failed-${draftId}`, text: `${t('message.failed')}. ${reason}` }];
  });
}
