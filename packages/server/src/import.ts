// Opens the place that an import goes into: the database of a data folder, which no server may be using, or a PostgreSQL, which
// servers may. What is imported is read elsewhere (@wireroom/history); how it is written is in log/.
import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from './db/file-lock.ts';
import { migrate, migratePostgres } from './db/migrator.ts';
import { openPostgres } from './db/postgres.ts';
import { loadDriver, openDatabase, type SqliteDatabase } from './db/sqlite.ts';
import { damageOf, OpenError } from './db/sqlite-error.ts';
import { PostgresImportLog } from './log/postgres-log-import.ts';
import type { ImportLog } from './log/room-import.ts';
import { SqliteImportLog } from './log/sqlite-log-import.ts';
import { DATABASE_FILE } from './storage.ts';

export {
  type ImportedEntry,
  type ImportedRoom,
  type ImportLog,
  ImportRefused,
  type RoomImport,
} from './log/room-import.ts';

export interface OpenImportLog extends ImportLog {
  /** Where it goes, without a password. */
  readonly place: string;
  close(): Promise<void>;
}

/** Rejects with an OpenError, a sentence: a server is running on the data folder, say. */
export function openImportLog(target: {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}): Promise<OpenImportLog> {
  return target.databaseUrl === undefined ? openFile(target.dataDir) : openServer(target.databaseUrl);
}

async function openFile(dataDir: string): Promise<OpenImportLog> {
  const folder = folderOf(dataDir);
  const path = join(folder, DATABASE_FILE);
  const file = existsSync(path) ? realpathSync(path) : path;
  const lock = lockFile(file, loadDriver());
  let database: SqliteDatabase | undefined;
  try {
    database = openDatabase(file, loadDriver());
    await migrate(database, file);
    const opened = database;
    const importer = new SqliteImportLog(opened);
    const close = async (): Promise<void> => {
      opened.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      opened.close();
      lock.release();
    };
    return { place: file, beginImport: (room) => importer.beginImport(room), close };
  } catch (error) {
    database?.close();
    lock.release();
    throw damageOf(error, file) ?? error;
  }
}

function folderOf(dataDir: string): string {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return realpathSync(dataDir);
  } catch (cause) {
    throw new OpenError('unusable', `The folder ${dataDir} cannot be used. Name another DATA_DIR.`, {
      cause,
    });
  }
}

async function openServer(url: string): Promise<OpenImportLog> {
  const database = await openPostgres({ url, onError: () => {} });
  try {
    await migratePostgres(database);
    const importer = new PostgresImportLog(database);
    return {
      place: database.place,
      beginImport: (room) => importer.beginImport(room),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
