// Turns for what takes long: one at a time per turn of the event loop, in the order in which they were asked for. However many
// readers come back at once, what else the server does waits for one piece of one answer and not for all of them.

export class FairTurns {
  readonly #schedule: (run: () => void) => void;
  /** From `#first` on they wait. */
  #waiting: (() => void)[] = [];
  #first = 0;
  /** Somebody has had this turn. */
  #isTaken = false;

  /** `schedule` runs something in the next turn of the event loop, after what has come by then. */
  constructor(schedule: (run: () => void) => void = (run) => setImmediate(run)) {
    this.#schedule = schedule;
  }

  /** Resolves when it is the caller's turn, at once where nobody else had this one. It lasts until the caller awaits again. */
  next(): Promise<void> {
    if (!this.#isTaken) {
      this.#take();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #take(): void {
    this.#isTaken = true;
    this.#schedule(() => this.#pass());
  }

  #pass(): void {
    this.#isTaken = false;
    const resolve = this.#waiting[this.#first];
    if (resolve === undefined) {
      this.#waiting = [];
      this.#first = 0;
      return;
    }
    this.#first += 1;
    this.#take();
    resolve();
  }
}

/** Those of the process, as its event loop is one: all that takes long stands in one queue. */
export const turns: FairTurns = new FairTurns();
