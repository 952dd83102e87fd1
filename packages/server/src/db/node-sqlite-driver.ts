// The driver on Node's own SQLite. `node:sqlite` exists from Node 22.5 (without a flag from 22.13), not in Node 20.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteDriver, SqlValue, Statement } from './sqlite.ts';

/** `undefined` where the runtime has no `node:sqlite`. */
export function nodeSqliteDriver(): SqliteDriver | undefined {
  const sqlite = withoutItsWarning(() => process.getBuiltinModule('node:sqlite'));
  // The types promise the module; Node 20 does not keep the promise.
  if (sqlite === undefined) return undefined;
  return { name: 'node:sqlite', open: (file) => adapt(new sqlite.DatabaseSync(file)) };
}

function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    driver: 'node:sqlite',
    prepare: (sql) => adaptStatement(database.prepare(sql)),
    exec: (sql) => database.exec(sql),
    close: () => database.close(),
  };
}

function adaptStatement(statement: StatementSync): Statement {
  return {
    run: (...values: readonly SqlValue[]) => {
      const { changes, lastInsertRowid } = statement.run(...values);
      return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
    },
    get: (...values) => statement.get(...values),
    all: (...values) => statement.all(...values),
  };
}

/** Some versions announce at the first load that SQLite is experimental. That one warning is kept back, no other. */
function withoutItsWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  process.emitWarning = (...warning: readonly unknown[]) => {
    if (String(warning[0]).startsWith('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, warning);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
