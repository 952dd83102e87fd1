// The main thread's side of the database: calls in, promises out, the disk never waited for on this thread. Adapters
// (log/sqlite-log.ts, accounts/sqlite-guest-store.ts) attach their operation modules; the thread runs them.
import { ChatError } from '@wireroom/protocol';
import { BatchLane, type BatchLaneOptions, type BatchWatch, type Ride } from './batch-lane.ts';
import { DatabaseThread } from './database-thread.ts';
import { DB_LIMITS } from './limits.ts';
import type { Call, LaneName, ThreadPort } from './thread-port.ts';
import { WorkerPort } from './worker-port.ts';

export type { Ride } from './batch-lane.ts';

export interface SqliteClientOptions {
  /** A thread died although nobody asked it to: nothing can be stored any more. Called once. */
  readonly onFailure: (error: Error) => void;
  readonly waitingMax?: number;
  /** Is told of every commit. */
  readonly watch?: BatchWatch | undefined;
  /** Starts a second thread, for reading. Without one the writing thread reads, too, between its batches. */
  readonly reader?: () => ThreadPort;
}

/**
 * Opens the database file in two threads: one writes, the other reads, so that a long download never stands in front of a
 * post. Rejects with an OpenError, a sentence for whoever starts the server.
 */
export function openSqlite({
  file,
  ...options
}: Omit<SqliteClientOptions, 'reader'> & { readonly file: string }): Promise<SqliteClient> {
  const reader = (): ThreadPort => new WorkerPort({ file, role: 'reader' });
  return SqliteClient.over(new WorkerPort({ file, role: 'writer' }), { ...options, reader });
}

/** The operations of a module, by name: each takes one argument and may throw a ChatError. */
export type Operations<T> = { readonly [K in keyof T]: (input: never) => unknown };

export interface Attached<T extends Operations<T>> {
  /** Resolves after the commit. */
  write<K extends keyof T & string>(
    name: K,
    input: Parameters<T[K]>[0],
    ride?: Ride,
  ): Promise<ReturnType<T[K]>>;
  /** Sees every write that was answered before. */
  read<K extends keyof T & string>(name: K, input: Parameters<T[K]>[0]): Promise<ReturnType<T[K]>>;
}

type CallArguments = [name: string, input: unknown, ride?: Ride];

export class SqliteClient {
  readonly #onFailure: (error: Error) => void;
  readonly #lanes: Readonly<Record<LaneName, BatchLane>>;
  readonly #writer: DatabaseThread;
  /** The writer itself where there is no second thread. */
  #reader: DatabaseThread;
  #closing: Promise<void> | undefined;
  #failure: Error | undefined;

  private constructor(port: ThreadPort, options: SqliteClientOptions) {
    this.#onFailure = options.onFailure;
    const waitingMax = options.waitingMax ?? DB_LIMITS.waitingMax;
    const { batchWritesMax, batchOtherWritesMax, batchReadsMax } = DB_LIMITS;
    this.#lanes = {
      write: this.#lane('write', {
        waitingMax,
        batchMax: batchWritesMax,
        batchOthersMax: batchOtherWritesMax,
        watch: options.watch,
      }),
      read: this.#lane('read', { waitingMax, batchMax: batchReadsMax }),
    };
    this.#writer = this.#thread(port);
    this.#reader = this.#writer;
  }

  /** Resolves when the database is open. The ports are workers', or a test's. */
  static async over(port: ThreadPort, options: SqliteClientOptions): Promise<SqliteClient> {
    const client = new SqliteClient(port, options);
    await client.#writer.opened;
    if (options.reader === undefined) return client;
    // Second: the first holds the lock and has brought the tables to the form that both know.
    client.#reader = client.#thread(options.reader());
    try {
      await client.#reader.opened;
    } catch (error) {
      await client.#writer.close();
      throw error;
    }
    return client;
  }

  /** How many writes wait for their batch. */
  get waitingCount(): number {
    return this.#lanes.write.waitingCount;
  }

  /** How many transactions have been sent for commit: with many writers far fewer than operations. */
  get commitCount(): number {
    return this.#lanes.write.batchCount;
  }

  /** Makes a module's operations callable; it exports `createOperations(database)`, which returns a `T`. */
  attach<T extends Operations<T>>(module: URL): Attached<T> {
    if (this.#failure === undefined && this.#closing === undefined) {
      for (const thread of new Set([this.#writer, this.#reader]))
        thread.send({ type: 'attach', module: module.href });
    }
    const call = (lane: LaneName, ...[name, input, ride]: CallArguments) =>
      this.#call(lane, { module: module.href, name, input }, ride);
    // The one place where the thread's answers get their types back: they are the module's own return values.
    return {
      write: (name, input, ride) => call('write', name, input, ride) as ReturnType<Attached<T>['write']>,
      read: (name, input) => call('read', name, input) as ReturnType<Attached<T>['read']>,
    } as Attached<T>;
  }

  /** Takes nothing new, writes what waits, and ends the threads. */
  close(): Promise<void> {
    this.#closing ??= this.#drainAndClose();
    return this.#closing;
  }

  async #drainAndClose(): Promise<void> {
    await Promise.all([this.#lanes.write.idle(), this.#lanes.read.idle()]);
    // The writer last: it moves the write-ahead log into the file, which nobody else may be reading then.
    await this.#reader.close();
    await this.#writer.close();
  }

  #thread(port: ThreadPort): DatabaseThread {
    return new DatabaseThread({
      port,
      onRan: ({ lane, outcomes, times }) => this.#lanes[lane].settle(outcomes, times),
      onFailure: (error) => this.#fail(error),
    });
  }

  #lane(
    lane: LaneName,
    options: Omit<BatchLaneOptions, 'send' | 'batchBytesMax' | 'waitingBytesMax'>,
  ): BatchLane {
    const { batchBytesMax, waitingBytesMax } = DB_LIMITS;
    return new BatchLane({
      ...{ ...options, batchBytesMax, waitingBytesMax },
      send: (calls, isTimed) => {
        const thread = lane === 'write' ? this.#writer : this.#reader;
        thread.send({ type: 'run', lane, calls, ...(isTimed && { isTimed }) });
        if (lane === 'write') this.#checkpoint();
      },
    });
  }

  /** Now and then, by the thread for which no post waits. */
  #checkpoint(): void {
    if (this.#reader === this.#writer || this.commitCount % DB_LIMITS.commitsPerCheckpoint !== 0) return;
    this.#reader.send({ type: 'checkpoint' });
  }

  #call(lane: LaneName, call: Call, ride?: Ride): Promise<unknown> {
    if (this.#failure !== undefined) {
      return Promise.reject(new ChatError('storage-failed', { cause: this.#failure }));
    }
    if (this.#closing !== undefined) return Promise.reject(new ChatError('shutting-down'));
    return this.#lanes[lane].submit(call, ride);
  }

  #fail(failure: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#lanes.write.fail(failure);
    this.#lanes.read.fail(failure);
    this.#onFailure(failure);
  }
}
