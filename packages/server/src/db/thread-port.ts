// What passes between the main thread and the database thread, and the port it passes through. Plain data only.
import type { ChatErrorCode } from '@wireroom/protocol';
import type { DriverName } from './sqlite.ts';
import type { OpenErrorCode } from './sqlite-error.ts';

/** Writes share a transaction that is committed to disk; reads share a snapshot, and see every write answered before. */
export type LaneName = 'write' | 'read';

/** What a thread is started with. One writes, and holds the lock of the file; others read. */
export interface ThreadTask {
  readonly file: string;
  readonly role: 'writer' | 'reader';
}

export function isThreadTask(value: unknown): value is ThreadTask {
  const isObject = typeof value === 'object' && value !== null;
  return isObject && 'file' in value && typeof value.file === 'string' && 'role' in value;
}

/** One operation: a function of an operation module, called by name. */
export interface Call {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly code: ChatErrorCode;
      readonly retryAfterMs?: number | undefined;
      /** What went wrong beneath, for the server's own log. */
      readonly cause?: string | undefined;
      /** The file is damaged: the sentence of an OpenError. */
      readonly damage?: string | undefined;
    };

/** Before the transaction began and after its commit returned, in microseconds of the monotonic clock. */
export interface ThreadTimes {
  readonly begunAt: number;
  readonly committedAt: number;
}

export type ToThread =
  /** Makes the operations of a module (its file URL) callable. */
  | { readonly type: 'attach'; readonly module: string }
  | {
      readonly type: 'run';
      readonly lane: LaneName;
      readonly calls: readonly Call[];
      /** Somebody wants to know when it was done. */
      readonly isTimed?: boolean;
    }
  /** What is in the write-ahead log is to be taken over into the file, as far as nobody has to wait for that. */
  | { readonly type: 'checkpoint' }
  | { readonly type: 'close' };

export type FromThread =
  | { readonly type: 'opened'; readonly driver: DriverName }
  | {
      readonly type: 'refused';
      readonly code: OpenErrorCode;
      readonly message: string;
      readonly cause: string;
    }
  /** Outcomes in the order of the calls. For writes: the commit has returned. */
  | {
      readonly type: 'ran';
      readonly lane: LaneName;
      readonly outcomes: readonly Outcome[];
      readonly times?: ThreadTimes;
    }
  | { readonly type: 'closed' };

export interface PortListener {
  message(message: FromThread): void;
  /** The thread is no more, with the error that ended it if there was one. Comes once, and last. */
  ended(error: Error | undefined): void;
}

/** The main thread's end. Messages arrive in order. */
export interface ThreadPort {
  /** Called once, before the first `send`. */
  listen(listener: PortListener): void;
  send(message: ToThread): void;
}
