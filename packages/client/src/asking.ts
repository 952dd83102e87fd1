// What one part of a room asks of the server: its answers count until it is interrupted, and what was refused for now is tried
// again with back-off. requests.ts knows the commands of a whole connection; here is only who still wants to hear.
import { retryDelayMs } from './backoff.ts';
import type { Clock, Random } from './clock.ts';
import type { Answered, Request } from './requests.ts';

export interface AskingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly request: (request: Request, answered: Answered) => void;
}

export class Asking {
  readonly #parts: AskingParts;
  /** What was begun before an interruption is not for us any more. */
  #generation = 0;
  #attempt = 0;
  #cancelRetry: () => void = () => {};

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  ask(request: Request, answered: Answered): void {
    this.#parts.request(request, this.untilInterrupted(answered));
  }

  /** The same function, but after the next interruption it does nothing. */
  untilInterrupted<Given extends unknown[]>(act: (...given: Given) => void): (...given: Given) => void {
    const generation = this.#generation;
    return (...given) => {
      if (generation === this.#generation) act(...given);
    };
  }

  /** After the wait that the server asked for, or the back-off's own. Only the last one is waited for. */
  later(act: () => void, retryAfterMs?: number): void {
    const { clock, random } = this.#parts;
    this.#cancelRetry();
    this.#cancelRetry = clock.after(retryDelayMs(retryAfterMs, this.#attempt, random), act);
    this.#attempt += 1;
  }

  /** The next wait is a short one again. */
  succeeded(): void {
    this.#attempt = 0;
  }

  interrupt(): void {
    this.#generation += 1;
    this.#cancelRetry();
  }
}
