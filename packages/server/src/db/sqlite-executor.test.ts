// One batch, one transaction: who is disturbed by whose failure, and what a full disk does. On each driver that loads.
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChatError } from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase, type SqliteDatabase, type SqliteDriver } from './sqlite.ts';
import { driversHere, tappedDriver, temporaryFolder } from './sqlite-driver.contract.ts';
import { SqliteExecutor } from './sqlite-executor.ts';
import type { Call, Outcome } from './thread-port.ts';

const call = (name: string, input: unknown): Call => ({ module: 'notes', name, input });
const put = (text: string): Call => call('put', text);

/** A table of its own, and operations that go wrong in every way. */
function attachNotes(executor: SqliteExecutor): void {
  const { database } = executor;
  database.exec('CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL UNIQUE)');
  const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
  const insertText = (input: unknown): string => {
    insert.run(String(input));
    return `put ${String(input).slice(0, 20)}`;
  };
  executor.attach('notes', {
    put: insertText,
    refuse: () => {
      throw new ChatError('not-joined');
    },
    putAndRefuse: (input: unknown) => {
      insertText(input);
      throw new ChatError('rate-limited', { retryAfterMs: 40 });
    },
    putAndBreak: (input: unknown) => {
      insertText(input);
      throw new TypeError('a fault of the program');
    },
    count: () => database.prepare('SELECT count(*) AS n FROM notes').get()?.n,
  });
}

function codes(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code));
}

function texts(database: SqliteDatabase): readonly unknown[] {
  return database
    .prepare('SELECT text FROM notes ORDER BY rowid')
    .all()
    .map((row) => row.text);
}

