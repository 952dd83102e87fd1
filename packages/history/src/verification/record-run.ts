// The run of a file's records: are their numbers rising and within the file's span, and what is missing between them?
import type { HistoryHead } from '../download.ts';
import { HISTORY_LIMITS } from '../limits.ts';
import type { ProblemCode } from './verdict.ts';

/** Numbers that are not there, and the line before which they would stand. */
export interface Hole {
  readonly from: number;
  readonly to: number;
  readonly line: number;
}

export class RecordRun {
  readonly #wrong: (code: ProblemCode, sentence: string) => void;
  readonly #holes: Hole[] = [];
  #findsHoles = false;
  #after = 0;
  #until = Number.POSITIVE_INFINITY;
  count = 0;
  broken = 0;
  first: number | null = null;
  last: number | null = null;

  constructor(wrong: (code: ProblemCode, sentence: string) => void) {
    this.#wrong = wrong;
  }

  /** Holes are found where the file has everything of its span: JSON Lines of everybody and all times. */
  begin(head: HistoryHead): void {
    this.#after = head.after ?? 0;
    this.#until = head.until;
    this.#findsHoles = isUnfiltered(head);
  }

  /** In the order of the file. */
  record(seq: number, line: number, isBroken: boolean): void {
    this.count++;
    if (isBroken) this.broken++;
    const before = this.last ?? this.#after;
    if (seq <= before) {
      this.#wrong('order', this.#disorder(seq));
      return;
    }
    if (seq > this.#until) this.#wrong('beyond-until', `is #${seq}; the file ends at #${this.#until}`);
    if (this.#findsHoles && this.last !== null && seq > this.last + 1)
      this.#hole({ from: this.last + 1, to: seq - 1, line });
    this.first ??= seq;
    this.last = seq;
  }

  /** Those of a file in which they can be found; at most `HISTORY_LIMITS.gapsMax`. */
  get holes(): readonly Hole[] | undefined {
    return this.#findsHoles ? this.#holes : undefined;
  }

  #disorder(seq: number): string {
    if (this.last === null) return `is #${seq}; the file begins after #${this.#after}`;
    return seq === this.last
      ? `has the same number again, #${seq}`
      : `goes back: #${seq} after #${this.last}`;
  }

  #hole(hole: Hole): void {
    if (this.#holes.length < HISTORY_LIMITS.gapsMax) this.#holes.push(hole);
  }
}

export function isUnfiltered({ spec }: HistoryHead): boolean {
  const { format, from, to, author } = spec;
  return format === 'jsonl' && from === undefined && to === undefined && author === undefined;
}
