// A clock that stands still until a test moves it. For tests only.
import type { Clock } from '../net/watch.ts';

interface Timer {
  readonly everyMs: number;
  readonly tick: () => void;
  nextMs: number;
}

export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#nowMs;
  }

  every(everyMs: number, tick: () => void): () => void {
    const timer = { everyMs, tick, nextMs: this.#nowMs + everyMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers run. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Lets time pass, tick by tick. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.nextMs <= untilMs);
      const [next] = due.sort((a, b) => a.nextMs - b.nextMs);
      if (next === undefined) break;
      this.#nowMs = next.nextMs;
      next.nextMs += next.everyMs;
      next.tick();
    }
    this.#nowMs = untilMs;
  }
}
