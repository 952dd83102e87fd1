// SQLite behind one small synchronous interface, whichever driver the runtime has; and how a file is opened so that a
// commit is on disk when it returns. It knows no table. Only the database thread calls it: sqlite-executor.ts is next.
import { betterSqliteDriver } from './better-sqlite-driver.ts';
import { DB_LIMITS } from './limits.ts';
import { nodeSqliteDriver } from './node-sqlite-driver.ts';
import { noRoomFor, OpenError, sqliteResult } from './sqlite-error.ts';

export type SqlValue = string | number | null;
export type Row = Readonly<Record<string, unknown>>;

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

export interface Statement {
  /** For statements that bring no rows. */
  run(...values: readonly SqlValue[]): RunResult;
  get(...values: readonly SqlValue[]): Row | undefined;
  all(...values: readonly SqlValue[]): readonly Row[];
}

export interface SqliteDatabase {
  readonly driver: DriverName;
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

export type DriverName = 'node:sqlite' | 'better-sqlite3';

export interface SqliteDriver {
  readonly name: DriverName;
  open(file: string): SqliteDatabase;
}

/** Where drivers come from; a test may name others. */
const DRIVERS = { builtIn: nodeSqliteDriver, addOn: betterSqliteDriver } as const;

/** `node:sqlite` where the runtime has it, better-sqlite3 elsewhere; an OpenError that says what to do if neither loads. */
export function loadDriver({ builtIn, addOn }: typeof DRIVERS = DRIVERS): SqliteDriver {
  const own = builtIn();
  if (own !== undefined) return own;
  try {
    return addOn();
  } catch (cause) {
    const message =
      `No SQLite driver loads: Node ${process.versions.node} has no node:sqlite (Node 22.13 and later have), and ` +
      'better-sqlite3 does not load on it. Use Node 22.13 or later, or run `npm rebuild better-sqlite3` with this Node.';
    throw new OpenError('no-driver', message, { cause });
  }
}

/** Opens or makes the file, with the settings that rule L2 rests on read back instead of taken for granted. */
export function openDatabase(file: string, driver: SqliteDriver): SqliteDatabase {
  let database: SqliteDatabase | undefined;
  try {
    database = driver.open(file);
    configure(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw asOpenError(error, file);
  }
}

function configure(database: SqliteDatabase, file: string): void {
  database.exec(`PRAGMA busy_timeout = ${DB_LIMITS.busyTimeoutMs}`);
  const mode = setPragma(database, 'journal_mode', 'WAL');
  if (mode !== 'wal') {
    const message = `The file system of ${file} does not carry SQLite's write-ahead log (journal mode: ${mode}). Use a local disk.`;
    throw new OpenError('unusable', message);
  }
  // FULL: in WAL mode each commit is followed by an fsync. 2 is its number.
  const synchronous = setPragma(database, 'synchronous', 'FULL');
  if (synchronous !== 2) throw new OpenError('unusable', `synchronous is ${synchronous} instead of FULL.`);
  const foreignKeys = setPragma(database, 'foreign_keys', 'ON');
  if (foreignKeys !== 1) throw new OpenError('unusable', 'This SQLite was built without foreign keys.');
  // What is deleted is overwritten with zeros in the file, not only taken off its lists.
  const secureDelete = setPragma(database, 'secure_delete', 'ON');
  if (secureDelete !== 1) throw new OpenError('unusable', `secure_delete is ${secureDelete} instead of ON.`);
  // On macOS fsync alone leaves data in the drive's cache; elsewhere this does nothing.
  database.exec('PRAGMA fullfsync = ON');
  database.exec('PRAGMA checkpoint_fullfsync = ON');
  database.exec(`PRAGMA cache_size = -${DB_LIMITS.pageCacheKiB}`);
  database.exec(`PRAGMA wal_autocheckpoint = ${DB_LIMITS.walPagesMax}`);
  database.exec(`PRAGMA journal_size_limit = ${DB_LIMITS.walKeptBytesMax}`);
}

/** What the pragma says after it was set, which is not always what was asked for. */
function setPragma(database: SqliteDatabase, name: string, value: string): unknown {
  database.exec(`PRAGMA ${name} = ${value}`);
  return database.prepare(`PRAGMA ${name}`).get()?.[name];
}

function asOpenError(error: unknown, file: string): unknown {
  switch (sqliteResult(error)) {
    case 'not-a-database':
      return new OpenError(
        'unusable',
        `${file} is not an SQLite database. Move it away, or name another DATA_DIR.`,
        {
          cause: error,
        },
      );
    case 'full':
      return noRoomFor(file, error);
    case 'cannot-open':
    case 'read-only':
      return new OpenError(
        'unusable',
        `${file} cannot be opened for writing. Check the folder and its permissions.`,
        {
          cause: error,
        },
      );
    default:
      return error;
  }
}
