// Tells listeners that something changed: once for all changes of one turn, and at most once in `notifyIntervalMs`, so that
// a thousand entries in a burst are a few dozen renderings. What changed is in the snapshot, which is always current.
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';

export class Notifier {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #isScheduled = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  subscribe(listener: () => void): () => void {
    // A function of its own for each subscription: the same listener may be given twice.
    const subscription = (): void => listener();
    this.#listeners.add(subscription);
    return () => void this.#listeners.delete(subscription);
  }

  changed(): void {
    if (this.#isScheduled || this.#listeners.size === 0) return;
    this.#isScheduled = true;
    const restMs = this.#toldAt + CLIENT_LIMITS.notifyIntervalMs - this.#clock.now();
    // A microtask later, so that a listener never runs in the middle of a change.
    if (restMs <= 0 || restMs > CLIENT_LIMITS.notifyIntervalMs) queueMicrotask(() => this.#tell());
    else this.#clock.after(restMs, () => this.#tell());
  }

  #tell(): void {
    this.#isScheduled = false;
    this.#toldAt = this.#clock.now();
    // Each in an async function: a view's fault is the view's. It surfaces as an unhandled rejection, and the others are told.
    for (const listener of [...this.#listeners]) void (async () => listener())();
  }
}
