// The log on SQLite keeps the contract on every driver that loads here, keeps it when it is opened again, and shares
// its commits between writers. Crashes are in sqlite-log-crash.test.ts.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Author } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { openDatabase } from '../db/sqlite.ts';
import { openSqlite, SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { type OpenLog, registerLogContract } from './log.contract.ts';
import { registerImport } from './log-import.contract.ts';
import { registerLogModel } from './log-model.contract.ts';
import { authorNamed, changeOf, draftOf, refusedWith } from './log-samples.contract.ts';
import { SqliteLog } from './sqlite-log.ts';
import { SqliteImportLog } from './sqlite-log-import.ts';

const onFailure = (error: Error): never => {
  throw error;
};

for (const driver of driversHere()) {
  const open = async (
    file = join(mkdtempSync(join(tmpdir(), 'wireroom-log-')), 'room.sqlite'),
  ): Promise<OpenLog> => {
    const client = await SqliteClient.over(new InlineThread(file, driver), {
      onFailure,
      reader: () => new InlineThread(file, driver, 'reader'),
    });
    return {
      log: new SqliteLog(client),
      close: async () => {
        await client.close();
        rmSync(dirname(file), { recursive: true });
      },
    };
  };
  registerLogContract(driver.name, () => open());
  registerLogModel(driver.name, () => open(), 100);
  registerImport(driver.name, async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const opened = await open(file);
    const database = openDatabase(file, driver);
    const close = async (): Promise<void> => {
      database.close();
      await opened.close();
    };
    return { ...opened, importer: new SqliteImportLog(database), close };
  });
}

describe('the log in its thread', () => {
  const everything = { limit: 20_000, bytesMax: 100_000_000 } as const;

  async function openAt(file: string): Promise<{ readonly client: SqliteClient; readonly log: SqliteLog }> {
    const client = await openSqlite({ file, onFailure });
    onTestFinished(() => client.close());
    return { client, log: new SqliteLog(client) };
  }

  it('[L3.2] answers a retry after a restart with the first answer, and [L1.2] goes on in the same epoch', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    const before = await openAt(file);
    const room = await before.log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    const ann = authorNamed('Ann');
    await before.log.join(room.roomId, ann);
    const draft = draftOf(room, ann, 'before the restart');
    const first = await before.log.post(draft);
    await before.client.close();

    const after = await openAt(file);
    expect(await after.log.ensureRoom({ slug: 'lobby', title: 'Lobby' })).toEqual(room);
    expect(await after.log.post(draft)).toEqual({ entry: first.entry, isRepeat: true });
    await refusedWith(
      'draft-conflict',
      after.log.post({ ...draft, content: { type: 'message', text: 'something else' } }),
    );
    const next = await after.log.post(draftOf(room, ann, 'after the restart'));
    expect(next.entry).toMatchObject({ seq: 3, epoch: first.entry.epoch });
    expect(await after.log.standing(room.roomId, 10)).toMatchObject({ members: [ann], memberCount: 1 });
  });

  it.each(driversHere())(
    '[D6] leaves nothing of a deleted text in the files after a stop ($name)',
    async (driver) => {
      const folder = temporaryFolder();
      const file = join(folder, 'room.sqlite');
      const client = await SqliteClient.over(new InlineThread(file, driver), { onFailure });
      const log = new SqliteLog(client);
      const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
      const ann = authorNamed('Ann');
      await log.join(room.roomId, ann);
      const lengths = [20, 500, 3_000, 9_000, 16_000];
      for (const [index, length] of lengths.entries()) {
        const secret = (word: string): string =>
          `${word}-${index} `.repeat(Math.ceil(length / 10)).slice(0, length);
        const { entry } = await log.post(draftOf(room, ann, secret('SECRET'), `secret-${index}`));
        const edit = { type: 'edit', target: entry.seq, text: secret('HIDDEN') } as const;
        await log.post(changeOf(room, ann, edit, `hidden-${index}`));
        await log.post(draftOf(room, ann, `beside ${index}`));
      }
      const everything = { limit: 100, bytesMax: 1_000_000 };
      const written = (await log.read(room.roomId, everything)).entries;
      for (const { seq, type } of written)
        if (type === 'message' && JSON.stringify(written[seq - 1]).includes('SECRET'))
          await log.post(changeOf(room, ann, { type: 'delete', target: seq }));
      await client.close();
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
      expect(files.some((bytes) => bytes.includes('beside 4'))).toBe(true);
      expect(files.filter((bytes) => /SECRET-|HIDDEN-/.test(bytes))).toEqual([]);
    },
  );

  it('[L1.1] [L2.3] numbers 10,000 posts of five authors without a gap, in far fewer commits', async () => {
    const { client, log } = await openAt(join(temporaryFolder(), 'room.sqlite'));
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    const authors: readonly Author[] = ['Ann', 'Ben', 'Cid', 'Dee', 'Eva'].map((name) => authorNamed(name));
    await Promise.all(authors.map((author) => log.join(room.roomId, author)));
    const commitsBefore = client.commitCount;
    const posts = authors.flatMap((author) =>
      Array.from({ length: 2_000 }, (_, index) => log.post(draftOf(room, author, `${author.name} ${index}`))),
    );
    const posted = await Promise.all(posts);
    const given = posted.map(({ entry }) => entry.seq).sort((a, b) => a - b);
    expect(given).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 6));
    expect(client.commitCount - commitsBefore).toBeLessThan(100);
    const { entries, position } = await log.read(room.roomId, { ...everything, after: 5 });
    expect(position.seq).toBe(10_005);
    const bySeq = posted.map(({ entry }) => entry).sort((a, b) => a.seq - b.seq);
    expect(entries).toEqual(bySeq);
  });
});
