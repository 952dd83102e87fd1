// One timer for all time-outs of a server (or of one client connection), instead of one per connection and purpose.
// It runs only while it has something to watch, and never keeps the process alive by itself.
import { Roster, type Seating } from './roster.ts';

export interface Watched {
  /** Its seat in the watch; -1 to begin with. */
  watchSeat: number;
  /** Called at every tick with the monotonic time in milliseconds. */
  tick(nowMs: number): void;
}

/** The clock behind the time-outs; tests bring their own. */
export interface Clock {
  /** Milliseconds that only grow. */
  nowMs(): number;
  /** Calls `tick` every `everyMs` until the returned function is called. */
  every(everyMs: number, tick: () => void): () => void;
}

export const SYSTEM_CLOCK: Clock = {
  nowMs: () => performance.now(),
  every(everyMs, tick) {
    const timer = setInterval(tick, everyMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};

const WATCH_SEATS: Seating<Watched> = {
  seatOf: ({ watchSeat }) => watchSeat,
  seat: (watched, seat) => {
    watched.watchSeat = seat;
  },
};

export class Watch {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #watched = new Roster<Watched>(WATCH_SEATS);
  #stop: (() => void) | undefined;

  constructor(clock: Clock, tickMs: number) {
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  add(watched: Watched): void {
    this.#watched.add(watched);
    this.#stop ??= this.#clock.every(this.#tickMs, () => this.#tick());
  }

  delete(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #tick(): void {
    const now = this.#clock.nowMs();
    // What one of them does may end another.
    for (const watched of this.#watched) if (this.#watched.has(watched)) watched.tick(now);
  }
}
