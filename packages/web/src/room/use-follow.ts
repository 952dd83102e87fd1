// Keeps the list at its newest row as long as the reader wants that (follow-rule.ts), and tells when they went elsewhere.
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { VirtuosoHandle } from 'react-virtuoso';
import { follows, type ScrollState } from './follow-rule.ts';

export interface Follow {
  readonly isFollowing: boolean;
  /** For Virtuoso's `scrollerRef`. */
  readonly watch: (scroller: HTMLElement | Window | null) => void;
  /** Back to the end, if that is where the reader is. */
  readonly keep: () => void;
  /** Back to the end in any case. */
  readonly goToEnd: () => void;
}

const TOUCHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
const LAST = { index: 'LAST', align: 'end' } as const;

export function useFollow(list: RefObject<VirtuosoHandle | null>): Follow {
  const [isFollowing, setFollowing] = useState(true);
  const wanted = useRef(true);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);

  useEffect(() => {
    if (scroller === null) return;
    let touchedAt = Number.NEGATIVE_INFINITY;
    let before = stateOf(scroller, touchedAt, undefined);
    const touch = (): void => {
      touchedAt = performance.now();
    };
    const look = (): void => {
      const now = stateOf(scroller, touchedAt, before);
      wanted.current = follows(wanted.current, before, now);
      before = now;
      setFollowing(wanted.current);
    };
    const end = new AbortController();
    const options = { passive: true, signal: end.signal };
    scroller.addEventListener('scroll', look, options);
    for (const type of TOUCHES) scroller.addEventListener(type, touch, options);
    return () => end.abort();
  }, [scroller]);

  const watch = useCallback((found: HTMLElement | Window | null) => {
    setScroller(found instanceof HTMLElement ? found : null);
  }, []);
  const goToEnd = useCallback(() => {
    wanted.current = true;
    setFollowing(true);
    list.current?.scrollToIndex(LAST);
  }, [list]);
  const keep = useCallback(() => {
    if (wanted.current) list.current?.scrollToIndex(LAST);
  }, [list]);
  return { isFollowing, watch, keep, goToEnd };
}

function stateOf(
  { scrollTop, scrollHeight, clientHeight }: HTMLElement,
  touchedAt: number,
  before: ScrollState | undefined,
): ScrollState {
  const at = performance.now();
  const changedAt = before?.height === scrollHeight ? before.changedAt : at;
  return { top: scrollTop, height: scrollHeight, viewport: clientHeight, at, touchedAt, changedAt };
}
