// Does the store take what is written? Learned from the log's commits; once one has failed, the store is asked every second by a
// write of its own until it takes it, so that a server that nobody is sent to any more notices when its disk is well again.
import type { BatchWatch } from './db/batch-lane.ts';
import type { StoreCounts } from './lib/counts.ts';
import type { BatchTimes } from './lib/stations.ts';
import type { Timers } from './rooms/rooms.ts';

/** How often the store is asked while it fails, in milliseconds. */
export const PROBE_MS = 1_000;

export class StoreHealth implements BatchWatch {
  readonly #counts: StoreCounts;
  readonly #timers: Timers;
  #probe: (() => Promise<void>) | undefined;
  #timer: unknown;
  #isFailing = false;
  #isStopped = false;

  constructor(counts: StoreCounts, timers: Timers) {
    this.#counts = counts;
    this.#timers = timers;
  }

  /** Could nothing be stored the last time that something was to be? */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** How to ask the store, as soon as it is open. */
  probeBy(probe: () => Promise<void>): void {
    this.#probe = probe;
  }

  committed({ begunAt, committedAt, size }: BatchTimes): void {
    this.#counts.commitSeconds.observe((committedAt - begunAt) / 1e6);
    this.#counts.batchSizes.observe(size);
    this.#counts.committedAt = committedAt;
  }

  failed(): void {
    this.#counts.failures += 1;
    this.#isFailing = true;
    this.#wait();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timers.clear(this.#timer);
  }

  #wait(): void {
    if (this.#timer !== undefined || this.#isStopped) return;
    this.#timer = this.#timers.set(() => void this.#ask(), PROBE_MS);
  }

  /** What a batch of repeated drafts says is no proof: it writes nothing. This does. */
  async #ask(): Promise<void> {
    try {
      await this.#probe?.();
      this.#timer = undefined;
      this.#isFailing = false;
    } catch {
      // Whoever wrote was told, and so was the log of the server; this only asks again.
      this.#timer = undefined;
      this.#wait();
    }
  }
}
