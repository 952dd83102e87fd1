// A stretch of seeds, each a world of its own in which every promise has to be kept. Spread over several test files, so that they
// run side by side.
import { describe, expect, it } from 'vitest';
import { run, STEPS } from './simulate.ts';

/** Worlds of one test: few enough that a slow machine is through in time. */
const WORLDS_PER_TEST = 50;

/** Most faults meet early: one world of so many lives as long as others do when somebody hunts. */
const LONG_EVERY = 8;
const SHORT_STEPS = 24;

export function describeWorlds({ from, count }: { readonly from: number; readonly count: number }): void {
  const firsts = Array.from(
    { length: Math.ceil(count / WORLDS_PER_TEST) },
    (_, index) => from + index * WORLDS_PER_TEST,
  );
  describe(`the worlds ${from} to ${from + count - 1}`, () => {
    it.each(firsts)('keep every promise from seed %i on', { timeout: 120_000 }, async (first) => {
      const broken: string[] = [];
      for (let seed = first; seed < Math.min(first + WORLDS_PER_TEST, from + count); seed += 1) {
        const steps = seed % LONG_EVERY === 0 ? STEPS : SHORT_STEPS;
        const result = await run({ seed, steps });
        if (result.broken !== undefined)
          broken.push(`npm run simulate -- --seed ${seed} --steps ${steps} --trace: ${result.broken}`);
      }
      expect(broken).toEqual([]);
    });
  });
}
