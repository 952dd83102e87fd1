// Keeps the row that the reader looks at where it is when rows come or go (first-index.ts): the one in the middle of the screen, or at the
// end of the list the last. A gap is none: it is what fills. What the list guesses wrong about the heights of new rows, row-hold.ts
// puts right.
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { createFirstIndex } from './first-index.ts';
import { createRowHold, type Held } from './row-hold.ts';
import type { Row } from './rows.ts';

interface FirstIndex {
  readonly firstItemIndex: number;
  /** For the list's scroller. */
  readonly look: (scroller: HTMLElement | null) => void;
}

export function useFirstIndex(rows: readonly Row[], isFollowing: boolean): FirstIndex {
  const scroller = useRef<HTMLElement | null>(null);
  const [indexOf] = useState(createFirstIndex);
  const [rowHold] = useState(createRowHold);
  const shown = useRef<{ readonly rows: readonly Row[]; readonly first: number }>(undefined);
  const { firstItemIndex, held } = useMemo(() => {
    const before = shown.current;
    let seen: Held | undefined;
    const anchor = (): number => {
      if (before === undefined) return 0;
      if (isFollowing || scroller.current === null) return before.rows.length - 1;
      // While one is held, it stands where it stood then.
      seen = rowHold.held() ?? inSight(scroller.current, before.rows, before.first);
      return seen === undefined ? before.rows.length - 1 : seen.index - before.first;
    };
    const first = indexOf(
      rows.map(({ item }) => item),
      anchor,
    );
    shown.current = { rows, first };
    // Rows that come before all others are the list's own business, which it does well.
    const hadGap = before?.rows.some(({ item }) => item.kind === 'gap') ?? false;
    return { firstItemIndex: first, held: hadGap && first !== before?.first ? seen : undefined };
  }, [rows, isFollowing, indexOf, rowHold]);
  useLayoutEffect(() => {
    if (held !== undefined && scroller.current !== null) rowHold.hold(scroller.current, held);
  }, [held, rowHold]);
  useEffect(() => rowHold.release, [rowHold]);
  const look = useCallback((found: HTMLElement | null) => {
    scroller.current = found;
  }, []);
  return { firstItemIndex, look };
}

/** The row in the middle of what is in sight: rows that fill a gap above it push up, those below it down. */
function inSight(scroller: HTMLElement, rows: readonly Row[], first: number): Held | undefined {
  const { top, bottom } = scroller.getBoundingClientRect();
  let found: Held | undefined;
  for (const drawn of scroller.querySelectorAll<HTMLElement>('[data-item-index]')) {
    const index = Number(drawn.dataset.itemIndex);
    const kind = rows[index - first]?.item.kind;
    const row = drawn.querySelector('[data-row]')?.getBoundingClientRect();
    if (row === undefined || kind === undefined || kind === 'gap') continue;
    found = { index, top: row.top };
    if (row.bottom > (top + bottom) / 2) break;
  }
  return found;
}
