// The driver on better-sqlite3, an optional dependency, for a Node without `node:sqlite`.
import { createRequire } from 'node:module';
import type BetterSqlite from 'better-sqlite3';
import type { SqliteDatabase, SqliteDriver, SqlValue, Statement } from './sqlite.ts';

/** Throws where better-sqlite3 is not installed, or was compiled for another Node. */
export function betterSqliteDriver(): SqliteDriver {
  const Database: typeof BetterSqlite = createRequire(import.meta.url)('better-sqlite3');
  // Its native part loads with the first database only: find out now whether it does.
  new Database(':memory:').close();
  return { name: 'better-sqlite3', open: (file) => adapt(new Database(file, { timeout: 0 })) };
}

function adapt(database: BetterSqlite.Database): SqliteDatabase {
  return {
    driver: 'better-sqlite3',
    prepare: (sql) => adaptStatement(database.prepare<SqlValue[], Readonly<Record<string, unknown>>>(sql)),
    exec: (sql) => {
      database.exec(sql);
    },
    close: () => {
      database.close();
    },
  };
}

function adaptStatement(
  statement: BetterSqlite.Statement<SqlValue[], Readonly<Record<string, unknown>>>,
): Statement {
  return {
    run: (...values: readonly SqlValue[]) => {
      const { changes, lastInsertRowid } = statement.run(...values);
      return { changes, lastInsertRowid: Number(lastInsertRowid) };
    },
    get: (...values) => statement.get(...values),
    all: (...values) => statement.all(...values),
  };
}
