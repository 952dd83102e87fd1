// Copies of the database: made while it is written to, proven, restored, and found out when they are not what they were.
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Room } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { backupDatabase } from './backup.ts';
import { loadDriver } from './db/sqlite.ts';
import { temporaryFolder } from './db/sqlite-driver.contract.ts';
import { ann, livedIn, openIn, tamper } from './lived-room.contract.ts';
import { draftOf, EVERYTHING } from './log/log-samples.contract.ts';
import type { SqliteLog } from './log/sqlite-log.ts';
import { restoreDatabase } from './restore.ts';
import { DATABASE_FILE } from './storage.ts';
import { isSound, verifyDatabase } from './verify.ts';

const post = (log: SqliteLog, room: Room, text: string) => log.post(draftOf(room, ann, text));

describe('a backup', () => {
  it('[D7] is a sound copy as of one moment, while posts go on', async () => {
    const dataDir = temporaryFolder();
    const { log, room } = await livedIn(dataDir);
    const file = join(dataDir, 'copy.sqlite');
    let isOver = false;
    const posting = (async () => {
      let count = 0;
      for (; !isOver; count += 1) await post(log, room, `meanwhile ${count}`);
      return count;
    })();
    await post(log, room, 'before');
    const verdict = await backupDatabase(dataDir, file);
    isOver = true;
    await posting;
    expect(isSound(verdict)).toBe(true);
    expect(verdict.rooms[0]?.entryCount).toBeGreaterThan(12);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.part`)).toBe(false);
    expect(await verifyDatabase(file)).toEqual({ ...verdict, place: file });
    expect(isSound(await verifyDatabase(dataDir))).toBe(true);
  });

  it('[D7] replaces no file, and leaves none behind where it fails', async () => {
    const dataDir = temporaryFolder();
    const { client } = await livedIn(dataDir);
    const file = join(dataDir, 'copy.sqlite');
    writeFileSync(file, 'something else');
    await expect(backupDatabase(dataDir, file)).rejects.toMatchObject({ name: 'OpenError' });
    expect(readFileSync(file, 'utf8')).toBe('something else');
    await expect(backupDatabase(dataDir, join(dataDir, 'no', 'folder'))).rejects.toThrow('cannot be made');
    await expect(backupDatabase(mkdtempSync(join(dataDir, 'x')), join(dataDir, 'y'))).rejects.toThrow(
      'no database',
    );
    await client.close();
    tamper(dataDir, 'DELETE FROM entries WHERE seq = 4');
    const unsound = join(dataDir, 'unsound');
    expect(isSound(await backupDatabase(dataDir, unsound))).toBe(false);
    expect(existsSync(unsound)).toBe(false);
  });
});

describe('restoring', () => {
  it('[D8] brings back what was, under the same digests and in new epochs', async () => {
    const dataDir = temporaryFolder();
    const { client, log, room } = await livedIn(dataDir);
    const file = join(dataDir, 'copy.sqlite');
    const backup = await backupDatabase(dataDir, file);
    const before = await log.read(room.roomId, EVERYTHING);
    await post(log, room, 'after the backup');
    await client.close();

    const restored = await restoreDatabase(file, { dataDir, isReplacing: true });
    expect(restored.rooms).toEqual(backup.rooms);
    expect(statSync(join(dataDir, DATABASE_FILE)).mode & 0o777).toBe(0o600);
    const again = await openIn(dataDir);
    const after = await again.log.read(room.roomId, EVERYTHING);
    expect(after.position.epoch).not.toBe(before.position.epoch);
    expect(after.entries.map(({ epoch: _, ...entry }) => entry)).toEqual(
      before.entries.map(({ epoch: _, ...entry }) => entry),
    );
    expect((await post(again.log, room, 'goes on')).entry.seq).toBe(before.position.seq + 1);
  });

  it('[D8] refuses while a server runs, and where there is a database', async () => {
    const dataDir = temporaryFolder();
    const { client, log, room } = await livedIn(dataDir);
    const file = join(dataDir, 'copy.sqlite');
    await backupDatabase(dataDir, file);
    await expect(restoreDatabase(file, { dataDir, isReplacing: true })).rejects.toMatchObject({
      code: 'in-use',
    });
    await post(log, room, 'later');
    await client.close();
    await expect(restoreDatabase(file, { dataDir, isReplacing: false })).rejects.toThrow('--replace');
    const { rooms } = await verifyDatabase(dataDir);
    expect(rooms[0]?.entryCount).toBe(13);
    const elsewhere = join(temporaryFolder(), 'new');
    expect(isSound(await restoreDatabase(file, { dataDir: elsewhere, isReplacing: false }))).toBe(true);
  });

  it('[D8] changes nothing where the backup is not sound, or is none', async () => {
    const dataDir = temporaryFolder();
    const { client } = await livedIn(dataDir);
    const file = join(dataDir, 'copy.sqlite');
    await backupDatabase(dataDir, file);
    await client.close();
    const before = await verifyDatabase(dataDir);
    const broken = loadDriver().open(file);
    broken.exec(`UPDATE rooms SET head = head + 1`);
    broken.close();
    expect(isSound(await restoreDatabase(file, { dataDir, isReplacing: true }))).toBe(false);
    writeFileSync(file, 'not a database, but long enough to be taken for one at first sight'.repeat(20));
    await expect(restoreDatabase(file, { dataDir, isReplacing: true })).rejects.toMatchObject({
      name: 'OpenError',
    });
    expect(await verifyDatabase(dataDir)).toEqual(before);
  });
});
