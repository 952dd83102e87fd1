// A histogram as plain numbers: how often a value fell below each bound, how many values there were, and their sum. Cheap enough
// for every commit; whoever shows it (metrics/) reads the fields. Pure.

export class Tally {
  /** Ascending. A value counts below the first bound that it does not pass. */
  readonly bounds: readonly number[];
  /** One for each bound, and one for what passes all of them. Not cumulative. */
  readonly counts: Float64Array;
  count = 0;
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** The same value so many times. */
  observe(value: number, times = 1): void {
    let place = 0;
    while (place < this.bounds.length && value > (this.bounds[place] ?? 0)) place += 1;
    this.counts[place] = (this.counts[place] ?? 0) + times;
    this.count += times;
    this.sum += value * times;
  }
}

/** In seconds: from a tenth of a millisecond, which a fast disk takes, to ten seconds, when people have given up. */
export const SECONDS_BOUNDS: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Operations in one commit, of which 512 are the most. */
export const SIZE_BOUNDS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
