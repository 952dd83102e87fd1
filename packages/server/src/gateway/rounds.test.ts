// Everybody's turn once per interval, spread over it.
import { describe, expect, it } from 'vitest';
import { HandTimers } from '../lib/hand-timers.fixture.ts';
import { Rounds } from './rounds.ts';

describe('rounds', () => {
  it('[F2.3] visit everybody once per interval, first after one, and never many at once', () => {
    const timers = new HandTimers();
    const rounds = new Rounds({ intervalMs: 25_000, timers });
    const visits = new Array<number>(1_000).fill(0);
    const ends = visits.map((_, index) => {
      // They come over some time, as people do.
      timers.pass(24);
      return rounds.add(() => {
        visits[index] = (visits[index] ?? 0) + 1;
      });
    });
    expect(new Set(visits)).toEqual(new Set([0]));
    let before = 0;
    let most = 0;
    for (let second = 0; second < 25; second += 1) {
      timers.pass(1_000);
      const sum = visits.reduce((total, count) => total + count, 0);
      most = Math.max(most, sum - before);
      before = sum;
    }
    expect(new Set(visits)).toEqual(new Set([1]));
    expect(most).toBeLessThanOrEqual(42);
    for (const end of ends.slice(1)) end();
    timers.pass(25_000);
    expect(visits.slice(0, 2)).toEqual([2, 1]);
    rounds.stop();
    expect(timers.count).toBe(0);
  });
});
