// A database in which everything has happened that can happen to a room, and a hand that changes it behind everybody's back.
import { join } from 'node:path';
import type { Room } from '@wireroom/protocol';
import { onTestFinished } from 'vitest';
import { InlineThread } from './db/inline-thread.ts';
import { loadDriver } from './db/sqlite.ts';
import { SqliteClient } from './db/sqlite-client.ts';
import type { Log } from './log/log.ts';
import { authorNamed, changeOf, draftOf } from './log/log-samples.contract.ts';
import { SqliteLog } from './log/sqlite-log.ts';
import { DATABASE_FILE } from './storage.ts';

export const [ann, ben] = [authorNamed('Ann'), authorNamed('Ben')];

/** Until the test ends. */
export async function openIn(dataDir: string) {
  const onFailure = (error: Error): never => {
    throw error;
  };
  const client = await SqliteClient.over(new InlineThread(join(dataDir, DATABASE_FILE)), { onFailure });
  onTestFinished(() => client.close());
  const log = new SqliteLog(client);
  const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  return { client, log, room };
}

export async function livedIn(dataDir: string) {
  const opened = await openIn(dataDir);
  await live(opened.log, opened.room);
  return opened;
}

/**
 * Entries 1 and 2 are joins, 3 a message with the edit 4 and the reactions 5 to 7, 8 one that is deleted by 9; 10 is a topic,
 * 11 and 12 a change of name.
 */
export async function live(log: Log, room: Room): Promise<void> {
  for (const author of [ann, ben]) await log.join(room.roomId, author);
  const { entry } = await log.post(draftOf(room, ann, 'to be edited'));
  const target = entry.seq;
  await log.post(changeOf(room, ann, { type: 'edit', target, text: 'edited' }));
  await log.post(changeOf(room, ben, { type: 'react', target, emoji: '👍' }));
  await log.post(changeOf(room, ann, { type: 'react', target, emoji: '👍' }));
  await log.post(changeOf(room, ben, { type: 'unreact', target, emoji: '👍' }));
  const gone = await log.post(draftOf(room, ben, 'to be deleted'));
  await log.post(changeOf(room, ben, { type: 'delete', target: gone.entry.seq }));
  await log.post(changeOf(room, ann, { type: 'topic', topic: 'a topic' }));
  await log.join(room.roomId, { ...ben, name: 'Benjamin' });
}

/** And then: 13 is a message that was edited by 14, given a reaction by 15, and deleted by 16. */
export async function regret(log: Log, room: Room): Promise<void> {
  const { entry } = await log.post(draftOf(room, ann, 'to be regretted'));
  const target = entry.seq;
  await log.post(changeOf(room, ann, { type: 'edit', target, text: 'better said' }));
  await log.post(changeOf(room, ann, { type: 'react', target, emoji: '🎉' }));
  await log.post(changeOf(room, ann, { type: 'delete', target }));
}

export function tamper(dataDir: string, sql: string): void {
  const database = loadDriver().open(join(dataDir, DATABASE_FILE));
  database.exec(sql);
  database.close();
}
