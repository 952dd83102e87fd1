// A database whose transactions are watched: how often it was written to, so that a refusal which wrote nothing needs no
// undoing; and what operations keep in memory, which is written down before a commit and forgotten after a rollback.
import { bringsRows } from './kysely.ts';
import type { DriverName, Row, RunResult, SqliteDatabase, SqlValue, Statement } from './sqlite.ts';

/** What an operation module keeps in memory of what is in the tables, or is to be. */
export interface Memory {
  /** Before a commit: what is not in the tables yet gets there. */
  writeDown(): void;
  /** After a rollback: what is kept may not be so. */
  forget(): void;
}

export class WatchedDatabase implements SqliteDatabase {
  readonly driver: DriverName;
  readonly #database: SqliteDatabase;
  readonly #memories: Memory[] = [];
  #writeCount = 0;

  constructor(database: SqliteDatabase) {
    this.driver = database.driver;
    this.#database = database;
  }

  /** Of statements that have changed something, or may have. */
  get writeCount(): number {
    return this.#writeCount;
  }

  remember(memory: Memory): void {
    this.#memories.push(memory);
  }

  writeDown(): void {
    for (const memory of this.#memories) memory.writeDown();
  }

  forget(): void {
    for (const memory of this.#memories) memory.forget();
  }

  prepare(sql: string): Statement {
    const statement = this.#database.prepare(sql);
    const run = (...values: readonly SqlValue[]): RunResult => {
      const result = statement.run(...values);
      if (result.changes > 0) this.#writeCount += 1;
      return result;
    };
    if (isQuery(sql)) return { run, get: statement.get, all: statement.all };
    return {
      run,
      get: (...values): Row | undefined => {
        this.#writeCount += 1;
        return statement.get(...values);
      },
      all: (...values): readonly Row[] => {
        this.#writeCount += 1;
        return statement.all(...values);
      },
    };
  }

  exec(sql: string): void {
    this.#writeCount += 1;
    this.#database.exec(sql);
  }

  close(): void {
    this.#database.close();
  }
}

/** Brings rows and changes nothing. */
const isQuery = (sql: string): boolean => bringsRows(sql) && !/^\s*with\b|\breturning\b/i.test(sql);
