import { describe, expect, it } from 'vitest';
import { makeMessage } from '../fixture/timeline-items.ts';
import { createRows } from './rows.ts';

describe('createRows', () => {
  const [one, two, three, four] = [1, 2, 3, 4].map((seq) => makeMessage(seq));
  if (!one || !two || !three || !four) throw new Error('four messages');

  it('keeps every row whose neighbours stayed, at both ends', () => {
    const rows = createRows();
    const first = rows([two, three]);
    const appended = rows([two, three, four]);
    expect(appended[0]).toBe(first[0]);
    expect(appended[1]).not.toBe(first[1]);
    expect(appended[1]?.layout.isTail).toBe(false);
    const prepended = rows([one, two, three, four]);
    expect(prepended.slice(2)).toEqual(appended.slice(1));
    expect(prepended[2]).toBe(appended[1]);
    expect(prepended[1]).not.toBe(appended[0]);
    expect(prepended[1]?.layout).toEqual({ isHead: false, isTail: false, opensDay: false });
  });
});
