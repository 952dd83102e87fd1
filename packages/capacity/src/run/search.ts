// Looks for the largest room that keeps a promise: doubles until it does not, or until not much more can come, then halves what lies
// between. Pure: told what each room did, it says which to try next. A room that fails once is tried again before it counts; a busy
// machine fails any room once.
export interface SearchBounds {
  readonly first: number;
  readonly min: number;
  readonly max: number;
}

/** The answer is known to this share of itself. */
const PRECISION = 0.08;
const TRIES_MAX = 24;
/** The next room would take so many cores of the one that it has: far beyond what is looked for nothing is learnt, and it takes long. */
const NEXT_CORES = 1.3;
const GROWTH_MIN = 1.15;

export class Search {
  readonly #bounds: SearchBounds;
  /** The largest that kept it, the smallest that did not. */
  #kept: number | undefined;
  #failed: number | undefined;
  #isDoubtful = false;
  #tries = 0;
  #next: number;

  constructor(bounds: SearchBounds) {
    this.#bounds = bounds;
    this.#next = Math.min(bounds.max, Math.max(bounds.min, bounds.first));
  }

  /** The room to try; undefined once it is found. */
  get next(): number | undefined {
    return this.#isFound ? undefined : this.#next;
  }

  get found(): number | undefined {
    return this.#kept;
  }

  /** How many more, at most: for the time that is left. */
  get triesLeft(): number {
    if (this.#isFound) return 0;
    const { max } = this.#bounds;
    if (this.#failed === undefined) return Math.ceil(Math.log2(max / this.#next)) + 5;
    const low = this.#kept ?? this.#bounds.min;
    return Math.max(1, Math.ceil(Math.log2((this.#failed - low) / (this.#failed * PRECISION))));
  }

  /** `busyCores`: of the busiest thread or process that has a core to itself; 0 where that is not known. */
  tell(readers: number, isKept: boolean, busyCores = 0): void {
    this.#tries += 1;
    if (!isKept && !this.#isDoubtful) {
      this.#isDoubtful = true;
      return;
    }
    this.#isDoubtful = false;
    if (isKept) this.#kept = Math.max(readers, this.#kept ?? 0);
    else this.#failed = Math.min(readers, this.#failed ?? Number.POSITIVE_INFINITY);
    const { min, max } = this.#bounds;
    if (this.#failed === undefined) this.#next = Math.min(max, grown(readers, busyCores));
    else if (this.#kept === undefined) this.#next = Math.max(min, Math.floor(this.#failed / 2));
    else this.#next = Math.floor((this.#kept + this.#failed) / 2);
  }

  get #isFound(): boolean {
    const { min, max } = this.#bounds;
    if (this.#tries >= TRIES_MAX || this.#kept === max || this.#failed === min) return true;
    if (this.#kept === undefined || this.#failed === undefined) return false;
    return this.#failed - this.#kept <= Math.max(1, this.#failed * PRECISION);
  }
}

/** Twice as large, or less: where everybody hears everybody, work grows with the square of the room. */
function grown(readers: number, busyCores: number): number {
  const factor = busyCores === 0 ? 2 : Math.sqrt(NEXT_CORES / busyCores);
  if (factor >= 2) return readers * 2;
  // In two digits, as one would say it.
  const next = Number((readers * Math.max(GROWTH_MIN, factor)).toPrecision(2));
  return Math.max(readers + 1, Math.round(next));
}
