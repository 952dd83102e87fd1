// Kysely on our synchronous interface: the builder for queries that are not hot, and the dialect for the migrator.
// Queries are built here or beside their users, compiled, and run at once: nothing waits inside a transaction.
import { type Compilable, Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import type { Schema } from './schema.ts';
import type { SqliteDatabase, SqlValue } from './sqlite.ts';

/** SQLite rolls back changes of the schema like any others; Kysely's adapter does not count on it, so say it. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class TransactionalSqliteDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }
}

/** Not to be destroyed: the database belongs to whoever opened it. */
export function kyselyOn(database: SqliteDatabase): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new TransactionalSqliteDialect({
      database: {
        close: () => {},
        prepare: (sql) => {
          const statement = database.prepare(sql);
          return {
            reader: bringsRows(sql),
            all: (values) => [...statement.all(...values.map(sqlValue))],
            run: (values) => statement.run(...values.map(sqlValue)),
            iterate: () => {
              throw new Error('An open iterator locks its connection: page by key instead.');
            },
          };
        },
      },
    }),
  });
}

/** Runs a built query now and returns its rows, which are what the schema says they are. */
export function runQuery<R>(database: SqliteDatabase, query: Compilable<R>): readonly R[] {
  const { sql, parameters } = query.compile();
  const statement = database.prepare(sql);
  const values = parameters.map(sqlValue);
  if (bringsRows(sql)) return statement.all(...values) as readonly R[];
  statement.run(...values);
  return [];
}

export function bringsRows(sql: string): boolean {
  return /^\s*(?:select|with|pragma|values)\b|\breturning\b/i.test(sql);
}

function sqlValue(value: unknown): SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`SQLite columns here hold strings, numbers and null, not ${typeof value}`);
}
