// Leaving for good: every room is told, and waited for within reason, before the connection may go.
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { Answered, Request } from './requests.ts';

export interface FarewellParts {
  /** The rooms to leave: one at least. */
  readonly slugs: readonly string[];
  readonly clock: Clock;
  readonly request: (request: Request, answered: Answered) => void;
  /** Once: everybody has confirmed, or it took too long, or `finish` was called. `done` waits for it. */
  readonly finished: () => Promise<void>;
}

export class Farewell {
  readonly done: Promise<void>;
  readonly #finished: () => Promise<void>;
  readonly #cancelTimeout: () => void;
  readonly #unanswered: Set<string>;
  #resolve: (finished: Promise<void>) => void = () => {};
  #isFinished = false;

  constructor({ slugs, clock, request, finished }: FarewellParts) {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#finished = finished;
    this.#unanswered = new Set(slugs);
    this.#cancelTimeout = clock.after(CLIENT_LIMITS.exitTimeoutMs, () => this.finish());
    for (const slug of slugs) {
      request({ type: 'leave', room: slug }, () => {
        this.#unanswered.delete(slug);
        if (this.#unanswered.size === 0) this.finish();
      });
    }
  }

  /** Waits no longer. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#cancelTimeout();
    this.#resolve(this.#finished());
  }
}
