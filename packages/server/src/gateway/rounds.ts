// Rounds: everybody on the list has their turn once per interval, a few at a time, so that ten thousand connections are not all
// told something in the same turn of the event loop. Time is given. Knows no connections and no protocol.
import type { Timers } from '../rooms/rooms.ts';

/** Into how many groups the list is divided, one after the other per interval. */
const GROUPS = 25;

export interface RoundsParts {
  readonly intervalMs: number;
  readonly timers: Timers;
}

export class Rounds {
  readonly #parts: RoundsParts;
  readonly #groups: readonly Set<() => void>[] = Array.from({ length: GROUPS }, () => new Set());
  #current = 0;
  #timer: unknown;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
    this.#wait();
  }

  /** Has `visit` called every interval, for the first time after one. Returns what ends it. */
  add(visit: () => void): () => void {
    const group = this.#groups[this.#current];
    group?.add(visit);
    return () => void group?.delete(visit);
  }

  stop(): void {
    this.#parts.timers.clear(this.#timer);
  }

  #wait(): void {
    this.#timer = this.#parts.timers.set(() => {
      this.#current = (this.#current + 1) % GROUPS;
      this.#wait();
      for (const visit of this.#groups[this.#current] ?? []) visit();
    }, this.#parts.intervalMs / GROUPS);
  }
}
