// Leaving for good: every room is told, and waited for within reason, before the connection may go.
import type { Clock } from './clock.ts';
import { CLIENT_LIMITS } from './limits.ts';
import type { Answered, Request } from './requests.ts';

export interface FarewellParts {
  /** The rooms to leave; none where nobody can be told. */
  readonly slugs: readonly string[];
  readonly clock: Clock;
  readonly request: (request: Request, answered: Answered) => void;
  /** Once: everybody has confirmed, or it took too long, or `finish` was called. */
  readonly finished: () => void;
}

export class Farewell {
  readonly done: Promise<void>;
  readonly #finished: () => void;
  readonly #cancelTimeout: () => void;
  readonly #unanswered: Set<string>;
  #resolve: () => void = () => {};
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
    if (slugs.length === 0) this.finish();
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Waits no longer. */
  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#cancelTimeout();
    this.#finished();
    this.#resolve();
  }
}
