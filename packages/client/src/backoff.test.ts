import { expect, test } from 'vitest';
import { backoffMs, retryDelayMs } from './backoff.ts';
import { fixedRandom } from './fake-clock.fixture.ts';

test('[C3] the ceiling of the back-off grows from 0.5 s by a quarter up to 4 s, and is 20 s in a long outage', () => {
  const ceilings = [0, 1, 2, 3, 9, 10, 20, 23, 24, 1000].map(
    (attempt) => backoffMs(attempt, fixedRandom()) + 1,
  );
  expect(ceilings).toEqual([500, 625, 782, 977, 3726, 4000, 4000, 4000, 20_000, 20_000]);
});

test('[C3] nobody waits long after a short outage: the ceiling follows the time that has gone by', () => {
  for (const fraction of [0.3, 0.5, 0.75]) {
    let goneMs = 0;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const ceilingMs = backoffMs(attempt, fixedRandom());
      expect(ceilingMs).toBeLessThanOrEqual(500 + goneMs);
      goneMs += backoffMs(attempt, fixedRandom(fraction));
    }
  }
});

test('[C3] the jitter is full: from nothing to the ceiling', () => {
  expect(backoffMs(12, fixedRandom(0))).toBe(0);
  expect(backoffMs(12, fixedRandom(0.5))).toBe(2000);
});

test('[C3] [C9] a wait that the server asked for is kept, spread, and bounded', () => {
  expect(retryDelayMs(3000, 0, fixedRandom(0))).toBe(3000);
  expect(retryDelayMs(3000, 0, fixedRandom(0.8))).toBe(3100);
  expect(retryDelayMs(9e9, 0, fixedRandom(0))).toBe(60_000);
  for (const nonsense of [-1, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
    expect(retryDelayMs(nonsense, 0, fixedRandom(0.5))).toBe(250);
  }
});
