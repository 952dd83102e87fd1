// The room's log on the screen: only the rows in sight exist. Starts at the newest entry, follows it while the reader is
// there, stays put while they read further up, and asks for older entries as they come to the top.
import type { RoomSnapshot } from '@wireroom/client';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Components, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { usePage } from '../app/page.ts';
import { newestSeq, unreadAfter } from '../browser/page-title.ts';
import { Icon } from '../icons/Icon.tsx';
import { ListEmpty, ListStart } from './ListEdges.tsx';
import styles from './MessageList.module.css';
import { RoomRow } from './RoomRow.tsx';
import { createRows, type Row } from './rows.ts';
import { useFollow } from './use-follow.ts';
import { usePainted } from './use-painted.ts';
import { type Sought, useSoughtRow } from './use-sought-row.ts';
import { useToday } from './use-today.ts';

interface Props {
  readonly room: RoomSnapshot;
  /** Grows with each message of one's own. */
  readonly postCount: number;
  readonly sought: Sought | undefined;
}

interface Context {
  readonly room: RoomSnapshot;
  readonly today: Date;
}

/** What a row is taken to measure until it is drawn, in pixels. Without it the first row would be the measure, which bears a day. */
const ROW_PX = 40;
/** Rows are drawn this far beyond the visible part, in pixels. */
const OVERSCAN = { top: 800, bottom: 400 } as const;
const COMPONENTS: Components<Row, Context> = { Header: ({ context }) => <ListStart room={context.room} /> };
const LAST = { index: 'LAST', align: 'end' } as const;

export function MessageList({ room, postCount, sought }: Props) {
  const { t } = useTranslation();
  const { client } = usePage();
  const today = useToday();
  const [rowsOf] = useState(createRows);
  const rows = useMemo(() => rowsOf(room.items), [rowsOf, room.items]);
  const context = useMemo(() => ({ room, today }), [room, today]);
  const { isFollowing, watch, goToEnd, letGo } = useFollow();
  const list = useRef<VirtuosoHandle>(null);
  const goneSeq = useSoughtRow({ sought, room, rows, list, letGo });
  const newest = newestSeq(room.items);
  usePainted({ tap: client.tap, roomId: room.roomId, items: room.items, isFollowing });
  const leftAtSeq = useValueWhen(newest, isFollowing);

  useEffect(() => {
    if (postCount > 0) goToEnd();
  }, [postCount, goToEnd]);
  useEffect(() => client.setFollowing(room.slug, isFollowing), [client, room.slug, isFollowing]);

  if (rows.length === 0) return <ListEmpty room={room} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a convenience for those who are in the list already
    <div className={styles.frame} onKeyDown={moveFocus}>
      {goneSeq !== undefined && (
        <p className={styles.gone} role="status">
          {t('room.gone', { seq: goneSeq })}
        </p>
      )}
      <Virtuoso<Row, Context>
        ref={list}
        className={styles.list ?? ''}
        role="log"
        aria-live="off"
        aria-label={t('room.log')}
        data={rows}
        context={context}
        components={COMPONENTS}
        firstItemIndex={room.firstItemIndex}
        initialTopMostItemIndex={LAST}
        computeItemKey={(_index, row) => row.item.key}
        itemContent={(_index, row, { today: now, room: { slug, hasOlder, items } }) => (
          <RoomRow row={row} slug={slug} today={now} isFirst={!hasOlder && row.item === items[0]} />
        )}
        alignToBottom
        scrollerRef={watch}
        startReached={() => client.loadOlder(room.slug)}
        increaseViewportBy={OVERSCAN}
        defaultItemHeight={ROW_PX}
      />
      {!isFollowing && <NewBelow count={unreadAfter(room.items, leftAtSeq)} onClick={goToEnd} />}
    </div>
  );
}

function NewBelow({ count, onClick }: { readonly count: number; onClick(): void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={styles.below}
      data-new={count > 0}
      aria-label={count > 0 ? undefined : t('room.toNewest')}
      onClick={onClick}
    >
      <Icon name="down" size={16} />
      {count > 0 && t('room.newBelow', { count })}
    </button>
  );
}

/** The value as it was when `isTrue` last was. */
function useValueWhen<Value>(value: Value, isTrue: boolean): Value {
  const [kept, setKept] = useState(value);
  if (isTrue && kept !== value) setKept(value);
  return isTrue ? value : kept;
}

/** Up and down from row to row. From the list itself, up goes to the last row in sight. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const current = rows.findIndex((row) => row.contains(document.activeElement));
  const inSight = rows.findLastIndex((row) => isInSight(row, event.currentTarget));
  const target = rows[current < 0 ? inSight : current + step];
  if (target === undefined) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: 'nearest' });
}

function isInSight(row: HTMLElement, frame: HTMLElement): boolean {
  const { top, bottom } = frame.getBoundingClientRect();
  const box = row.getBoundingClientRect();
  return box.top >= top - 1 && box.top < bottom;
}
