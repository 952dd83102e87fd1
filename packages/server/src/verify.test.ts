// Databases that are sound, and databases that somebody or something has changed: what `wireroom verify` tells of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  administer,
  emptyTables,
  openForTest,
  serverUrl,
  temporaryDatabase,
} from './db/postgres.contract.ts';
import { temporaryFolder } from './db/sqlite-driver.contract.ts';
import { ann, live, livedIn, regret, tamper } from './lived-room.contract.ts';
import { changeOf, draftOf } from './log/log-samples.contract.ts';
import { PostgresLog } from './log/postgres-log.ts';
import { DATABASE_FILE } from './storage.ts';
import { isSound, type Verdict, verifyDatabase } from './verify.ts';

const server = await serverUrl();

const ofEntry = (seq: number, payload: object): string =>
  `UPDATE entries SET payload = '${JSON.stringify(payload)}' WHERE seq = ${seq}`;

/** What was done to the tables, and a part of the sentence that tells of it. */
const DAMAGES: readonly (readonly [sql: string, sentence: string])[] = [
  ['DELETE FROM entries WHERE seq = 4', 'entries 4 to 4 are missing'],
  ['UPDATE rooms SET head = 99', 'its head is 99, its last entry'],
  [
    'DROP INDEX entries_by_draft; UPDATE entries SET draft_id = (SELECT draft_id FROM entries WHERE seq = 3) WHERE seq = 4',
    'was stored before',
  ],
  ['DELETE FROM edits', 'the state of message 3'],
  ['UPDATE reactions SET count = 7', 'the state of message 3'],
  [`UPDATE members SET name = 'Mallory'`, 'its 2 members'],
  [`UPDATE rooms SET topic = 'another'`, 'its title or topic'],
  ['UPDATE entries SET at = 5 WHERE seq = 6', 'entry 6 is older'],
  [ofEntry(8, { text: 'back again' }), 'message 8'],
  // A text that outlives its deletion, in the entry as readers see it or in what only the table shows.
  [ofEntry(8, { text: 'back again', deleted: true }), 'message 8 was deleted, but entry 8 still holds more'],
  [ofEntry(8, { text: '', deleted: true, was: 'it' }), 'message 8 was deleted, but entry 8 still holds more'],
  [ofEntry(14, { target: 13, text: 'better said' }), 'message 13 was deleted, but entry 14 still holds more'],
  [ofEntry(14, { target: 13, text: '' }), 'message 13 was deleted, but entry 14 still holds more'],
  // A text that went without a deletion.
  [ofEntry(3, { text: '', deleted: true }), 'message 3 and its deletion do not agree'],
  [ofEntry(4, { target: 3, text: '', deleted: true }), 'edit 4 has lost its text, though message 3 was not'],
  // What is kept of deletions, edits and reactions, row for row.
  ['DELETE FROM deletions WHERE target = 8', 'its deletions lack a row for message 8'],
  ['INSERT INTO deletions (room, target, seq) VALUES (1, 3, 9)', 'its deletions hold a row for message 3'],
  ['INSERT INTO deletions (room, target, seq) VALUES (1, 77, 9)', 'its deletions hold a row for message 77'],
  ['INSERT INTO deletions (room, target, seq) VALUES (1, -7, 9)', 'its deletions hold a row for message -7'],
  ['UPDATE deletions SET seq = 4 WHERE target = 8', 'its deletions lack a row for message 8'],
  ['INSERT INTO edits (room, target, seq) VALUES (1, 13, 14)', 'its edits hold a row for message 13'],
  ['INSERT INTO edits (room, target, seq) VALUES (1, 3, 2)', 'its edits hold a row for message 3'],
  [
    `INSERT INTO reactions (room, target, emoji, first_seq, count) VALUES (1, 13, '🎉', 15, 1)`,
    'its reactions hold a row for message 13',
  ],
  ['UPDATE reactions SET first_seq = 6', 'its reactions lack a row for message 3'],
  ['UPDATE reaction_authors SET seq = 5', 'its reaction_authors lack a row for message 3'],
];

