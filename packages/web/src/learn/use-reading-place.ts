// Where one reads: a link goes to the top or to its section, and moves the focus there; Back goes to where one was.
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { learnHash } from './learn-place.ts';
import type { Shown } from './use-course.ts';

/** Places whose scroll position is remembered. */
const PLACES_MAX = 50;
/** What stays visible above a section that was gone to. */
const ABOVE_PX = 20;

export interface ReadingPlace {
  /** On the element that scrolls. */
  onScroll(): void;
  /** On a click anywhere inside: a link was followed, and it was not Back. */
  onClick(): void;
}

export function useReadingPlace(
  scroller: RefObject<HTMLElement | null>,
  shown: Shown | undefined,
): ReadingPlace {
  const positions = useRef(new Map<string, number>());
  const isClicked = useRef(true);
  const hash = shown === undefined ? '' : learnHash(shown.place);
  const here = useRef(hash);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || shown === undefined) return;
    here.current = hash;
    const { part, section } = shown.place;
    const remembered = positions.current.get(hash);
    if (!isClicked.current && remembered !== undefined) element.scrollTop = remembered;
    else if (section !== undefined) goTo(element, element.querySelector(`[data-section="${section}"]`));
    else if (shown.unit === undefined && part !== undefined)
      goTo(element, element.querySelector(`[data-part="${part}"]`));
    else {
      element.scrollTop = 0;
      element.querySelector<HTMLElement>('[data-title]')?.focus({ preventScroll: true });
    }
    isClicked.current = false;
  }, [scroller, shown, hash]);

  return {
    onScroll: () => {
      const { current: known } = positions;
      known.delete(here.current);
      known.set(here.current, scroller.current?.scrollTop ?? 0);
      for (const oldest of known.keys()) if (known.size > PLACES_MAX) known.delete(oldest);
    },
    onClick: () => {
      isClicked.current = true;
    },
  };
}

/** Scrolls by hand: `scrollIntoView` would move whatever is around as well. */
function goTo(scroller: HTMLElement, target: Element | null): void {
  if (!(target instanceof HTMLElement)) return;
  const distance = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  scroller.scrollTop += distance - ABOVE_PX;
  target.focus({ preventScroll: true });
}
