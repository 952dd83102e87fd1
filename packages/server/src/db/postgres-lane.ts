// Group commit on PostgreSQL: one batch of operations is one transaction on one session; what arrives meanwhile waits in a
// BatchLane. What the operations are is its owner's business (`perform`). Here: begin, commit, and every way to fail.
import { ChatError } from '@wireroom/protocol';
import { monotonicMicros } from '../lib/micros.ts';
import { BatchLane, type BatchWatch, type Ride } from './batch-lane.ts';
import { DB_LIMITS } from './limits.ts';
import type { HeldSession, Postgres, PostgresSession } from './postgres.ts';
import { isFaulty, isPassing, lostConnection } from './postgres-error.ts';
import type { Call, Outcome } from './thread-port.ts';

/** Does the batch's operations within the transaction of `session`, in their order; one outcome for each. */
export type Perform = (session: PostgresSession, calls: readonly Call[]) => Promise<readonly Outcome[]>;

export interface PostgresLaneOptions {
  readonly database: Postgres;
  readonly perform: Perform;
  readonly batchMax?: number;
  readonly waitingMax?: number;
  /** How long a batch may take in all, in milliseconds. */
  readonly timeoutMs?: number;
  /** Is told of every commit. */
  readonly watch?: BatchWatch | undefined;
}

/** Tries of one batch: another transaction in the way, or a session that was found dead before the commit was asked for. */
const TRIES_MAX = 3;

export class PostgresLane {
  readonly #database: Postgres;
  readonly #perform: Perform;
  readonly #timeoutMs: number;
  readonly #lane: BatchLane;
  #closing: Promise<void> | undefined;

  constructor(options: PostgresLaneOptions) {
    this.#database = options.database;
    this.#perform = options.perform;
    this.#timeoutMs = options.timeoutMs ?? DB_LIMITS.batchTimeoutMs;
    this.#lane = new BatchLane({
      batchMax: options.batchMax ?? DB_LIMITS.batchWritesMax,
      batchBytesMax: DB_LIMITS.batchBytesMax,
      waitingMax: options.waitingMax ?? DB_LIMITS.waitingMax,
      waitingBytesMax: DB_LIMITS.waitingBytesMax,
      send: (calls) => void this.#run(calls),
      watch: options.watch,
    });
  }

  get waitingCount(): number {
    return this.#lane.waitingCount;
  }

  get commitCount(): number {
    return this.#lane.batchCount;
  }

  /** Resolves after the commit. Rejects with a ChatError. */
  submit(name: string, input: unknown, ride?: Ride): Promise<unknown> {
    if (this.#closing !== undefined) return Promise.reject(new ChatError('shutting-down'));
    return this.#lane.submit({ module: 'postgres', name, input }, ride);
  }

  /** Takes nothing new and writes what waits. */
  close(): Promise<void> {
    this.#closing ??= this.#lane.idle();
    return this.#closing;
  }

  async #run(calls: readonly Call[]): Promise<void> {
    let session: HeldSession;
    try {
      session = await this.#database.hold('write');
    } catch (error) {
      // Nobody answers there: those who wait are told at once instead of each after the next attempt.
      this.#lane.fail(asError(error));
      return;
    }
    const begunAt = monotonicMicros();
    const dueAt = performance.now() + this.#timeoutMs;
    const outcomes = await this.#commit(session, { calls, attempt: 1, dueAt });
    this.#lane.settle(outcomes, { begunAt, committedAt: monotonicMicros() });
  }

  async #commit(session: HeldSession, batch: Batch): Promise<readonly Outcome[]> {
    const progress: Progress = { isCommitting: false };
    // A server that is there but does not answer: the session is cut, and whatever is under way on it fails.
    const deadline = setTimeout(
      () => session.release(new Error('PostgreSQL did not answer in time')),
      batch.dueAt - performance.now(),
    );
    try {
      const outcomes = await this.#transact(session, batch.calls, progress);
      session.release();
      return outcomes;
    } catch (error) {
      clearTimeout(deadline);
      return this.#recover({ session, batch, error, ...progress });
    } finally {
      clearTimeout(deadline);
    }
  }

  async #transact(
    session: HeldSession,
    calls: readonly Call[],
    progress: Progress,
  ): Promise<readonly Outcome[]> {
    await session.query('BEGIN');
    const outcomes = await this.#perform(session, calls);
    progress.isCommitting = true;
    // The one place where a batch becomes durable: COMMIT returns when the disk has it, or it throws.
    await session.query('COMMIT');
    return outcomes;
  }

  async #recover({ session, batch, error, isCommitting }: Failed): Promise<readonly Outcome[]> {
    const { calls, attempt, dueAt } = batch;
    const isLost = lostConnection(error);
    await endOf(session, isLost ? error : undefined);
    // Nothing of it can have been committed: the same again, if there is hope, and time to find another session.
    const isSafe = (isLost && !isCommitting) || isPassing(error);
    const isTime = performance.now() + DB_LIMITS.connectTimeoutMs < dueAt;
    if (isSafe && isTime && attempt < TRIES_MAX) return this.#again({ ...batch, attempt: attempt + 1 });
    if (isFaulty(error) && calls.length > 1) return this.#oneByOne(batch);
    return calls.map(() => failedWith(error, isFaulty(error) ? 'internal' : 'storage-failed'));
  }

  async #again(batch: Batch): Promise<readonly Outcome[]> {
    try {
      return await this.#commit(await this.#database.hold('write'), batch);
    } catch (error) {
      return batch.calls.map(() => failedWith(error, 'storage-failed'));
    }
  }

  /** One of them breaks the batch: alone, it breaks nobody else's (rule L2.4). */
  async #oneByOne({ calls, dueAt }: Batch): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const call of calls)
      outcomes.push(...(await this.#again({ calls: [call], attempt: TRIES_MAX, dueAt })));
    return outcomes;
  }
}

interface Batch {
  readonly calls: readonly Call[];
  readonly attempt: number;
  /** By the monotonic clock: then the session is cut. */
  readonly dueAt: number;
}

interface Progress {
  /** COMMIT was sent: if no answer comes, nobody here knows what became of it. */
  isCommitting: boolean;
}

interface Failed extends Progress {
  readonly session: HeldSession;
  readonly batch: Batch;
  readonly error: unknown;
}

/** An operation's own refusal, for `perform`. */
export function outcomeOf(operation: () => unknown): Outcome {
  try {
    return { ok: true, value: operation() };
  } catch (error) {
    if (error instanceof ChatError) return { ok: false, code: error.code, retryAfterMs: error.retryAfterMs };
    return failedWith(error, 'internal');
  }
}

function failedWith(error: unknown, code: 'internal' | 'storage-failed'): Outcome {
  return { ok: false, code, cause: asError(error).stack ?? String(error) };
}

async function endOf(session: HeldSession, lost: Error | undefined): Promise<void> {
  try {
    if (lost === undefined) await session.query('ROLLBACK');
    session.release(lost);
  } catch (error) {
    session.release(asError(error));
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
