// Verifies what is kept: a file, a data folder, or a PostgreSQL; all of it out of one snapshot, so that the server may go on
// writing. What is looked at is in log/log-verification.ts; here a database is opened for it, and never changed.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assertCurrent } from './db/migrator.ts';
import { openPostgres } from './db/postgres.ts';
import { loadDriver, type SqliteDatabase } from './db/sqlite.ts';
import { OpenError, sqliteResult } from './db/sqlite-error.ts';
import { type RoomVerdict, verifyLog } from './log/log-verification.ts';
import { numbered } from './log/postgres-history-source.ts';
import { PostgresLogReader } from './log/postgres-log-reader.ts';
import { RoomRows } from './log/room-rows.ts';
import { SqliteLogReader } from './log/sqlite-log-reader.ts';
import { DATABASE_FILE } from './storage.ts';

export type { RoomVerdict } from './log/log-verification.ts';

export interface Verdict {
  readonly place: string;
  /** What is wrong with the database itself, in sentences. */
  readonly problems: readonly string[];
  readonly rooms: readonly RoomVerdict[];
}

export const isSound = ({ problems, rooms }: Verdict): boolean =>
  problems.length === 0 && rooms.every((room) => room.problems.length === 0);

/** `target`: a database file, a data folder, or the address of a PostgreSQL. Rejects with an OpenError if it cannot be opened. */
export async function verifyDatabase(target: string): Promise<Verdict> {
  return /^postgres(?:ql)?:/.test(target) ? verifyPostgres(target) : verifyFile(fileOf(target));
}

function fileOf(target: string): string {
  const file = existsSync(target) && statSync(target).isDirectory() ? join(target, DATABASE_FILE) : target;
  if (!existsSync(file)) throw new OpenError('unusable', `There is no database at ${file}.`);
  return file;
}

async function verifyFile(file: string): Promise<Verdict> {
  const database = loadDriver().open(file);
  try {
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; BEGIN');
    const problems = brokenPages(database);
    assertCurrent(namesOf(database), file);
    const log = new SqliteLogReader(database, new RoomRows(database));
    const rooms = await verifyLog({
      rooms: async () => log.rooms(),
      read: async (roomId, range) => log.read(roomId, range),
      messages: async (roomId, range) => log.messages(roomId, range),
      standing: async (roomId, limit) => log.standing(roomId, limit),
      importedHead: async (roomId) => log.importedHead(roomId),
      session: { query: async (sql, ...values) => database.prepare(sql).all(...values) },
    });
    return { place: file, problems, rooms };
  } catch (error) {
    return { place: file, problems: [damageOrThrow(error, file)], rooms: [] };
  } finally {
    database.close();
  }
}

function brokenPages(database: SqliteDatabase): readonly string[] {
  const checked = database.prepare('PRAGMA integrity_check(20)').all();
  const broken = checked.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok');
  const dangling = database.prepare('PRAGMA foreign_key_check').all().length;
  return dangling === 0 ? broken : [...broken, `${dangling} rows point at rooms that are not there`];
}

function namesOf(database: SqliteDatabase): readonly string[] | undefined {
  const table = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'migrations'`).get();
  return (
    table &&
    database
      .prepare('SELECT name FROM migrations')
      .all()
      .map(({ name }) => String(name))
  );
}

function damageOrThrow(error: unknown, file: string): string {
  const result = sqliteResult(error);
  if (result === 'not-a-database') throw new OpenError('unusable', `${file} is not an SQLite database.`);
  if (result === undefined || !(error instanceof Error)) throw error;
  return `reading it failed (SQLite: ${error.message})`;
}

async function verifyPostgres(url: string): Promise<Verdict> {
  const database = await openPostgres({ url, onError: () => {} });
  try {
    const session = await database.hold('read');
    try {
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const [table] = await session.query(`SELECT to_regclass('migrations') IS NOT NULL AS "isThere"`);
      const names = table?.isThere === true ? await session.query('SELECT name FROM migrations') : undefined;
      assertCurrent(
        names?.map(({ name }) => String(name)),
        database.place,
        'postgres',
      );
      const log = new PostgresLogReader(session);
      const rooms = await verifyLog({
        rooms: () => log.rooms(),
        read: (roomId, range) => log.read(roomId, range),
        messages: (roomId, range) => log.messages(roomId, range),
        standing: (roomId, limit) => log.standing(roomId, limit),
        importedHead: (roomId) => log.importedHead(roomId),
        session: numbered(session),
      });
      return { place: database.place, problems: [], rooms };
    } finally {
      session.release(new Error('its transaction ends with it'));
    }
  } finally {
    await database.close();
  }
}
