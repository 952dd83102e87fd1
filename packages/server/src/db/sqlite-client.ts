// The main thread's side of the database: calls in, promises out, the disk never waited for on this thread. Adapters
// (log/sqlite-log.ts, accounts/sqlite-guest-store.ts) attach their operation modules; the thread runs them.
import { ChatError } from '@wireroom/protocol';
import type { BatchTimes } from '../lib/stations.ts';
import { BatchLane } from './batch-lane.ts';
import { DB_LIMITS } from './limits.ts';
import type { DriverName } from './sqlite.ts';
import { OpenError } from './sqlite-error.ts';
import type { Call, FromThread, LaneName, ThreadPort } from './thread-port.ts';
import { WorkerPort } from './worker-port.ts';

export interface SqliteClientOptions {
  /** The thread died although nobody asked it to: nothing can be stored any more. Called once. */
  readonly onFailure: (error: Error) => void;
  readonly waitingMax?: number;
}

/** Opens the database file in a thread of its own. Rejects with an OpenError, a sentence for whoever starts the server. */
export function openSqlite(options: SqliteClientOptions & { readonly file: string }): Promise<SqliteClient> {
  return SqliteClient.over(new WorkerPort(options.file), options);
}

/** The operations of a module, by name: each takes one argument and may throw a ChatError. */
export type Operations<T> = { readonly [K in keyof T]: (input: never) => unknown };

export interface Attached<T extends Operations<T>> {
  /** `timed` is called before the answer, where the batch was committed. */
  write<K extends keyof T & string>(
    name: K,
    input: Parameters<T[K]>[0],
    timed?: (times: BatchTimes) => void,
  ): Promise<ReturnType<T[K]>>;
  read<K extends keyof T & string>(name: K, input: Parameters<T[K]>[0]): Promise<ReturnType<T[K]>>;
}

type CallArguments = [name: string, input: unknown, timed?: (times: BatchTimes) => void];

export class SqliteClient {
  readonly #port: ThreadPort;
  readonly #onFailure: (error: Error) => void;
  readonly #lanes: Readonly<Record<LaneName, BatchLane>>;
  readonly #opened: Promise<DriverName>;
  readonly #ended: Promise<void>;
  #settleOpened: { resolve: (driver: DriverName) => void; reject: (error: Error) => void } | undefined;
  #resolveEnded: () => void = () => {};
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #failure: Error | undefined;

  private constructor(port: ThreadPort, options: SqliteClientOptions) {
    this.#port = port;
    this.#onFailure = options.onFailure;
    const waitingMax = options.waitingMax ?? DB_LIMITS.waitingMax;
    this.#lanes = {
      write: this.#lane('write', DB_LIMITS.batchWritesMax, waitingMax),
      read: this.#lane('read', DB_LIMITS.batchReadsMax, waitingMax),
    };
    this.#opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    port.listen({ message: (message) => this.#receive(message), ended: (error) => this.#end(error) });
  }

  /** Resolves when the database is open. The port is a worker's, or a test's. */
  static async over(port: ThreadPort, options: SqliteClientOptions): Promise<SqliteClient> {
    const client = new SqliteClient(port, options);
    await client.#opened;
    return client;
  }

  /** How many transactions have been sent for commit: with many writers far fewer than operations. */
  get commitCount(): number {
    return this.#lanes.write.batchCount;
  }

  /** Makes a module's operations callable; it exports `createOperations(database)`, which returns a `T`. */
  attach<T extends Operations<T>>(module: URL): Attached<T> {
    if (this.#failure === undefined && this.#closing === undefined) {
      this.#port.send({ type: 'attach', module: module.href });
    }
    const call = (lane: LaneName, ...[name, input, timed]: CallArguments) =>
      this.#call(lane, { module: module.href, name, input }, timed);
    // The one place where the thread's answers get their types back: they are the module's own return values.
    return {
      write: (name, input, timed) => call('write', name, input, timed) as ReturnType<Attached<T>['write']>,
      read: (name, input) => call('read', name, input) as ReturnType<Attached<T>['read']>,
    } as Attached<T>;
  }

  /** Takes nothing new, writes what waits, and ends the thread. */
  close(): Promise<void> {
    this.#closing ??= this.#drainAndClose();
    return this.#closing;
  }

  async #drainAndClose(): Promise<void> {
    await Promise.all([this.#lanes.write.idle(), this.#lanes.read.idle()]);
    if (this.#failure === undefined) this.#port.send({ type: 'close' });
    await this.#ended;
  }

  #lane(lane: LaneName, batchMax: number, waitingMax: number): BatchLane {
    return new BatchLane({
      batchMax,
      waitingMax,
      send: (calls, isTimed) => this.#port.send({ type: 'run', lane, calls, ...(isTimed && { isTimed }) }),
    });
  }

  #call(lane: LaneName, call: Call, timed?: (times: BatchTimes) => void): Promise<unknown> {
    if (this.#failure !== undefined) {
      return Promise.reject(new ChatError('storage-failed', { cause: this.#failure }));
    }
    if (this.#closing !== undefined) return Promise.reject(new ChatError('shutting-down'));
    return this.#lanes[lane].submit(call, timed);
  }

  #receive(message: FromThread): void {
    switch (message.type) {
      case 'opened':
        this.#settleOpened?.resolve(message.driver);
        this.#settleOpened = undefined;
        return;
      case 'refused': {
        const { code, cause } = message;
        this.#settleOpened?.reject(new OpenError(code, message.message, { cause }));
        this.#settleOpened = undefined;
        this.#isClosed = true;
        return;
      }
      case 'ran':
        this.#lanes[message.lane].settle(message.outcomes, message.times);
        return;
      case 'closed':
        this.#isClosed = true;
        return;
    }
  }

  #end(error: Error | undefined): void {
    if (!this.#isClosed && this.#failure === undefined) {
      const failure = new Error('The database thread has ended unasked; nothing can be stored.', {
        cause: error,
      });
      this.#failure = failure;
      this.#lanes.write.fail(failure);
      this.#lanes.read.fail(failure);
      if (this.#settleOpened === undefined) this.#onFailure(failure);
      else this.#settleOpened.reject(failure);
    }
    this.#resolveEnded();
  }
}
