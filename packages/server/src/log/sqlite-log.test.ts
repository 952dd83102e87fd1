// The log on SQLite keeps the contract on every driver that loads here, keeps it when it is opened again, and shares
// its commits between writers. Crashes are in sqlite-log-crash.test.ts.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Author } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { openSqlite, SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { registerLogContract } from './log.contract.ts';
import { authorNamed, draftOf, refusedWith } from './log-samples.contract.ts';
import { SqliteLog } from './sqlite-log.ts';

const onFailure = (error: Error): never => {
  throw error;
};

for (const driver of driversHere()) {
  registerLogContract(driver.name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-log-'));
    const thread = new InlineThread(join(folder, 'room.sqlite'), driver);
    const client = await SqliteClient.over(thread, { onFailure });
    return {
      log: new SqliteLog(client),
      close: async () => {
        await client.close();
        rmSync(folder, { recursive: true });
      },
    };
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
    await refusedWith('draft-conflict', after.log.post({ ...draft, text: 'something else' }));
    const next = await after.log.post(draftOf(room, ann, 'after the restart'));
    expect(next.entry).toMatchObject({ seq: 3, epoch: first.entry.epoch });
    expect(await after.log.members(room.roomId, 10)).toEqual({ members: [ann], memberCount: 1 });
  });

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
