// Makes a copy of the SQLite database while the server runs, as of one moment, and proves it before it gets its name. The
// server writes on meanwhile: in WAL mode nobody waits for a reader. PostgreSQL has pg_dump (docs/operations.md).
import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadDriver } from './db/sqlite.ts';
import { OpenError } from './db/sqlite-error.ts';
import { DATABASE_FILE } from './storage.ts';
import { isSound, type Verdict, verifyDatabase } from './verify.ts';

/** Resolves with the proof of the copy. Rejects with an OpenError, a sentence; then there is no file of that name. */
export async function backupDatabase(dataDir: string, file: string): Promise<Verdict> {
  const source = join(dataDir, DATABASE_FILE);
  const target = resolve(file);
  if (!existsSync(source))
    throw new OpenError('unusable', `There is no database at ${source}. Name the DATA_DIR.`);
  refuseExisting(target);
  const part = `${target}.part`;
  try {
    // Nobody else may read it, from its first byte on. SQLite writes into a file that is there if it is empty.
    closeSync(openSync(part, 'wx', 0o600));
  } catch (cause) {
    const message = `${part} cannot be made: the folder is missing or closed, or another backup writes there.`;
    throw new OpenError('unusable', message, { cause });
  }
  try {
    copyInto(source, part);
    flush(part);
    const verdict = await verifyDatabase(part);
    if (!isSound(verdict)) return { ...verdict, place: target };
    refuseExisting(target);
    // Unlike a rename, a link never takes the place of a file that has come meanwhile.
    linkSync(part, target);
    flush(dirname(target));
    return { ...verdict, place: target };
  } finally {
    rmSync(part, { force: true });
  }
}

function refuseExisting(target: string): void {
  if (existsSync(target))
    throw new OpenError('unusable', `${target} is there already. A backup never replaces a file.`);
}

function copyInto(source: string, part: string): void {
  const database = loadDriver().open(source);
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    database.prepare('VACUUM INTO ?').run(part);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OpenError('unusable', `${source} could not be copied (SQLite: ${reason}).`, { cause });
  } finally {
    database.close();
  }
}

/** A file's content, or a folder's names, are on disk when it returns. */
export function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