for (const driver of driversHere()) {
  describe(`the executor on ${driver.name}`, () => {
    let executor: SqliteExecutor;
    let file: string;
    const ran: string[] = [];
    let failAt: string | undefined;
    const tapped = tappedDriver(driver, (sql) => {
      ran.push(sql);
      if (sql === failAt) throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_FSYNC' });
    });

    beforeEach(async () => {
      file = join(temporaryFolder(), 'room.sqlite');
      executor = await SqliteExecutor.open(file, tapped);
      attachNotes(executor);
      ran.length = 0;
      failAt = undefined;
    });
    afterEach(() => executor.close());

    it('[L2.1] returns the outcomes of a batch after one COMMIT', () => {
      const outcomes = executor.write([put('one'), put('two')]);
      expect(ran[0]).toBe('BEGIN IMMEDIATE');
      expect(ran.at(-1)).toBe('COMMIT');
      expect(ran.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
      expect(outcomes).toEqual([
        { ok: true, value: 'put one' },
        { ok: true, value: 'put two' },
      ]);
    });

    it('[L2.1] acknowledges nothing of a batch whose COMMIT fails, keeps nothing, and [L2.5] goes on', () => {
      failAt = 'COMMIT';
      const outcomes = executor.write([put('one'), call('putAndRefuse', 'two'), put('three')]);
      expect(codes(outcomes)).toEqual(['storage-failed', 'storage-failed', 'storage-failed']);
      expect(outcomes[0]).toMatchObject({ cause: expect.stringContaining('disk I/O error') });
      expect(texts(executor.database)).toEqual([]);
      failAt = undefined;
      expect(codes(executor.write([put('one')]))).toEqual(['ok']);
      expect(texts(executor.database)).toEqual(['one']);
    });

    it('[L2.4] undoes what a refused or broken operation wrote, and only that', () => {
      const outcomes = executor.write([
        put('one'),
        call('putAndRefuse', 'two'),
        put('three'),
        call('putAndBreak', 'four'),
        put('one'),
        call('unheard of', 'five'),
        put('six'),
      ]);
      expect(codes(outcomes)).toEqual(['ok', 'rate-limited', 'ok', 'internal', 'internal', 'internal', 'ok']);
      expect(outcomes[1]).toMatchObject({ retryAfterMs: 40 });
      expect(outcomes[3]).toMatchObject({ cause: expect.stringContaining('a fault of the program') });
      expect(texts(executor.database)).toEqual(['one', 'three', 'six']);
    });

    it('[L2.4] sets savepoints only where something must be undone', () => {
      executor.write([put('one'), call('refuse', undefined), call('unheard of', 'two'), put('three')]);
      expect(ran.filter((sql) => sql.startsWith('SAVEPOINT'))).toHaveLength(0);
      const outcomes = executor.write([put('four'), call('putAndRefuse', 'five')]);
      expect(ran.filter((sql) => sql.startsWith('SAVEPOINT'))).toHaveLength(2);
      expect(codes(outcomes)).toEqual(['ok', 'rate-limited']);
      expect(texts(executor.database)).toEqual(['one', 'three', 'four']);
    });

    it('[L2.4] has what operations keep in memory written down before a commit, and forgotten after what is undone', () => {
      const said: string[] = [];
      executor.database.remember({
        writeDown: () => said.push(`down ${executor.database.writeCount > 0}`),
        forget: () => said.push('forget'),
      });
      executor.write([put('one')]);
      expect(said).toEqual(['down true']);
      executor.write([put('two'), call('putAndRefuse', 'three'), put('four')]);
      expect(said.slice(1)).toEqual(['forget', 'down true', 'forget', 'down true', 'down true']);
      failAt = 'COMMIT';
      executor.write([put('five')]);
      expect(said.slice(-2)).toEqual(['down true', 'forget']);
      failAt = undefined;
    });

    it('[L2.5] fails the whole batch on a full disk, keeps nothing of it, and stores again once there is room', () => {
      executor.write([put('before')]);
      const pages = Number(executor.database.prepare('PRAGMA page_count').get()?.page_count);
      executor.database.exec(`PRAGMA max_page_count = ${pages}`);
      const outcomes = executor.write([put('small'), put('x'.repeat(200_000)), put('small too')]);
      expect(codes(outcomes)).toEqual(['storage-failed', 'storage-failed', 'storage-failed']);
      expect(executor.read([call('count', undefined)])).toEqual([{ ok: true, value: 1 }]);
      expect(codes(executor.write([put('y'.repeat(200_000))]))).toEqual(['storage-failed']);
      executor.database.exec('PRAGMA max_page_count = 4294967294');
      expect(codes(executor.write([put('small'), put('after')]))).toEqual(['ok', 'ok']);
      expect(texts(executor.database)).toEqual(['before', 'small', 'after']);
    });

    it('[L2.5] closes on a full disk too, and finds everything at the next start', async () => {
      executor.write([put('before')]);
      failAt = 'PRAGMA wal_checkpoint(TRUNCATE)';
      executor.close();
      failAt = undefined;
      executor = await SqliteExecutor.open(file, driver);
      expect(texts(executor.database)).toEqual(['before']);
    });

    it('[D10] takes the write-ahead log over into the file beside who writes, and a disk in trouble costs nobody anything', async () => {
      const reader = await SqliteExecutor.openToRead(file, tapped);
      onTestFinished(() => reader.close());
      executor.write([put('x'.repeat(100_000))]);
      const before = statSync(file).size;
      failAt = 'PRAGMA wal_checkpoint(PASSIVE)';
      reader.checkpoint();
      expect(statSync(file).size).toBe(before);
      failAt = undefined;
      executor.write([put('y')]);
      reader.checkpoint();
      expect(statSync(file).size).toBeGreaterThan(before + 100_000);
      expect(texts(executor.database)).toEqual(['x'.repeat(100_000), 'y']);
    });

    it('reads on one snapshot, which sees what was written before', () => {
      executor.write([put('one')]);
      ran.length = 0;
      expect(executor.read([call('count', undefined), call('count', undefined)])).toEqual([
        { ok: true, value: 1 },
        { ok: true, value: 1 },
      ]);
      expect(ran).toEqual(['BEGIN', 'COMMIT']);
    });

    it('[D3] opens with a write-ahead log, an fsync per commit, foreign keys and overwriting of what is deleted', () => {
      const pragma = (name: string): unknown => executor.database.prepare(`PRAGMA ${name}`).get()?.[name];
      expect(pragma('journal_mode')).toBe('wal');
      expect(pragma('synchronous')).toBe(2);
      expect(pragma('foreign_keys')).toBe(1);
      expect(pragma('secure_delete')).toBe(1);
    });

    it('[D3] refuses an SQLite that does not keep to these settings', () => {
      const deaf: SqliteDriver = {
        name: driver.name,
        open: (path) => {
          const database = driver.open(path);
          const exec = (sql: string): void => {
            if (!sql.includes('synchronous')) database.exec(sql);
          };
          database.exec('PRAGMA synchronous = NORMAL');
          return { ...database, exec };
        },
      };
      expect(() => openDatabase(join(temporaryFolder(), 'deaf.sqlite'), deaf)).toThrow(/synchronous is 1/);
      expect(() => openDatabase(':memory:', driver)).toThrow(/write-ahead log/);
    });

    it('[D1] refuses a file that is open already, also by another path to it, until it is closed', async () => {
      const link = join(temporaryFolder(), 'link.sqlite');
      symlinkSync(file, link);
      for (const path of [file, link]) {
        await expect(SqliteExecutor.open(path, driver)).rejects.toMatchObject({
          name: 'OpenError',
          code: 'in-use',
          message: expect.stringMatching(/room\.sqlite is in use by another Wireroom/),
        });
      }
      executor.close();
      executor = await SqliteExecutor.open(link, driver);
    });

    const damaged =
      /room\.sqlite is damaged \(SQLite: .*malformed.*\)\. Restore a backup, or name another DATA_DIR\.$/;

    it.each([
      ['whose pages are noise', (bytes: Buffer) => bytes.fill(0xa5, 4_096, 9 * 4_096)],
      ['whose end is missing', (bytes: Buffer) => bytes.subarray(0, 30_000)],
    ])('[D5] says that a file %s is damaged', async (_, damage) => {
      executor.close();
      writeFileSync(file, damage(readFileSync(file)));
      const opened = SqliteExecutor.open(file, driver);
      await expect(opened).rejects.toMatchObject({
        name: 'OpenError',
        code: 'unusable',
        message: expect.stringMatching(damaged),
        cause: expect.any(Error),
      });
      writeFileSync(file, '');
      executor = await SqliteExecutor.open(file, driver);
    });

    it('[D5] says so too when a query is the first to meet the damage', async () => {
      const schema = executor.database.prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'notes'`);
      const offset = (Number(schema.get()?.rootpage) - 1) * 4_096;
      executor.close();
      writeFileSync(file, readFileSync(file).fill(0xa5, offset, offset + 4_096));
      executor = await SqliteExecutor.open(file, driver);
      attachNotes(executor);
      const [outcome] = executor.read([call('count', undefined)]);
      expect(outcome).toMatchObject({ code: 'storage-failed', damage: expect.stringMatching(damaged) });
    });

    it("[D5] names the lock when it is the lock that is not Wireroom's", async () => {
      const other = join(temporaryFolder(), 'room.sqlite');
      writeFileSync(`${other}.lock`, 'no lock at all. '.repeat(100));
      await expect(SqliteExecutor.open(other, driver)).rejects.toMatchObject({
        name: 'OpenError',
        code: 'unusable',
        message: expect.stringContaining(`${other}.lock is no lock of Wireroom's`),
      });
    });

    it.each(['BEGIN EXCLUSIVE', 'PRAGMA journal_mode = WAL'])(
      '[D5] says that the disk is full (%s)',
      async (at) => {
        const full = tappedDriver(driver, (sql) => {
          if (sql === at) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
        });
        const opened = SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), full);
        await expect(opened).rejects.toMatchObject({
          name: 'OpenError',
          code: 'unusable',
          message: expect.stringMatching(/^There is no room left on the disk of .*room\.sqlite/),
        });
      },
    );

    it('[D5] says what is wrong with a file that is no database, and with a folder that is none', async () => {
      const folder = temporaryFolder();
      const text = join(folder, 'notes.txt');
      writeFileSync(text, 'These are notes, and not a database at all. '.repeat(100));
      await expect(SqliteExecutor.open(text, driver)).rejects.toMatchObject({
        code: 'unusable',
        message: expect.stringContaining('is not an SQLite database'),
      });
      await expect(SqliteExecutor.open(join(text, 'room.sqlite'), driver)).rejects.toMatchObject({
        code: 'unusable',
      });
      await expect(SqliteExecutor.open(folder, driver)).rejects.toMatchObject({ code: 'unusable' });
    });
  });
}
