// The connection as a ladder between two wires: a rung for each frame, pointing the way it went. Only the rows in sight exist.
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { useSay } from '../words/words.ts';
import styles from './FrameList.module.css';
import { FrameRowView, type RowProps } from './FrameRowView.tsx';
import type { WireRow } from './wire-rows.ts';

interface Props extends Omit<RowProps, 'row' | 'isTabStop' | 'isSelected'> {
  readonly rows: readonly WireRow[];
  readonly selected: string | undefined;
  /** New rows come by themselves: stay at the end as long as the reader is there. */
  readonly isLive: boolean;
}

/** Rows drawn before the list knows its height. */
const FIRST_ROWS = 24;

export function FrameList({ rows, selected, isLive, ...rest }: Props) {
  const say = useSay();
  const list = useRef<VirtuosoHandle>(null);
  const tabStop = rows.some(({ key }) => key === selected) ? selected : rows[0]?.key;
  const place = rows.findIndex(({ key }) => key === selected);
  const [first] = useState(Math.max(0, place));
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place < 0 || box.current === null) return;
    // Chosen elsewhere, or the list has become smaller: the frame stays in sight. In the frame after it was laid out the list
    // knows its height.
    let frame = 0;
    const show = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => list.current?.scrollIntoView({ index: place, behavior: 'auto' }));
    };
    show();
    const observer = new ResizeObserver(show);
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [place]);
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const drawn = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-wire-row]')];
    const at = drawn.findIndex((row) => row.contains(document.activeElement));
    const target = drawn[at + step];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    target.focus();
    target.scrollIntoView({ block: 'nearest' });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys are a convenience for those who are in the list already
    <div ref={box} className={styles.frame} onKeyDown={move}>
      <Virtuoso<WireRow>
        ref={list}
        className={styles.list ?? ''}
        role="list"
        aria-label={say('frames.label')}
        data={rows}
        initialItemCount={Math.min(rows.length, FIRST_ROWS)}
        initialTopMostItemIndex={{ index: first, align: 'center' }}
        computeItemKey={(_at, row) => row.key}
        followOutput={isLive ? 'auto' : false}
        increaseViewportBy={400}
        itemContent={(_at, row) => (
          <FrameRowView
            {...rest}
            row={row}
            isSelected={row.key === selected}
            isTabStop={row.key === tabStop}
          />
        )}
      />
    </div>
  );
}
