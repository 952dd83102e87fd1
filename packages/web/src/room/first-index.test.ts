import { describe, expect, it } from 'vitest';
import { createFirstIndex } from './first-index.ts';

const list = (keys: string) => keys.split('').map((key) => ({ key }));

/** The numbers of the rows by key, after each of the lists; the anchor is named by its key in the list before. */
function numbers(first: string, ...steps: readonly (readonly [anchor: string, rows: string])[]) {
  const indexOf = createFirstIndex();
  let rows = list(first);
  const start = indexOf(rows, () => 0);
  const all = [new Map(rows.map(({ key }, at) => [key, at]))];
  for (const [anchor, keys] of steps) {
    const before = rows;
    rows = list(keys);
    const begin = indexOf(rows, () => before.findIndex(({ key }) => key === anchor)) - start;
    all.push(new Map(rows.map(({ key }, at) => [key, begin + at])));
  }
  return all;
}

describe('createFirstIndex', () => {
  it('keeps every number when rows are added at the end', () => {
    const [, after] = numbers('abc', ['a', 'abcde']);
    expect([...(after ?? [])]).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['d', 3],
      ['e', 4],
    ]);
  });

  it('keeps the row that is looked at when older ones come, or old ones are dropped', () => {
    const [, older, dropped] = numbers('def', ['e', 'abcdef'], ['e', 'cdef']);
    expect([older?.get('e'), older?.get('a'), dropped?.get('e')]).toEqual([1, -3, 1]);
  });

  it('a gap that fills above the reader pushes what is above up, below them what is below down', () => {
    const [, fromBelow] = numbers('ab-yz', ['y', 'ab-vwxyz']);
    expect([fromBelow?.get('y'), fromBelow?.get('a')]).toEqual([3, -3]);
    const [, fromAbove] = numbers('ab-yz', ['b', 'ab-vwxyz']);
    expect([fromAbove?.get('b'), fromAbove?.get('y')]).toEqual([1, 6]);
  });

  it('takes the next row that is still there where the anchor is gone', () => {
    const [, after] = numbers('abcd', ['b', 'xacd']);
    expect(after?.get('c')).toBe(2);
    const [, lastGone] = numbers('abcd', ['d', 'xab']);
    expect(lastGone?.get('b')).toBe(1);
    const [, allNew] = numbers('abcd', ['b', 'wxyz']);
    expect(allNew?.get('w')).toBe(0);
  });

  it('gives the same number for the same rows', () => {
    const indexOf = createFirstIndex();
    const rows = list('abc');
    expect(indexOf(rows, () => 0)).toBe(indexOf(rows, () => 2));
  });
});
