// The timeline's items with their layout, one row each. A row is the same object as long as its item and its neighbours
// are, so that a new message draws two rows and not the whole list.
import type { TimelineItem } from '@wireroom/client';
import { type Layout, layoutOf } from './message-layout.ts';

export interface Row {
  readonly item: TimelineItem;
  readonly layout: Layout;
}

interface Placed extends Row {
  readonly previous: TimelineItem | undefined;
  readonly next: TimelineItem | undefined;
}

/** Remembers the rows it made, for as long as their items live. */
export function createRows(): (items: readonly TimelineItem[]) => readonly Row[] {
  const known = new WeakMap<TimelineItem, Placed>();
  return (items) =>
    items.map((item, at) => {
      const previous = items[at - 1];
      const next = items[at + 1];
      const before = known.get(item);
      if (before !== undefined && before.previous === previous && before.next === next) return before;
      const row: Placed = { item, layout: layoutOf(previous, item, next), previous, next };
      known.set(item, row);
      return row;
    });
}
