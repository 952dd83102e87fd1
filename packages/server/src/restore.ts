// Puts a backup in the place of the database, and gives every room a new epoch: whoever has read further than the backup
// goes is told `reset` and reads anew. All or nothing: until the last rename the database from before is what it was.
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { epochSchema } from '@wireroom/protocol';
import { flush } from './backup.ts';
import { lockFile } from './db/file-lock.ts';
import { migrate, migratePostgres } from './db/migrator.ts';
import { openPostgres } from './db/postgres.ts';
import { loadDriver, openDatabase } from './db/sqlite.ts';
import { OpenError } from './db/sqlite-error.ts';
import { DATABASE_FILE } from './storage.ts';
import { isSound, type Verdict, verifyDatabase } from './verify.ts';

const newEpoch = (): string => epochSchema.parse(randomBytes(16).toString('base64url'));

/** Resolves with the proof of what was restored; where it is not sound, nothing was changed. Rejects with an OpenError. */
export async function restoreDatabase(
  file: string,
  { dataDir, isReplacing }: { readonly dataDir: string; readonly isReplacing: boolean },
): Promise<Verdict> {
  if (!existsSync(file)) throw new OpenError('unusable', `There is no backup at ${file}.`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const target = join(dataDir, DATABASE_FILE);
  const lock = lockFile(target, loadDriver());
  try {
    if (existsSync(target) && !isReplacing) {
      const message = `There is a database at ${target} already. With --replace it is given up for the backup.`;
      throw new OpenError('unusable', message);
    }
    return await replaceWith(file, target);
  } finally {
    lock.release();
  }
}

async function replaceWith(file: string, target: string): Promise<Verdict> {
  const fresh = `${target}.restoring`;
  const remove = (path: string): void => {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${end}`, { force: true });
  };
  remove(fresh);
  try {
    copyFileSync(file, fresh);
    chmodSync(fresh, 0o600);
    await renewFile(fresh);
    const verdict = { ...(await verifyDatabase(fresh)), place: target };
    if (!isSound(verdict)) return verdict;
    flush(fresh);
    if (existsSync(target)) foldLog(target);
    renameSync(fresh, target);
    flush(join(target, '..'));
    return verdict;
  } finally {
    remove(fresh);
  }
}

async function renewFile(file: string): Promise<void> {
  const database = openDatabase(file, loadDriver());
  try {
    await migrate(database, file);
    const renew = database.prepare('UPDATE rooms SET epoch = ? WHERE id = ?');
    database.exec('BEGIN');
    for (const { id } of database.prepare('SELECT id FROM rooms').all()) renew.run(newEpoch(), Number(id));
    database.exec('COMMIT');
    // One file, with nothing beside it that would have to be renamed as well.
    database.exec('PRAGMA journal_mode = DELETE');
  } finally {
    database.close();
  }
}

/** The write-ahead log of the old file must not be taken for one of the new: it goes into the old file first. */
function foldLog(target: string): void {
  try {
    const old = openDatabase(target, loadDriver());
    old.exec('PRAGMA journal_mode = DELETE');
    old.close();
  } catch {
    // It is damaged, which may be why it is replaced.
  }
  for (const end of ['-wal', '-shm']) rmSync(`${target}${end}`, { force: true });
}

/** After pg_restore: new epochs for all rooms. Resolves with how many there are. Rejects with an OpenError, also if a server lives. */
export async function renewEpochs(url: string): Promise<number> {
  const database = await openPostgres({ url, onError: () => {} });
  try {
    await migratePostgres(database);
    const [alive] = await database.query(
      `SELECT count(*) AS count FROM nodes WHERE seen_at > now() - interval '30 seconds'`,
    );
    if (alive?.count !== 0) {
      const message = `${database.place} has had a server on it within the last 30 seconds. Stop it, and wait that long.`;
      throw new OpenError('in-use', message);
    }
    const rooms = await database.query('SELECT id FROM rooms');
    const ids = rooms.map(({ id }) => Number(id));
    await database.query(
      'UPDATE rooms SET epoch = k.epoch FROM unnest($1::int[], $2::text[]) AS k(id, epoch) WHERE rooms.id = k.id',
      [ids, ids.map(newEpoch)],
    );
    // Whom the servers of then had, nobody has now.
    await database.query('DELETE FROM nodes');
    return ids.length;
  } finally {
    await database.close();
  }
}
