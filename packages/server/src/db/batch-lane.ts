// Group commit, seen from the main thread: one batch is under way, what arrives meanwhile waits and rides in the next.
// Bounded: past the bound a call is refused at once. It knows neither thread nor SQLite; sqlite-client.ts is next.
import { ChatError } from '@wireroom/protocol';
import { since1970 } from '../lib/micros.ts';
import type { BatchTimes } from '../lib/stations.ts';
import { DB_LIMITS } from './limits.ts';
import { OpenError } from './sqlite-error.ts';
import type { Call, Outcome, ThreadTimes } from './thread-port.ts';

interface Waiting {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** Wants to know when its batch was worked on. */
  readonly timed: ((times: BatchTimes) => void) | undefined;
}

export interface BatchLaneOptions {
  readonly batchMax: number;
  readonly waitingMax: number;
  readonly send: (calls: readonly Call[], isTimed: boolean) => void;
}

export class BatchLane {
  readonly #options: BatchLaneOptions;
  #waiting: Waiting[] = [];
  #underWay: readonly Waiting[] = [];
  #batchCount = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: BatchLaneOptions) {
    this.#options = options;
  }

  /** How many batches have been sent. */
  get batchCount(): number {
    return this.#batchCount;
  }

  /** Resolves with what the operation returned, after its batch was committed. Rejects with a ChatError. */
  submit(call: Call, timed?: (times: BatchTimes) => void): Promise<unknown> {
    if (this.#waiting.length >= this.#options.waitingMax) {
      return Promise.reject(new ChatError('busy', { retryAfterMs: DB_LIMITS.busyRetryAfterMs }));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject, timed });
      if (this.#underWay.length === 0) this.#sendNext();
    });
  }

  /** The answer to the batch under way. The next one leaves before anybody hears of this one: the disk never idles. */
  settle(outcomes: readonly Outcome[], times?: ThreadTimes): void {
    const settled = this.#underWay;
    this.#sendNext();
    if (times !== undefined) tellTimes(settled, times);
    for (const [index, waiting] of settled.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) waiting.resolve(outcome.value);
      else waiting.reject(refusal(outcome));
    }
  }

  /** Nothing more will be answered. */
  fail(cause: Error): void {
    const lost = [...this.#underWay, ...this.#waiting];
    this.#underWay = [];
    this.#waiting = [];
    for (const waiting of lost) waiting.reject(new ChatError('storage-failed', { cause }));
    this.#onIdle?.();
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#underWay.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  #sendNext(): void {
    this.#underWay = this.#waiting.splice(0, this.#options.batchMax);
    if (this.#underWay.length === 0) {
      this.#onIdle?.();
      return;
    }
    this.#batchCount += 1;
    const isTimed = this.#underWay.some((waiting) => waiting.timed !== undefined);
    this.#options.send(
      this.#underWay.map((waiting) => waiting.call),
      isTimed,
    );
  }
}

function tellTimes(batch: readonly Waiting[], { begunAt, committedAt }: ThreadTimes): void {
  const times = {
    begunAt: since1970(begunAt),
    committedAt: since1970(committedAt),
    size: batch.length,
  };
  for (const { timed } of batch) timed?.(times);
}

function refusal(outcome: Exclude<Outcome, { ok: true }> | undefined): ChatError {
  if (outcome === undefined)
    return new ChatError('internal', { cause: new Error('A batch was answered in part.') });
  const { code, retryAfterMs, damage } = outcome;
  const beneath = outcome.cause === undefined ? undefined : new Error(outcome.cause);
  const cause = damage === undefined ? beneath : new OpenError('unusable', damage, { cause: beneath });
  return new ChatError(code, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}