const sentencesOf = ({ rooms }: Verdict): string => rooms.flatMap(({ problems }) => problems).join('\n');

describe('verifying a file', () => {
  const lived = async () => {
    const dataDir = temporaryFolder();
    const opened = await livedIn(dataDir);
    await regret(opened.log, opened.room);
    return { dataDir, ...opened };
  };

  it.each(DAMAGES)('[D9] finds out: %s', async (sql, sentence) => {
    const { dataDir, client } = await lived();
    await client.close();
    expect(await verifyDatabase(dataDir)).toMatchObject({ problems: [], rooms: [{ problems: [] }] });
    tamper(dataDir, sql);
    expect(sentencesOf(await verifyDatabase(dataDir))).toContain(sentence);
  });

  it('[D9] looks at every message, however many have changed', async () => {
    const { dataDir, client, log, room } = await lived();
    // More than are looked at together, and of one message as well.
    const post = async (text: string) => (await log.post(draftOf(room, ann, text))).entry.seq;
    const targets = await Promise.all(Array.from({ length: 520 }, (_, number) => post(`text ${number}`)));
    const edit = (target: number, text: string) =>
      log.post(changeOf(room, ann, { type: 'edit', target, text }));
    await Promise.all(targets.map((target) => edit(target, 'anew')));
    const [first = 0, ...others] = targets;
    await Promise.all(Array.from({ length: 520 }, (_, number) => edit(first, `again ${number}`)));
    for (const target of [first, ...others.slice(-3)])
      await log.post(changeOf(room, ann, { type: 'delete', target }));
    const last = others.at(-1) ?? 0;
    await client.close();
    expect(sentencesOf(await verifyDatabase(dataDir))).toBe('');
    tamper(dataDir, `DELETE FROM deletions WHERE target = ${last}`);
    tamper(dataDir, `DELETE FROM edits WHERE target = ${last - 5}`);
    const sentences = sentencesOf(await verifyDatabase(dataDir));
    expect(sentences).toContain(`its deletions lack a row for message ${last}`);
    expect(sentences).toContain(`its edits lack a row for message ${last - 5}`);
  });

  it('[D9] finds a page that is damaged', async () => {
    const dataDir = temporaryFolder();
    const { client, log, room } = await livedIn(dataDir);
    for (let number = 0; number < 200; number += 1)
      await log.post(draftOf(room, ann, 'long '.repeat(50), `long ${number}`));
    await client.close();
    const file = join(dataDir, DATABASE_FILE);
    const bytes = readFileSync(file);
    bytes.fill(0xff, bytes.length - 8_000, bytes.length - 6_000);
    writeFileSync(file, bytes);
    expect(isSound(await verifyDatabase(file))).toBe(false);
  });

  it('[D9] says what cannot be opened', async () => {
    const folder = temporaryFolder();
    await expect(verifyDatabase(join(folder, 'nothing'))).rejects.toMatchObject({ name: 'OpenError' });
    const file = join(folder, 'text');
    writeFileSync(file, 'no database at all, though it is quite long. '.repeat(50));
    await expect(verifyDatabase(file)).rejects.toMatchObject({ name: 'OpenError' });
  });
});

describe.skipIf(server === undefined)('verifying a PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());

  // A damage is undone by living anew.
  it.each(DAMAGES)('[D9] finds out: %s', async (sql, sentence) => {
    await emptyTables(database.url);
    const log = new PostgresLog(await openForTest(database.url));
    const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    await live(log, room);
    await regret(log, room);
    expect(await verifyDatabase(database.url)).toMatchObject({ problems: [], rooms: [{ problems: [] }] });
    await administer(database.url, sql);
    expect(sentencesOf(await verifyDatabase(database.url))).toContain(sentence);
  });
});
