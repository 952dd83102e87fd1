// The history of a room out of the SQLite file, on a connection of the download thread's own that cannot write. Loaded by that
// thread; storage.ts names it.
import { loadDriver, openDatabase, type SqliteDatabase, type Statement } from '../db/sqlite.ts';
import { sqliteResult } from '../db/sqlite-error.ts';
import { HistoryReader } from './history-reader.ts';
import type { HistoryDatabase, HistorySession } from './history-session.ts';
import type { HistorySource } from './history-source.ts';

/** Pages of the file that this connection keeps in memory, in KiB: a download reads each page once. */
const PAGE_CACHE_KIB = 2 * 1024;

export async function openHistorySource({ file }: { readonly file: string }): Promise<HistorySource> {
  const database = openDatabase(file, loadDriver());
  database.exec('PRAGMA query_only = ON');
  database.exec(`PRAGMA cache_size = -${PAGE_CACHE_KIB}`);
  return new HistoryReader(new SqliteHistoryDatabase(database));
}

class SqliteHistoryDatabase implements HistoryDatabase {
  readonly #database: SqliteDatabase;
  readonly #statements = new Map<string, Statement>();
  readonly #session: HistorySession;
  readonly bytesOf = (column: string): string => `CAST(${column} AS BLOB)`;

  constructor(database: SqliteDatabase) {
    this.#database = database;
    this.#session = { query: async (sql, ...values) => this.#prepared(sql).all(...values) };
  }

  async snapshot<T>(ask: (session: HistorySession) => Promise<T>): Promise<T> {
    // A transaction ends with its page: the write-ahead log can be taken over in between.
    this.#database.exec('BEGIN');
    try {
      return await ask(this.#session);
    } finally {
      this.#end();
    }
  }

  isDamage(error: unknown): boolean {
    const result = sqliteResult(error);
    return result === 'damaged' || result === 'not-a-database';
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #end(): void {
    try {
      this.#database.exec('COMMIT');
    } catch (error) {
      // After a failed read SQLite has often ended the transaction by itself.
      if (sqliteResult(error) === undefined) throw error;
    }
  }

  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    // Few differ: only those of a replay, by the number of messages.
    if (this.#statements.size < STATEMENTS_MAX) this.#statements.set(sql, statement);
    return statement;
  }
}

const STATEMENTS_MAX = 64;
