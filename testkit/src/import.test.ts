// A room that is carried from one server to another, as its people would do it: downloaded, imported, entered; and what is left of
// an import whose process was killed.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { verifyDatabase } from '@wireroom/server';
import { administer, serverUrl, temporaryDatabase } from '@wireroom/server/postgres-for-tests';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer } from './server.ts';

const postgres = await serverUrl();
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What it printed, and its exit code. */
function wireroom(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<{ code: number; text: string }> {
  const place = { ...process.env, DATABASE_URL: '', ...env };
  return new Promise((resolve) => {
    execFile(process.execPath, commandLine('history', ...args), { env: place }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
      resolve({ code, text: stdout + stderr });
    });
  });
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'wireroom-import-'));
  cleanUps.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function serve(settings: Readonly<Record<string, string>>): Promise<TestServer> {
  const server = await startTestServer({ SOCKET_PORT: 'off', ...settings });
  cleanUps.push(() => server.stop());
  return server;
}

const urlOf = ({ port }: TestServer): string => `ws://localhost:${port}/ws`;

async function download(server: TestServer, room: string): Promise<string> {
  const response = await fetch(`${server.url}/api/rooms/${room}/history?format=jsonl`);
  expect(response.status).toBe(200);
  return response.text();
}

/** The lines of its entries, without what a copy has of its own. */
const entriesIn = (file: string): readonly string[] =>
  file
    .trimEnd()
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(/"roomId":"[^"]*","epoch":"[^"]*"/, ''));

/** Everything that can happen in a room. */
async function live(server: TestServer): Promise<NativeClient> {
  const ada = await NativeClient.enter(urlOf(server), 'Ada');
  const bo = await NativeClient.enter(urlOf(server), 'Bo');
  const seqOf = async (answer: Promise<Json>): Promise<number> => Number((await answer).seq);
  let drafts = 0;
  const act = (who: NativeClient, command: Json): Promise<Json> => {
    drafts += 1;
    return who.ask({ room: 'lobby', draftId: `draft-${drafts}-0000`, ...command });
  };
  const one = await seqOf(ada.post('</script>\u0000\u202e=1+1', 'known-draft-1'));
  const gone = await seqOf(bo.post('nobody is to read this'));
  await act(bo, { type: 'edit', target: gone, text: 'nor this' });
  await act(ada, { type: 'react', target: gone, emoji: '🎉' });
  await act(bo, { type: 'delete', target: gone });
  await act(ada, { type: 'edit', target: one, text: 'edited' });
  for (const who of [ada, bo]) await act(who, { type: 'react', target: one, emoji: '👍' });
  await act(bo, { type: 'unreact', target: one, emoji: '👍' });
  await act(ada, { type: 'rename', title: 'Hall' });
  await act(ada, { type: 'topic', topic: 'What for' });
  await bo.ask({ type: 'leave', room: 'lobby' });
  return ada;
}

describe('a room that is carried elsewhere', () => {
  it('[H4.1] [H4.4] is the same room: its download is, its messages are, and its people go on in it', async () => {
    const data = folder();
    const file = join(data, 'lobby.jsonl');
    const first = await serve({ DATA_DIR: join(data, 'one') });
    await live(first);
    writeFileSync(file, await download(first, 'lobby'));
    const messagesOf = async (server: TestServer, room: string): Promise<string> =>
      (await (await fetch(`${server.url}/api/rooms/${room}/messages`)).text()).replace(
        /"(?:roomId|epoch)":"[^"]*"/g,
        '',
      );
    const messages = await messagesOf(first, 'lobby');
    await first.stop();

    const imported = await wireroom({ DATA_DIR: join(data, 'two') }, 'import', file, '--room', 'hall');
    expect(imported).toMatchObject({ code: 0, text: expect.stringContaining('The room "hall" (Hall)') });
    const second = await serve({ DATA_DIR: join(data, 'two') });
    const copy = await download(second, 'hall');
    expect(entriesIn(copy)).toEqual(entriesIn(readFileSync(file, 'utf8')));
    expect(entriesIn(copy)).toHaveLength(14);
    expect(await messagesOf(second, 'hall')).toBe(messages);

    const cy = await NativeClient.open(urlOf(second));
    await cy.ask({ type: 'hello', name: 'Ada' });
    const joined = await cy.ask({ type: 'join', room: 'hall' });
    expect(joined).toMatchObject({ memberCount: 1, position: { seq: 15 } });
    expect(
      await cy.ask({ type: 'edit', room: 'hall', draftId: 'not-mine-0000', target: 3, text: 'mine now' }),
    ).toMatchObject({ type: 'refused', code: 'not-yours' });
    expect(
      await cy.ask({ type: 'post', room: 'hall', draftId: 'on-we-go-0000', text: 'on we go' }),
    ).toMatchObject({ type: 'posted', seq: 16 });
  }, 240_000);
});

