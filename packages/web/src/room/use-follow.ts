// Keeps the list at its newest row as long as the reader wants that (follow-rule.ts), and tells when they went elsewhere.
// Whatever changes a height, a row, the message field or the window, is seen by a ResizeObserver before it is painted.
import { useCallback, useEffect, useRef, useState } from 'react';
import { follows, type ScrollState } from './follow-rule.ts';

export interface Follow {
  readonly isFollowing: boolean;
  /** For Virtuoso's `scrollerRef`. */
  readonly watch: (scroller: HTMLElement | Window | null) => void;
  /** Back to the end. */
  readonly goToEnd: () => void;
  /** The list is about to be moved elsewhere. */
  readonly letGo: () => void;
}

const TOUCHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;
/** What Virtuoso puts into its scroller: the header, and the rows in sight with padding for the others. */
const CONTENT = '[data-viewport-type] > *';

export function useFollow(): Follow {
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

  useEffect(() => {
    if (scroller === null) return;
    const observer = new ResizeObserver(() => {
      if (wanted.current) scrollToEnd(scroller);
    });
    observer.observe(scroller);
    // The padding counts.
    for (const part of scroller.querySelectorAll(CONTENT)) observer.observe(part, { box: 'border-box' });
    return () => observer.disconnect();
  }, [scroller]);

  const watch = useCallback((found: HTMLElement | Window | null) => {
    setScroller(found instanceof HTMLElement ? found : null);
  }, []);
  const goToEnd = useCallback(() => {
    wanted.current = true;
    setFollowing(true);
    if (scroller !== null) scrollToEnd(scroller);
  }, [scroller]);
  const letGo = useCallback(() => {
    wanted.current = false;
    setFollowing(false);
  }, []);
  return { isFollowing, watch, goToEnd, letGo };
}

function scrollToEnd(scroller: HTMLElement): void {
  scroller.scrollTop = scroller.scrollHeight;
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
