// The commands under way on one connection: each has a ref, one answer and a deadline. Lives as long as its connection.
import type { Command, Ref, ServerEvent } from '@wireroom/protocol';
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';

type WithoutRef<Each> = Each extends Command ? Omit<Each, 'ref'> : never;
/** A command as its author writes it: the connection adds the ref. */
export type Request = WithoutRef<Command>;

/** Every event that bears the ref of a command. */
export type Answer = Exclude<ServerEvent, { type: 'entry' | 'heads' | 'restarting' }>;
/** How long the server asks to wait before it is asked again, where it does. */
export const retryAfterOf = (answer: Answer): number | undefined =>
  answer.type === 'refused' ? answer.retryAfterMs : undefined;

export type Answered = (answer: Answer) => void;

interface Waiting {
  readonly answered: Answered;
  readonly cancelDeadline: () => void;
}

export class Requests {
  readonly #clock: Clock;
  readonly #overdue: () => void;
  readonly #waiting = new Map<Ref, Waiting>();
  #lastRef = 0;

  constructor(clock: Clock, overdue: () => void) {
    this.#clock = clock;
    this.#overdue = overdue;
  }

  /** Returns the command to send. */
  add(request: Request, answered: Answered): Command {
    if (this.#waiting.size >= CLIENT_LIMITS.requestsMax) throw new Error('too many commands');
    this.#lastRef += 1;
    this.#await(this.#lastRef, answered);
    return { ...request, ref: this.#lastRef };
  }

  /** An answer to nothing, or a second one, is dropped: tells whether it was expected. */
  settle(answer: Answer): boolean {
    if (answer.ref === null) return false;
    const waiting = this.#waiting.get(answer.ref);
    if (waiting === undefined) return false;
    waiting.cancelDeadline();
    // An answer in parts is over with its last one.
    if (answer.type === 'resumed' && !answer.isLast) this.#await(answer.ref, waiting.answered);
    else this.#waiting.delete(answer.ref);
    waiting.answered(answer);
    return true;
  }

  #await(ref: Ref, answered: Answered): void {
    const cancelDeadline = this.#clock.after(CLIENT_LIMITS.answerTimeoutMs, this.#overdue);
    this.#waiting.set(ref, { answered, cancelDeadline });
  }

  /** Nobody will be answered any more. */
  drop(): void {
    for (const { cancelDeadline } of this.#waiting.values()) cancelDeadline();
    this.#waiting.clear();
  }
}
