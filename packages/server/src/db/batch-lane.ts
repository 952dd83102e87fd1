// Group commit, seen from the main thread: one batch is under way, what arrives meanwhile waits and rides in the next. Where many
// wait, the next is handed over before the one before it is answered: the thread does not wait for this one.
// Bounded: past the bound a call is refused at once. It knows neither thread nor SQLite; sqlite-client.ts is next.
import { ChatError } from '@wireroom/protocol';
import { since1970 } from '../lib/micros.ts';
import type { BatchTimes } from '../lib/stations.ts';
import { DB_LIMITS } from './limits.ts';
import { OpenError } from './sqlite-error.ts';
import type { Call, Outcome, ThreadTimes } from './thread-port.ts';

/** What a call brings along beside its input. */
export interface Ride {
  /** Wants to know when its batch was worked on; called before the answer. */
  readonly timed?: (times: BatchTimes) => void;
  /** What its texts take up in memory, in bytes, where they may be long. */
  readonly bytes?: number;
  /** Somebody waits for the answer to each of these: they go before others that wait. */
  readonly goesFirst?: boolean;
}

interface Waiting {
  readonly call: Call;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timed: Ride['timed'];
  readonly bytes: number;
}

export interface BatchLaneOptions {
  readonly batchMax: number;
  /** Of one batch, as many may be calls that do not go first: nobody who does waits long for a batch of others. */
  readonly batchOthersMax?: number;
  readonly batchBytesMax: number;
  readonly waitingMax: number;
  readonly waitingBytesMax: number;
  readonly send: (calls: readonly Call[], isTimed: boolean) => void;
  /** Is told of every batch. */
  readonly watch?: BatchWatch | undefined;
}

/** Whoever counts what becomes of batches. */
export interface BatchWatch {
  /** It is on disk; its callers have not heard of it yet. */
  committed(times: BatchTimes): void;
  /** Nothing of it was stored. */
  failed(): void;
}

export class BatchLane {
  readonly #options: BatchLaneOptions;
  #waiting: Waiting[] = [];
  /** Those that go first. */
  #first: Waiting[] = [];
  /** Batches in the order in which they were sent: one, or two where many wait. */
  #underWay: (readonly Waiting[])[] = [];
  #waitingBytes = 0;
  #batchCount = 0;
  #onIdle: (() => void) | undefined;

  constructor(options: BatchLaneOptions) {
    this.#options = options;
  }

  /** How many operations wait for their batch. */
  get waitingCount(): number {
    return this.#waiting.length + this.#first.length;
  }

  /** How many batches have been sent. */
  get batchCount(): number {
    return this.#batchCount;
  }

  /** Resolves with what the operation returned, after its batch was committed. Rejects with a ChatError. */
  submit(call: Call, ride: Ride = {}): Promise<unknown> {
    const bytes = DB_LIMITS.operationBytes + (ride.bytes ?? 0);
    const { waitingMax, waitingBytesMax } = this.#options;
    if (this.waitingCount >= waitingMax || this.#waitingBytes + bytes > waitingBytesMax) {
      return Promise.reject(new ChatError('busy', { retryAfterMs: DB_LIMITS.busyRetryAfterMs }));
    }
    return new Promise((resolve, reject) => {
      const queue = ride.goesFirst === true ? this.#first : this.#waiting;
      queue.push({ call, resolve, reject, timed: ride.timed, bytes });
      this.#waitingBytes += bytes;
      this.#sendOn();
    });
  }

  /** The answer to the batch under way. The next one leaves before anybody hears of this one: the disk never idles. */
  settle(outcomes: readonly Outcome[], times?: ThreadTimes): void {
    const settled = this.#underWay.shift() ?? [];
    this.#sendOn();
    this.#tell(settled, outcomes, times);
    for (const [index, waiting] of settled.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) waiting.resolve(outcome.value);
      else waiting.reject(refusal(outcome));
    }
  }

  /** Nothing more will be answered. */
  fail(cause: Error): void {
    const lost = [...this.#underWay.flat(), ...this.#first, ...this.#waiting];
    this.#underWay = [];
    this.#first = [];
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#options.watch?.failed();
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

  #tell(batch: readonly Waiting[], outcomes: readonly Outcome[], thread: ThreadTimes | undefined): void {
    const { watch } = this.#options;
    const hasFailed = outcomes.some((outcome) => !outcome.ok && outcome.code === 'storage-failed');
    if (hasFailed) watch?.failed();
    if (thread === undefined) return;
    const times = {
      begunAt: since1970(thread.begunAt),
      committedAt: since1970(thread.committedAt),
      size: batch.length,
    };
    if (!hasFailed) watch?.committed(times);
    for (const { timed } of batch) timed?.(times);
  }

  #sendOn(): void {
    if (this.#underWay.length === 0) this.#send(this.#next());
    const isCrowded = this.#first.length * 2 >= this.#options.batchMax;
    if (this.#underWay.length === 1 && isCrowded) this.#send(this.#next());
    if (this.#underWay.length === 0) this.#onIdle?.();
  }

  #send(batch: readonly Waiting[]): void {
    if (batch.length === 0) return;
    this.#underWay.push(batch);
    this.#batchCount += 1;
    const isTimed = this.#options.watch !== undefined || batch.some(({ timed }) => timed !== undefined);
    this.#options.send(
      batch.map(({ call }) => call),
      isTimed,
    );
  }

  /** The next batch: as many as the bounds allow, but one in any case. Some places are kept for those that do not go first. */
  #next(): readonly Waiting[] {
    const { batchMax, batchOthersMax = batchMax, batchBytesMax } = this.#options;
    const othersMax = Math.min(batchOthersMax, this.#waiting.length);
    const keptForOthers = Math.min(othersMax, batchMax >> 1);
    const first = thatFit(this.#first, batchMax - keptForOthers, batchBytesMax);
    const bytesLeft = first.length === 0 ? batchBytesMax : batchBytesMax - bytesOf(first);
    const others = thatFit(this.#waiting, Math.min(othersMax, batchMax - first.length), bytesLeft);
    // One that fits in any case fits beside nobody.
    const batch = [...first, ...others];
    if (first.length > 0 && bytesOf(batch) > batchBytesMax) batch.length = first.length;
    this.#first.splice(0, first.length);
    this.#waiting.splice(0, batch.length - first.length);
    this.#waitingBytes -= bytesOf(batch);
    return batch;
  }
}

/** The first of a queue that stay within both bounds, but one in any case. */
function thatFit(queue: readonly Waiting[], max: number, bytesMax: number): readonly Waiting[] {
  let size = 0;
  let bytes = 0;
  for (const waiting of queue) {
    if (size >= max || (size > 0 && bytes + waiting.bytes > bytesMax)) break;
    size += 1;
    bytes += waiting.bytes;
  }
  return queue.slice(0, size);
}

function bytesOf(calls: readonly Waiting[]): number {
  return calls.reduce((sum, { bytes }) => sum + bytes, 0);
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
