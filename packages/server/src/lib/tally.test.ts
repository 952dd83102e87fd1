// The plain histogram: what falls below which bound.
import { describe, expect, it } from 'vitest';
import { Tally } from './tally.ts';

describe('a tally', () => {
  it('counts a value below the first bound that it does not pass, and what passes all of them apart', () => {
    const tally = new Tally([1, 10]);
    for (const value of [0, 1, 1.5, 10, 11]) tally.observe(value);
    expect([...tally.counts]).toEqual([2, 2, 1]);
    expect(tally).toMatchObject({ count: 5, sum: 23.5 });
  });

  it('takes one value several times', () => {
    const tally = new Tally([1]);
    tally.observe(0.5, 4);
    expect(tally).toMatchObject({ count: 4, sum: 2 });
    expect([...tally.counts]).toEqual([4, 0]);
  });
});
