// The database thread's side of the conversation: opens the file, says so or why not, then runs batch after batch.
// It is given its two ends as functions, so that it also runs without a thread (inline-thread.ts).

import { monotonicMicros } from '../lib/micros.ts';
import { moduleInThread } from '../lib/thread-start.ts';
import { OpenError } from './sqlite-error.ts';
import type { SqliteExecutor } from './sqlite-executor.ts';
import type { FromThread, ToThread } from './thread-port.ts';

export interface ThreadService {
  /** Messages are handled one after the other, in the order of the calls. Rejects where the thread cannot go on. */
  handle(message: ToThread): Promise<void>;
}

/** `undefined`: refused, and said so. */
export async function startThreadService(
  open: () => Promise<SqliteExecutor>,
  answer: (message: FromThread) => void,
): Promise<ThreadService | undefined> {
  let executor: SqliteExecutor;
  try {
    executor = await open();
  } catch (error) {
    if (!(error instanceof OpenError)) throw error;
    const { code, message, cause } = error;
    answer({ type: 'refused', code, message, cause: cause instanceof Error ? cause.message : '' });
    return undefined;
  }
  answer({ type: 'opened', driver: executor.database.driver });
  let last = Promise.resolve();
  return {
    handle(message) {
      last = last.then(() => perform(executor, message, answer));
      return last;
    },
  };
}

async function perform(
  executor: SqliteExecutor,
  message: ToThread,
  answer: (message: FromThread) => void,
): Promise<void> {
  switch (message.type) {
    case 'attach':
      return attach(executor, message.module);
    case 'run': {
      const { lane, calls, isTimed = false } = message;
      const begunAt = isTimed ? monotonicMicros() : 0;
      const outcomes = lane === 'write' ? executor.write(calls) : executor.read(calls);
      const times = isTimed ? { times: { begunAt, committedAt: monotonicMicros() } } : {};
      return answer({ type: 'ran', lane, outcomes, ...times });
    }
    case 'checkpoint':
      return executor.checkpoint();
    case 'close':
      executor.close();
      return answer({ type: 'closed' });
  }
}

/** An operation module exports `createOperations(database)`, which returns its operations by name. */
async function attach(executor: SqliteExecutor, module: string): Promise<void> {
  const loaded: unknown = await import(/* @vite-ignore */ moduleInThread(module));
  if (!isRecord(loaded) || typeof loaded.createOperations !== 'function') {
    throw new TypeError(`${module} exports no createOperations`);
  }
  const operations: unknown = loaded.createOperations(executor.database);
  if (!isRecord(operations)) throw new TypeError(`createOperations of ${module} returns no operations`);
  executor.attach(module, operations);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
