// The number that the list gives its first row. Rows come and go at either end and, where a gap fills, in the middle; the row that the
// reader looks at has to keep its number, then the list leaves it where it is. Pure.

interface Keyed {
  readonly key: string;
}

/** Far enough from 0 that no room's worth of older rows gets there. */
const START = 1_000_000_000;

/**
 * Returns the number for each next list of rows. `anchor`: the place in the list before of the row that is to stay; the next one that is
 * still there counts where it is gone.
 */
export function createFirstIndex(): (rows: readonly Keyed[], anchor: () => number) => number {
  let before: readonly Keyed[] = [];
  let first = START;
  return (rows, anchor) => {
    if (rows === before) return first;
    if (before.length > 0) first += shiftOf(before, rows, anchor);
    before = rows;
    return first;
  };
}

function shiftOf(before: readonly Keyed[], rows: readonly Keyed[], anchor: () => number): number {
  // Mostly something was added at the end, or one row changed.
  if (before[0]?.key === rows[0]?.key && before.length <= rows.length && sharesBeginning(before, rows))
    return 0;
  const places = new Map(rows.map(({ key }, at) => [key, at]));
  const from = Math.max(0, anchor());
  for (let at = from; at < before.length; at++) {
    const place = places.get(before[at]?.key ?? '');
    if (place !== undefined) return at - place;
  }
  for (let at = from - 1; at >= 0; at--) {
    const place = places.get(before[at]?.key ?? '');
    if (place !== undefined) return at - place;
  }
  return 0;
}

const sharesBeginning = (before: readonly Keyed[], rows: readonly Keyed[]): boolean =>
  before.every(({ key }, at) => rows[at]?.key === key);
