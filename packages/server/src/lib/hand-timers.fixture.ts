// Timers that a test lets run out: time passes when it says so, and only then.

interface Timer {
  readonly callback: () => void;
  readonly atMs: number;
}

export class HandTimers {
  #nowMs = 0;
  readonly #timers = new Set<Timer>();

  set(callback: () => void, ms: number): Timer {
    const timer = { callback, atMs: this.#nowMs + ms };
    this.#timers.add(timer);
    return timer;
  }

  clear(timer: unknown): void {
    this.#timers.delete(timer as Timer);
  }

  get count(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.#nowMs = next.atMs;
      next.callback();
    }
    this.#nowMs = untilMs;
  }
}
