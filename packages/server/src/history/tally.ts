// What the last line of a download tells of its records: how many, from where to where, and which numbers are not there.

import type { HistoryTotals } from '@wireroom/history';

export interface TallyState {
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly broken: number;
  readonly gaps: readonly (readonly [number, number])[];
}

export class Tally {
  #state: TallyState;

  constructor(state: TallyState = { count: 0, first: null, last: null, broken: 0, gaps: [] }) {
    this.#state = state;
  }

  get state(): TallyState {
    return this.#state;
  }

  record(seq: number, isBroken: boolean): void {
    const { count, first, broken } = this.#state;
    this.#state = {
      ...this.#state,
      count: count + 1,
      first: first ?? seq,
      last: seq,
      broken: broken + (isBroken ? 1 : 0),
    };
  }

  /** Numbers that no entry bears, in order. Those told before are told again where reading begins anew in the middle. */
  missing(ranges: readonly (readonly [number, number])[]): void {
    if (ranges.length === 0) return;
    const gaps = [...this.#state.gaps];
    for (const [from, to] of ranges) {
      const last = gaps.at(-1);
      if (last !== undefined && to <= last[1]) continue;
      if (last !== undefined && from <= last[1] + 1) gaps[gaps.length - 1] = [last[0], to];
      else gaps.push([from, to]);
    }
    this.#state = { ...this.#state, gaps };
  }

  totals(): HistoryTotals {
    const { first, last, gaps, ...rest } = this.#state;
    // What is missing before the first record or after the last is not between them.
    const within =
      first === null || last === null ? [] : gaps.filter(([from, to]) => from > first && to < last);
    return { ...rest, first, last, gaps: within };
  }
}
