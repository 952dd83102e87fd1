// How far a command is that measures several servers one after the other, and how long it still takes: each run says it of itself, the
// others are guessed from those that have ended. Pure; the clock is an argument.

export interface TimeLeft {
  /** 0 to 1, of everything; never less than it was. */
  readonly share: number;
  /** Undefined until something is known. */
  readonly ms: number | undefined;
}

export class Journey {
  readonly #runs: number;
  #ended = 0;
  #runBeganAt: number;
  /** How long those took that have ended. */
  #tookMs: number[] = [];
  #share = 0;

  constructor(runs: number, now: number) {
    this.#runs = runs;
    this.#runBeganAt = now;
  }

  runEnded(now: number): void {
    this.#tookMs.push(Math.max(0, now - this.#runBeganAt));
    this.#ended += 1;
    this.#runBeganAt = now;
  }

  /** What the run that is under way says of itself. */
  at(now: number, shareOfRun: number, secondsLeftOfRun: number): TimeLeft {
    const share = Math.min(1, (this.#ended + Math.min(1, Math.max(0, shareOfRun))) / this.#runs);
    this.#share = Math.max(this.#share, share);
    if (!Number.isFinite(secondsLeftOfRun)) return { share: this.#share, ms: undefined };
    const ofThisMs = Math.max(0, secondsLeftOfRun * 1000);
    const afterIt = Math.max(0, this.#runs - this.#ended - 1);
    return { share: this.#share, ms: ofThisMs + afterIt * this.#guessMs(now, ofThisMs) };
  }

  /** A run that has not begun takes as long as those before it took, or as this one is going to have taken. */
  #guessMs(now: number, leftOfThisMs: number): number {
    const known = this.#tookMs;
    if (known.length === 0) return now - this.#runBeganAt + leftOfThisMs;
    return known.reduce((sum, ms) => sum + ms, 0) / known.length;
  }
}