/** A history that takes a while to import. */
function longHistory(count: number): string {
  const author = { authorId: `a_${'n'.repeat(20)}`, name: 'Ann' };
  const room = { roomId: `r_${'0'.repeat(20)}`, slug: 'long', title: 'Long', topic: '' };
  const lines = [
    JSON.stringify({ type: 'history', v: 1, room, epoch: 'e', until: count, spec: { format: 'jsonl' } }),
  ];
  for (let seq = 1; seq <= count; seq += 1) {
    const draftId = `draft-${String(seq).padStart(9, '0')}`;
    lines.push(
      JSON.stringify({
        v: 1,
        roomId: room.roomId,
        epoch: 'e',
        seq,
        type: 'message',
        author,
        at: new Date(seq).toISOString(),
        draftId,
        text: `number ${seq}`,
      }),
    );
  }
  const text = lines.map((line) => `${line}\n`).join('');
  const sha256 = createHash('sha256').update(text).digest('hex');
  return `${text}${JSON.stringify({ type: 'end', count, first: 1, last: count, broken: 0, gaps: [], sha256 })}\n`;
}

/** Kills the import once `isUnderWay` says so, and resolves with how it ended. */
async function killed(
  env: Readonly<Record<string, string>>,
  file: string,
  isUnderWay: () => Promise<boolean>,
): Promise<string | null> {
  const child = spawn(process.execPath, commandLine('history', 'import', file, '--room', 'long'), {
    env: { ...process.env, DATABASE_URL: '', ...env },
  });
  const ended = new Promise<string | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  while (child.exitCode === null && !(await isUnderWay())) await pause(5);
  child.kill('SIGKILL');
  return ended;
}

describe('an import that is killed', () => {
  it('[H4.2] leaves nothing in a data folder, and works when it is done again', async () => {
    const dataDir = join(folder(), 'data');
    const file = join(dataDir, '..', 'long.jsonl');
    writeFileSync(file, longHistory(100_000));
    const isUnderWay = async (): Promise<boolean> => {
      const isThere = existsSync(join(dataDir, 'wireroom.sqlite-wal'));
      if (isThere) await pause(150);
      return isThere;
    };
    const short = join(dataDir, '..', 'short.jsonl');
    writeFileSync(short, longHistory(10));
    expect(await wireroom({ DATA_DIR: dataDir }, 'import', short, '--room', 'short')).toMatchObject({
      code: 0,
    });
    expect(await killed({ DATA_DIR: dataDir }, file, isUnderWay)).toBe('SIGKILL');
    const left = await verifyDatabase(dataDir);
    expect(left).toMatchObject({ problems: [], rooms: [{ slug: 'short', entryCount: 10, problems: [] }] });
    expect(await wireroom({ DATA_DIR: dataDir }, 'import', file, '--room', 'long')).toMatchObject({
      code: 0,
    });
    expect((await verifyDatabase(dataDir)).rooms).toMatchObject([
      { slug: 'short' },
      { slug: 'long', entryCount: 100_000, problems: [] },
    ]);
  }, 240_000);

  describe.skipIf(postgres === undefined)('on PostgreSQL', () => {
    let database: Awaited<ReturnType<typeof temporaryDatabase>>;
    beforeAll(async () => {
      database = await temporaryDatabase(postgres ?? '');
    });
    afterAll(() => database.drop());

    it('[H4.2] [H4.11] leaves nothing either, while a server runs, which finds the room of the second', async () => {
      const env = { DATABASE_URL: database.url };
      const file = join(folder(), 'long.jsonl');
      writeFileSync(file, longHistory(20_000));
      const server = await serve(env);
      const ada = await NativeClient.enter(urlOf(server), 'Ada');
      const writing = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%INSERT INTO entries%' AND xact_start IS NOT NULL AND pid <> pg_backend_pid()`;
      const isUnderWay = async (): Promise<boolean> => (await administer(database.url, writing)).length > 0;
      expect(await killed(env, file, isUnderWay)).toBe('SIGKILL');
      expect(await ada.post('meanwhile')).toMatchObject({ type: 'posted' });
      // The database notices that the other end is gone when it next writes to it.
      let again = await wireroom(env, 'import', file, '--room', 'long');
      while (again.text.includes('under way')) {
        await pause(100);
        again = await wireroom(env, 'import', file, '--room', 'long');
      }
      expect(again).toMatchObject({ code: 0, text: expect.stringContaining('20,000 entries') });
      const rooms = (await verifyDatabase(database.url)).rooms.map(({ slug, entryCount, problems }) => ({
        slug,
        entryCount,
        problems,
      }));
      expect(rooms).toEqual([
        { slug: 'lobby', entryCount: 2, problems: [] },
        { slug: 'long', entryCount: 20_000, problems: [] },
      ]);
      // The server looks for rooms now and then.
      let joined = await ada.ask({ type: 'join', room: 'long' });
      while (joined.type === 'refused') {
        await pause(100);
        joined = await ada.ask({ type: 'join', room: 'long' });
      }
      expect(joined).toMatchObject({ type: 'joined', memberCount: 1, position: { seq: 20_001 } });
    }, 240_000);
  });
});
