// For tests: which statements operations prepare, and whether SQLite finds all of their rows by a key.
import { expect } from 'vitest';
import type { SqliteDatabase } from './sqlite.ts';

/** The database, which also notes down what is prepared on it. */
export function notingStatements(database: SqliteDatabase): {
  readonly database: SqliteDatabase;
  readonly statements: ReadonlySet<string>;
} {
  const statements = new Set<string>();
  const prepare = (sql: string) => {
    statements.add(sql);
    return database.prepare(sql);
  };
  return { database: { ...database, prepare }, statements };
}

/** Fails for a statement that goes through a whole table, or sorts what it found. */
export function expectKeyedPlans(database: SqliteDatabase, statements: ReadonlySet<string>): void {
  for (const sql of statements) {
    const values = Array.from(sql.matchAll(/\?/g), () => 1);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values);
    const steps = plan.map((row) => String(row.detail)).join('\n');
    expect(steps, sql).not.toMatch(/\bSCAN\b|TEMP B-TREE/);
  }
}
