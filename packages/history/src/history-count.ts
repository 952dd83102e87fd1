// What a file's end says of its records, kept while they go by: by whoever writes a file, and by whoever checks one.
import type { HistoryTotals } from './format/writer.ts';
import { HISTORY_LIMITS } from './limits.ts';

export class HistoryCount {
  readonly #findsGaps: boolean;
  #count = 0;
  #broken = 0;
  #first: number | null = null;
  #last: number | null = null;
  /** The newest seq that was seen, a record of the file or not. */
  #seen: number | null = null;
  readonly #gaps: (readonly [number, number])[] = [];

  /**
   * `findsGaps`: every seq of the log from the first record on is shown here, by `record` or by `pass`, so that one that is
   * not there is missing in the log. Otherwise only `missing` makes gaps.
   */
  constructor({ findsGaps }: { readonly findsGaps: boolean }) {
    this.#findsGaps = findsGaps;
  }

  /** The file has this record. In rising order. */
  record(seq: number, { isBroken }: { readonly isBroken: boolean } = { isBroken: false }): void {
    this.#see(seq);
    this.#count++;
    if (isBroken) this.#broken++;
    this.#first ??= seq;
    this.#last = seq;
  }

  /** The log has this entry, but it is no record of the file (an edit, in a format for people). */
  pass(seq: number): void {
    this.#see(seq);
  }

  /** The selection would have these, and the log does not. */
  missing(from: number, to: number): void {
    if (!this.hasTooManyGaps) this.#gaps.push([from, to]);
  }

  /** A log with so many holes is no log any more: whoever writes the file ends it, with a `cut`. */
  get hasTooManyGaps(): boolean {
    return this.#gaps.length >= HISTORY_LIMITS.gapsMax;
  }

  get count(): number {
    return this.#count;
  }

  get last(): number | null {
    return this.#last;
  }

  totals(): HistoryTotals {
    const [count, broken, first, last] = [this.#count, this.#broken, this.#first, this.#last];
    // What is missing before the first record or after the last is not between them.
    const gaps = this.#gaps.filter(
      ([from, to]) => first !== null && last !== null && from > first && to < last,
    );
    return { count, first, last, broken, gaps };
  }

  #see(seq: number): void {
    if (this.#findsGaps && this.#seen !== null && seq > this.#seen + 1) this.missing(this.#seen + 1, seq - 1);
    this.#seen = seq;
  }
}
