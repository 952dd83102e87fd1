// Handshakes by portions: a thousand who connect in the same moment are let in some per turn of the event loop, in the order in which
// they asked, so that nobody who is connected already waits for all of them. One queue for the process, because the loop is one.
import { HANDSHAKES_PER_TURN } from '../limits.ts';

export class HandshakeTurns {
  #left = HANDSHAKES_PER_TURN;
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** Runs it at once where this turn has room for it, else in one of the next. True: it has run. */
  take(run: () => void): boolean {
    this.#schedule();
    if (this.#left === 0 || this.#waiting.length > 0) {
      this.#waiting.push(run);
      return false;
    }
    this.#left -= 1;
    run();
    return true;
  }

  #pass(): void {
    const portion = this.#waiting.splice(0, HANDSHAKES_PER_TURN);
    this.#left = HANDSHAKES_PER_TURN - portion.length;
    if (portion.length > 0) this.#schedule();
    let next = 0;
    try {
      while (next < portion.length) portion[next++]?.();
    } finally {
      // One has thrown, which is its program's business: those behind it still have their turn, before all others.
      if (next < portion.length) this.#waiting.unshift(...portion.slice(next));
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#pass();
    });
  }
}

export const handshakeTurns: HandshakeTurns = new HandshakeTurns();
