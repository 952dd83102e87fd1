// How long random tests run: short in every run of the suite, longer when asked. fast-check prints the seed of a failure;
// FUZZ_SEED takes it up again. For tests only.
import type { Parameters } from 'fast-check';

/** FUZZ=50 runs each random test fifty times as often. */
export const FUZZ_FACTOR = atLeastOne(process.env.FUZZ);

const seed = process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) };

/** For `fc.assert`: so many runs, times the factor. */
export function runs<T>(count: number): Parameters<T> {
  return { numRuns: Math.ceil(count * FUZZ_FACTOR), ...seed };
}

/** The time that such a test may take: what it is given, times the factor. */
export function runsTimeoutMs(timeoutMs = 90_000): number {
  return timeoutMs * Math.max(1, FUZZ_FACTOR);
}

function atLeastOne(given: string | undefined): number {
  const factor = Number(given ?? 1);
  if (!(factor > 0)) throw new RangeError(`FUZZ is a factor above 0, not ${given}`);
  return factor;
}
