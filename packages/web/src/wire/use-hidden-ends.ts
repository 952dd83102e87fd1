// At which of its ends a list that scrolls sideways goes on, so that it can be shown that there is more.
import { type RefObject, useEffect, useState } from 'react';

export type HiddenEnds = 'none' | 'start' | 'end' | 'both';

/** Less than this, in pixels, is rounding. */
const HIDDEN_MIN_PX = 2;

export function useHiddenEnds(list: RefObject<HTMLElement | null>): HiddenEnds {
  const [hidden, setHidden] = useState<HiddenEnds>('none');
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = (): void => setHidden(endsOf(element));
    const observer = new ResizeObserver(look);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [list]);
  return hidden;
}

function endsOf({ scrollLeft, scrollWidth, clientWidth }: HTMLElement): HiddenEnds {
  const isBefore = scrollLeft > HIDDEN_MIN_PX;
  const isAfter = scrollWidth - clientWidth - scrollLeft > HIDDEN_MIN_PX;
  if (isBefore) return isAfter ? 'both' : 'start';
  return isAfter ? 'end' : 'none';
}
