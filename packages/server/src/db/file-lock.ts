// One file, one process. The lock is an exclusive transaction, never written to, on an empty database beside the real
// one: the kernel lets go of it when the process dies, however it dies, and backup programs may still read the real one.
import type { SqliteDatabase, SqliteDriver } from './sqlite.ts';
import { OpenError, sqliteResult } from './sqlite-error.ts';

export interface FileLock {
  release(): void;
}

/** Throws an OpenError `in-use` while another process (or another thread of this one) holds the database. */
export function lockFile(file: string, driver: SqliteDriver): FileLock {
  let lock: SqliteDatabase | undefined;
  try {
    lock = driver.open(`${file}.lock`);
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock?.close();
    if (sqliteResult(cause) === 'busy') {
      const message = `${file} is in use by another Wireroom: one file, one process. Stop the other, or name another DATA_DIR.`;
      throw new OpenError('in-use', message, { cause });
    }
    const message = `${file} cannot be opened for writing. Check the folder and its permissions.`;
    throw new OpenError('unusable', message, { cause });
  }
  const held = lock;
  return { release: () => held.close() };
}
