// A log that an older version wrote: every step of its database is taken on real rows, and the log goes on from there.
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { MIGRATIONS } from '../db/migrations.ts';
import { migrate } from '../db/migrator.ts';
import type { SqliteDriver } from '../db/sqlite.ts';
import { openDatabase } from '../db/sqlite.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { SqliteLog } from './sqlite-log.ts';

const FIRST = '0001-rooms-and-authors';
const ann = authorNamed('Ann');
const roomId = `r_${'0'.repeat(22)}`;
const epoch = 'e'.repeat(22);

/** What version 0001 left behind: a room, a member, her join and one message. */
async function writeFirstVersion(file: string, driver: SqliteDriver): Promise<void> {
  const database = openDatabase(file, driver);
  const first = MIGRATIONS[FIRST];
  if (first === undefined) throw new Error(`${FIRST} was released and has to stay`);
  await migrate(database, file, { [FIRST]: first });
  database
    .prepare(
      'INSERT INTO rooms (room_id, slug, title, epoch, head, head_at, created_at) VALUES (?, ?, ?, ?, 2, 9, 1)',
    )
    .run(roomId, 'lobby', 'Lobby', epoch);
  const insert = database.prepare(
    'INSERT INTO entries (room, seq, at, type, author_id, name, draft_id, payload) VALUES (1, ?, ?, ?, ?, ?, ?, ?)',
  );
  insert.run(1, 8, 'join', ann.authorId, 'Ann', null, '{}');
  insert.run(2, 9, 'message', ann.authorId, 'Ann', '____old-text', '{"text":"old text"}');
  database
    .prepare('INSERT INTO members (room, author_id, name, joined_seq) VALUES (1, ?, ?, 1)')
    .run(ann.authorId, 'Ann');
  database.close();
}

describe.each(driversHere())('a log of the first version, opened with $name', (driver) => {
  it('[D2] is read, goes on, and its old messages can be edited, reacted to and deleted', async () => {
    const file = join(temporaryFolder(), 'room.sqlite');
    await writeFirstVersion(file, driver);
    const client = await SqliteClient.over(new InlineThread(file, driver), {
      onFailure: (error) => {
        throw error;
      },
    });
    onTestFinished(() => client.close());
    const log = new SqliteLog(client);
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Another' });
    expect(room).toEqual({ roomId, slug: 'lobby', title: 'Lobby', topic: '' });
    expect(await log.post(draftOf(room, ann, 'old text'))).toMatchObject({
      isRepeat: true,
      entry: { seq: 2, text: 'old text', epoch },
    });
    await log.post(changeOf(room, ann, { type: 'edit', target: 2, text: 'new text' }));
    await log.post(changeOf(room, ann, { type: 'react', target: 2, emoji: '👍' }));
    const { messages, position } = await log.messages(room.roomId, EVERYTHING);
    expect(messages).toMatchObject([
      { entry: { seq: 2, text: 'old text' }, state: { text: 'new text', reactions: [{ emoji: '👍' }] } },
    ]);
    expect(position).toEqual({ epoch, seq: 4 });
    await log.post(changeOf(room, ann, { type: 'delete', target: 2 }));
    const { entries } = await log.read(room.roomId, EVERYTHING);
    expect(JSON.stringify(entries)).not.toMatch(/old text|new text/);
  });
});
