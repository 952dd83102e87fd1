// Where one reads: a link goes to the top or to its section, and moves the focus there; Back goes to where one was.
import { type RefObject, useLayoutEffect, useRef } from 'react';
import { learnHash } from './learn-place.ts';
import type { Shown } from './use-course.ts';

/** Places whose scroll position is remembered. */
const PLACES_MAX = 50;
/** What stays visible above a section that was gone to. */
const ABOVE_PX = 20;

/** Outlives the view: whoever comes back from the inspector reads on. */
const positions = new Map<string, number>();

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
  const isClicked = useRef(false);
  const hash = shown === undefined ? '' : learnHash(shown.place);
  const here = useRef(hash);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || shown === undefined) return;
    here.current = hash;
    const { part, section } = shown.place;
    const remembered = positions.get(hash);
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

  const remember = (): void => {
    const element = scroller.current;
    if (element === null) return; // the event of a view that is gone
    positions.delete(here.current);
    positions.set(here.current, element.scrollTop);
    for (const oldest of positions.keys()) if (positions.size > PLACES_MAX) positions.delete(oldest);
  };
  return {
    onScroll: remember,
    onClick: () => {
      isClicked.current = true;
      remember();
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
