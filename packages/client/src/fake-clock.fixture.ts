// Time in a test's hand: it passes when the test says so, and timers fire in the order of their times.
import type { Clock, Random } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  /** The machine slept: timers that were due meanwhile fire now, late. */
  jump(ms: number): void {
    this.#now += ms;
    this.pass(0);
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!first || timer.at < first.at)) first = timer;
    return first;
  }
}

/** The highest jitter every time, so that waits are as long as they can be; ids count up. */
export function fixedRandom(fraction = 0.999_999): Random {
  let count = 0;
  return {
    fraction: () => fraction,
    bytes: (length) => {
      count += 1;
      return Uint8Array.from({ length }, (_, index) => (index < 2 ? (count >> (8 * (1 - index))) & 255 : 7));
    },
  };
}

/** The outbox's store answers, and what it holds up goes on. */
export const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
