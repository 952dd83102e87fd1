// One file, one process. The lock is an exclusive transaction, never written to, on an empty database beside the real
// one: the kernel lets go of it when the process dies, however it dies, and backup programs may still read the real one.
import type { SqliteDatabase, SqliteDriver } from './sqlite.ts';
import { noRoomFor, OpenError, sqliteResult } from './sqlite-error.ts';

export interface FileLock {
  /** The database that is locked. */
  readonly file: string;
  release(): void;
}

/** Throws an OpenError `in-use` while another process (or another thread of this one) holds the database. */
export function lockFile(file: string, driver: SqliteDriver): FileLock {
  const lockPath = `${file}.lock`;
  let lock: SqliteDatabase | undefined;
  try {
    lock = driver.open(lockPath);
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    const result = sqliteResult(cause);
    if (result === 'busy') {
      const message = `${file} is in use by another Wireroom: one file, one process. Stop the other, or name another DATA_DIR.`;
      throw new OpenError('in-use', message, { cause });
    }
    if (result === 'not-a-database' || result === 'damaged') {
      const message = `${lockPath} is no lock of Wireroom's. Messages are never kept in it: move it away and start again.`;
      throw new OpenError('unusable', message, { cause });
    }
    if (result === 'full') throw noRoomFor(lockPath, cause);
    const message = `${lockPath} cannot be opened for writing. Check the folder and its permissions.`;
    throw new OpenError('unusable', message, { cause });
  }
  const held = lock;
  return { file, release: () => held.close() };
}
