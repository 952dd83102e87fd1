// Turns for what takes long: in the order in which they were asked for, and only so many in one turn of the event loop. However many
// readers come back at once, what else the server does waits for half a millisecond of their answers and not for all of them.

/** After so long the others wait for the next turn of the event loop, in milliseconds. */
const LOOP_TURN_MS = 0.5;

export interface FairTurnsParts {
  /** Runs something in the next turn of the event loop, after what has come by then. */
  readonly schedule: (run: () => void) => void;
  readonly nowMs: () => number;
}

export class FairTurns {
  readonly #schedule: FairTurnsParts['schedule'];
  readonly #nowMs: () => number;
  /** From `#first` on they wait. */
  #waiting: (() => void)[] = [];
  #first = 0;
  /** Somebody has had this turn. */
  #isTaken = false;

  constructor({
    schedule = (run) => setImmediate(run),
    nowMs = () => performance.now(),
  }: Partial<FairTurnsParts> = {}) {
    this.#schedule = schedule;
    this.#nowMs = nowMs;
  }

  /** Resolves when it is the caller's turn, at once where nobody else had this one. It lasts until the caller awaits again. */
  next(): Promise<void> {
    if (!this.#isTaken) {
      this.#isTaken = true;
      this.#scheduleNext();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #scheduleNext(): void {
    this.#schedule(() => this.#pass(this.#nowMs() + LOOP_TURN_MS));
  }

  #pass(endMs: number): void {
    const resolve = this.#waiting[this.#first];
    if (resolve === undefined) {
      this.#isTaken = false;
      this.#waiting = [];
      this.#first = 0;
      return;
    }
    this.#first += 1;
    resolve();
    afterPromises(() => {
      if (this.#nowMs() < endMs) this.#pass(endMs);
      else this.#scheduleNext();
    });
  }
}

/** When whoever waits for a promise that is settled has gone on, as far as that goes without the event loop. */
function afterPromises(run: () => void): void {
  queueMicrotask(() => process.nextTick(run));
}

/** Those of the process, as its event loop is one: all that takes long stands in one queue. */
export const turns: FairTurns = new FairTurns();
