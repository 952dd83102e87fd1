// Watches a reader that has more waiting than it should: as long as it takes something, however slowly, it may stay; one that takes
// nothing at all is given up after a while. Time is given; that nobody is pushed to meanwhile is the session's business.
import type { Timers } from '../rooms/rooms.ts';
import { GATEWAY_LIMITS } from './limits.ts';

export interface StuckWatchParts {
  readonly timers: Timers;
  /** Bytes that wait for the reader. */
  readonly waitingBytes: () => number;
  readonly onStuck: () => void;
}

export class StuckWatch {
  readonly #parts: StuckWatchParts;
  #timer: unknown;

  constructor(parts: StuckWatchParts) {
    this.#parts = parts;
  }

  /** Something was sent. */
  sent(): void {
    const waiting = this.#parts.waitingBytes();
    if (this.#timer === undefined && waiting >= GATEWAY_LIMITS.bufferedBytesMax) this.#watch(waiting);
  }

  stop(): void {
    if (this.#timer === undefined) return;
    this.#parts.timers.clear(this.#timer);
    this.#timer = undefined;
  }

  #watch(bytesBefore: number): void {
    this.#timer = this.#parts.timers.set(() => {
      this.#timer = undefined;
      const waiting = this.#parts.waitingBytes();
      if (waiting >= bytesBefore) this.#parts.onStuck();
      else if (waiting > 0) this.#watch(waiting);
    }, GATEWAY_LIMITS.stuckMs);
  }
}
