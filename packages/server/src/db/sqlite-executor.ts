// Executes batches on an open database: one transaction per batch, the outcomes only after COMMIT has returned (rule L2).
// It knows no operation by itself; modules bring them. It runs in the database thread (sqlite-thread.ts).
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ChatError } from '@wireroom/protocol';
import { type FileLock, lockFile } from './file-lock.ts';
import { migrate } from './migrator.ts';
import {
  loadDriver,
  openDatabase,
  type SqliteDatabase,
  type SqliteDriver,
  type Statement,
} from './sqlite.ts';
import { damageOf, OpenError, sqliteResult } from './sqlite-error.ts';
import type { Call, Outcome } from './thread-port.ts';
import { WatchedDatabase } from './watched-database.ts';

type Operation = (input: unknown) => unknown;

export class SqliteExecutor {
  readonly database: WatchedDatabase;
  readonly #file: string;
  /** Only who writes has it. */
  readonly #lock: FileLock | undefined;
  readonly #modules = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #beginWrite: Statement;
  readonly #beginRead: Statement;
  readonly #commit: Statement;
  readonly #rollback: Statement;
  readonly #mark: Statement;
  readonly #keep: Statement;
  readonly #undo: Statement;

  private constructor(opened: SqliteDatabase, file: string, lock?: FileLock) {
    const database = new WatchedDatabase(opened);
    this.database = database;
    this.#file = file;
    this.#lock = lock;
    this.#beginWrite = database.prepare('BEGIN IMMEDIATE');
    this.#beginRead = database.prepare('BEGIN');
    this.#commit = database.prepare('COMMIT');
    this.#rollback = database.prepare('ROLLBACK');
    this.#mark = database.prepare('SAVEPOINT operation');
    this.#keep = database.prepare('RELEASE operation');
    this.#undo = database.prepare('ROLLBACK TO operation');
  }

  /** Locks, opens and migrates the file; throws an OpenError whose message says what to do. */
  static async open(file: string, driver: SqliteDriver = loadDriver()): Promise<SqliteExecutor> {
    const path = realPath(file);
    const lock = lockFile(path, driver);
    let database: SqliteDatabase | undefined;
    try {
      database = openDatabase(path, driver);
      await migrate(database, path);
      return new SqliteExecutor(database, path, lock);
    } catch (error) {
      database?.close();
      lock.release();
      throw damageOf(error, path) ?? error;
    }
  }

  /**
   * A second connection to a file that is open already, for batches of reads: in a write-ahead log readers and the writer
   * do not wait for one another. It cannot write.
   */
  static async openToRead(file: string, driver: SqliteDriver = loadDriver()): Promise<SqliteExecutor> {
    const path = realPath(file);
    const database = openDatabase(path, driver);
    database.exec('PRAGMA query_only = ON');
    return new SqliteExecutor(database, path);
  }

  /** Makes what `createOperations` returns callable under the module's name. */
  attach(module: string, operations: Readonly<Record<string, unknown>>): void {
    this.#modules.set(module, operations);
  }

  /**
   * All of the batch in one transaction. What one call refuses leaves no trace of that call, and the others stand. Nearly
   * all calls write and succeed, or refuse and have written nothing: so a savepoint for each is set only where one does
   * neither, in a second run of the batch from its beginning.
   */
  write(calls: readonly Call[]): readonly Outcome[] {
    try {
      return this.#transact(this.#beginWrite, calls, (call) => this.#attemptClean(call));
    } catch (error) {
      if (!(error instanceof LeftTraceError)) throw error;
      return this.#transact(this.#beginWrite, calls, (call) => this.#attemptApart(call));
    }
  }

  /** All of the batch on one snapshot. */
  read(calls: readonly Call[]): readonly Outcome[] {
    return this.#transact(this.#beginRead, calls, (call) => this.#attempt(call));
  }

  /**
   * Takes over from the write-ahead log into the file what no reader may still need there, beside the writer: neither waits for
   * the other. The log begins anew with the next commit that comes when all of it has been taken over.
   */
  checkpoint(): void {
    try {
      this.database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      // Trouble with the disk costs nothing here: all of it stays in the log. Who posts is told by the writer.
      if (sqliteResult(error) === undefined) throw error;
    }
  }

  /** Who writes moves what is in the write-ahead log into the file itself, and lets go of both. */
  close(): void {
    try {
      if (this.#lock !== undefined) this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      // On a full disk, say, it stays where it is: no less durable, and the next start finds it.
      if (sqliteResult(error) === undefined) throw error;
    } finally {
      this.database.close();
      this.#lock?.release();
    }
  }

  #transact(begin: Statement, calls: readonly Call[], attempt: (call: Call) => Outcome): readonly Outcome[] {
    try {
      begin.run();
      const outcomes = calls.map(attempt);
      this.database.writeDown();
      // Every acknowledgement of the batch hangs on the next line: it returns when the disk has it, or it throws.
      this.#commit.run();
      return outcomes;
    } catch (error) {
      this.#rollBack();
      this.database.forget();
      if (error instanceof LeftTraceError) throw error;
      const damage = damageOf(error, this.#file)?.message;
      const failed = { ok: false, code: 'storage-failed', cause: causeOf(error), damage } as const;
      return calls.map(() => failed);
    }
  }

  #attemptClean(call: Call): Outcome {
    const { writeCount } = this.database;
    const outcome = this.#attempt(call);
    if (!outcome.ok && this.database.writeCount !== writeCount) throw new LeftTraceError();
    return outcome;
  }

  #attemptApart(call: Call): Outcome {
    this.#mark.run();
    const outcome = this.#attempt(call);
    if (outcome.ok) this.database.writeDown();
    else {
      this.#undo.run();
      this.database.forget();
    }
    this.#keep.run();
    return outcome;
  }

  #attempt(call: Call): Outcome {
    try {
      return { ok: true, value: this.#operation(call)(call.input) };
    } catch (error) {
      if (error instanceof ChatError)
        return { ok: false, code: error.code, retryAfterMs: error.retryAfterMs };
      const result = sqliteResult(error);
      // Trouble with the disk may have ended the transaction already: it is the whole batch's trouble.
      if (result !== undefined && result !== 'constraint') throw error;
      return { ok: false, code: 'internal', cause: causeOf(error) };
    }
  }

  #operation(call: Call): Operation {
    const operations = this.#modules.get(call.module);
    const operation =
      operations !== undefined && Object.hasOwn(operations, call.name) && operations[call.name];
    if (typeof operation !== 'function') throw new TypeError(`No operation ${call.name} in ${call.module}`);
    return (input) => Reflect.apply(operation, operations, [input]);
  }

  #rollBack(): void {
    try {
      this.#rollback.run();
    } catch (error) {
      // After a full disk or a failed read SQLite has often rolled back by itself, and says that nothing is left to do.
      if (sqliteResult(error) === undefined) throw error;
    }
  }
}

/** A call was refused after it had written something. */
class LeftTraceError extends Error {}

/** The one path of the file, so that a link to it cannot be locked apart from it. Makes the folder if need be. */
function realPath(file: string): string {
  const path = resolve(file);
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
  } catch (cause) {
    throw new OpenError('unusable', `The folder ${folder} cannot be used. Name another DATA_DIR.`, { cause });
  }
}

function causeOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
