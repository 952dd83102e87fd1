// The room's log on the screen: only the rows in sight exist. Starts at the newest entry, follows it while the reader is
// there, stays put while they read further up, and asks for older entries as they come to the top.
import type { RoomSnapshot } from '@wireroom/client';
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Components, Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { MessageActions } from '../actions/MessageActions.tsx';
import { useThisRoom } from '../actions/this-room.ts';
import { usePage } from '../app/page.ts';
import { newestSeq, type Unread, unreadAfter } from '../browser/page-title.ts';
import { Icon } from '../icons/Icon.tsx';
import { ListEmpty, ListStart } from './ListEdges.tsx';
import styles from './MessageList.module.css';
import { RoomRow } from './RoomRow.tsx';
import { createRows, type Row } from './rows.ts';
import { useFirstIndex } from './use-first-index.ts';
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
  const { room: thisRoom } = useThisRoom();
  const today = useToday();
  const [rowsOf] = useState(createRows);
  const rows = useMemo(() => rowsOf(room.items), [rowsOf, room.items]);
  const context = useMemo(() => ({ room, today }), [room, today]);
  const { isFollowing, watch, goToEnd, letGo } = useFollow();
  const list = useRef<VirtuosoHandle>(null);
  const missed = useSoughtRow({ sought, room, rows, list, letGo });
  const newest = newestSeq(room.items);
  usePainted({ tap: client.tap, roomId: room.roomId, items: room.items, isFollowing });
  const { firstItemIndex, look } = useFirstIndex(rows, isFollowing);
  const scrollerRef = useCallback(
    (scroller: HTMLElement | Window | null) => {
      watch(scroller);
      look(scroller instanceof HTMLElement ? scroller : null);
    },
    [watch, look],
  );
  const leftAtSeq = useValueWhen(newest, isFollowing);

  useEffect(() => {
    if (postCount > 0) goToEnd();
  }, [postCount, goToEnd]);
  useEffect(() => thisRoom.setFollowing(isFollowing), [thisRoom, isFollowing]);

  if (rows.length === 0) return <ListEmpty room={room} />;
  return (
    <div className={styles.frame}>
      {missed !== undefined && (
        <p className={styles.gone} role="status">
          {t(`room.${missed.why}`, { seq: missed.seq })}
        </p>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a convenience for those who are in the list already */}
      <div className={styles.keys} onKeyDown={moveFocus}>
        <Virtuoso<Row, Context>
          ref={list}
          className={styles.list ?? ''}
          role="log"
          aria-live="off"
          aria-label={t('room.log')}
          data={rows}
          context={context}
          components={COMPONENTS}
          firstItemIndex={firstItemIndex}
          initialTopMostItemIndex={LAST}
          computeItemKey={(_index, row) => row.item.key}
          itemContent={(_index, row, { today: now, room: { hasOlder, items } }) => (
            <RoomRow row={row} today={now} isFirst={!hasOlder && row.item === items[0]} />
          )}
          alignToBottom
          scrollerRef={scrollerRef}
          startReached={() => thisRoom.loadOlder()}
          increaseViewportBy={OVERSCAN}
          defaultItemHeight={ROW_PX}
        />
      </div>
      <MessageActions items={room.items} />
      {!isFollowing && <NewBelow unread={unreadAfter(room.items, leftAtSeq)} onClick={goToEnd} />}
    </div>
  );
}

function NewBelow({ unread, onClick }: { readonly unread: Unread; onClick(): void }) {
  const { t } = useTranslation();
  const { count, isMore } = unread;
  const isNews = count > 0 || isMore;
  return (
    <button
      type="button"
      className={styles.below}
      data-new={isNews}
      aria-label={isNews ? undefined : t('room.toNewest')}
      onClick={onClick}
    >
      <Icon name="down" size={16} />
      {isNews && (isMore ? t('room.newBelowMore', { shown: count }) : t('room.newBelow', { count }))}
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
