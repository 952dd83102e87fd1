// What each SQLite driver must do the same way, and which of them load on this machine: suites of everything that
// stands on the database run once per driver.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { betterSqliteDriver } from './better-sqlite-driver.ts';
import { nodeSqliteDriver } from './node-sqlite-driver.ts';
import type { SqliteDatabase, SqliteDriver } from './sqlite.ts';
import { sqliteResult } from './sqlite-error.ts';

export function driversHere(): readonly SqliteDriver[] {
  const builtIn = nodeSqliteDriver();
  const drivers = builtIn === undefined ? [] : [builtIn];
  try {
    return [...drivers, betterSqliteDriver()];
  } catch {
    // Not compiled for this Node: then there is only the other one.
    return drivers;
  }
}

/** A folder that is gone after the test that asked for it. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-db-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The driver, with a tap on every statement that brings no rows, which may also fail it. */
export function tappedDriver(driver: SqliteDriver, tap: (sql: string) => void): SqliteDriver {
  return {
    name: driver.name,
    open: (file) => {
      const database = driver.open(file);
      return {
        ...database,
        exec: (sql) => {
          tap(sql);
          database.exec(sql);
        },
        prepare: (sql) => {
          const statement = database.prepare(sql);
          return {
            ...statement,
            run: (...values) => {
              tap(sql);
              return statement.run(...values);
            },
          };
        },
      };
    },
  };
}

export function registerDriverContract(driver: SqliteDriver): void {
  describe(`the driver ${driver.name}`, () => {
    let database: SqliteDatabase;
    beforeAll(() => {
      database = driver.open(':memory:');
      database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, s TEXT)');
    });
    afterAll(() => database.close());

    it('keeps integers, text and null', () => {
      const insert = database.prepare('INSERT INTO t (n, s) VALUES (?, ?)');
      const atMs = 1_795_000_000_123;
      expect(insert.run(atMs, 'é 漢 👩‍👩‍👧')).toEqual({ changes: 1, lastInsertRowid: 1 });
      expect(insert.run(null, null)).toEqual({ changes: 1, lastInsertRowid: 2 });
      const rows = database.prepare('SELECT n, s, typeof(n) AS type FROM t ORDER BY id').all();
      expect(rows.map((row) => ({ ...row }))).toEqual([
        { n: atMs, s: 'é 漢 👩‍👩‍👧', type: 'integer' },
        { n: null, s: null, type: 'null' },
      ]);
    });

    it('brings the row that a writing statement returns', () => {
      const upsert = database.prepare(
        'UPDATE t SET n = max(n, ?) WHERE id = 1 RETURNING n, typeof(n) AS type',
      );
      expect({ ...upsert.get(1_795_000_000_999) }).toEqual({ n: 1_795_000_000_999, type: 'integer' });
      expect(database.prepare('UPDATE t SET n = 1 WHERE id = 99 RETURNING n').get()).toBeUndefined();
    });

    it('names what went wrong in the one vocabulary', () => {
      const failure = (sql: string): unknown => {
        try {
          database.exec(sql);
          return 'nothing';
        } catch (error) {
          return sqliteResult(error);
        }
      };
      expect(failure('INSERT INTO t (id) VALUES (1)')).toBe('constraint');
      expect(failure('SELECT nothing FROM nowhere')).toBe('other');
      const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
      database.exec(`PRAGMA max_page_count = ${pages}`);
      expect(failure(`INSERT INTO t (s) VALUES ('${'x'.repeat(50_000)}')`)).toBe('full');
      expect(sqliteResult(new Error('no SQLite in here'))).toBeUndefined();
    });

    it('says that a file which is no database is none', () => {
      const other = driver.open(process.execPath);
      expect.assertions(1);
      try {
        other.prepare('SELECT * FROM sqlite_schema').all();
      } catch (error) {
        expect(sqliteResult(error)).toBe('not-a-database');
      } finally {
        other.close();
      }
    });
  });
}
