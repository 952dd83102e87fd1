// Several servers on one PostgreSQL: one numbering, drafts known everywhere, and what happens when the database is lost,
// between any two statements of a batch and for a while.
import { inspect } from 'node:util';
import { type Author, type Room, roomIdSchema } from '@wireroom/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cutter } from '../db/connection-cutter.fixture.ts';
import { DB_LIMITS } from '../db/limits.ts';
import {
  administer,
  emptyTables,
  freePort,
  hasPrivateServer,
  openForTest,
  privateServer,
  serverUrl,
  temporaryDatabase,
} from '../db/postgres.contract.ts';
import { openPostgres } from '../db/postgres.ts';
import type { Log } from './log.ts';
import { authorNamed, draftOf, EVERYTHING, refusedWith } from './log-samples.contract.ts';
import { PostgresLog } from './postgres-log.ts';

const server = await serverUrl();
const authors: readonly Author[] = ['Ann', 'Ben', 'Cid'].map((name) => authorNamed(name));

async function nodeAt(url: string): Promise<PostgresLog> {
  return new PostgresLog(await openForTest(url));
}

async function everyone(log: Log): Promise<Room> {
  const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  for (const author of authors) await log.join(room.roomId, author);
  return room;
}

async function wholeOf(log: Log, { roomId }: Room) {
  const entries = [];
  for (let hasMore = true; hasMore; ) {
    const page = await log.read(roomId, { ...EVERYTHING, after: entries.at(-1)?.seq ?? 0 });
    entries.push(...page.entries);
    hasMore = page.hasMore;
  }
  return entries;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe.skipIf(server === undefined)('several servers on one PostgreSQL', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await openForTest(database.url);
    await emptyTables(database.url);
  });

  it('[L9.1] give one numbering without a gap, while both write as fast as they can', async () => {
    const nodes = [await nodeAt(database.url), await nodeAt(database.url)] as const;
    const room = await everyone(nodes[0]);
    const other = await nodes[1].ensureRoom({ slug: 'other', title: 'Other' });
    for (const author of authors) await nodes[1].join(other.roomId, author);
    const posts = nodes.flatMap((log, node) =>
      authors.flatMap((author) =>
        upTo(200).map((number) =>
          log.post(draftOf(number % 5 === 0 ? other : room, author, `${node} ${author.name} ${number}`)),
        ),
      ),
    );
    const seqs = (await Promise.all(posts)).map(({ entry }) => `${entry.roomId} ${entry.seq}`);
    expect(new Set(seqs).size).toBe(1_200);
    for (const [log, { roomId }, count] of [
      [nodes[0], room, 963],
      [nodes[1], other, 243],
    ] as const) {
      const entries = await wholeOf(log, { ...room, roomId });
      expect(entries.map(({ seq }) => seq)).toEqual(upTo(count));
      const dates = entries.map(({ at }) => at);
      expect(dates).toEqual([...dates].sort());
    }
    expect(nodes[0].commitCount + nodes[1].commitCount).toBeLessThan(60);
  });

  it('[L9.2] store a draft once, on whatever server its retries land, and all give the same answer', async () => {
    const nodes = [await nodeAt(database.url), await nodeAt(database.url)] as const;
    const room = await everyone(nodes[0]);
    const drafts = authors.flatMap((author) =>
      upTo(50).map((n) => draftOf(room, author, `number ${n}`, `d${n}`)),
    );
    const rounds = await Promise.all(
      [nodes[0], nodes[1], nodes[1], nodes[0]].map((log) =>
        Promise.all(drafts.map((draft) => log.post(draft))),
      ),
    );
    for (const [index] of drafts.entries()) {
      const answers = rounds.map((answered) => answered[index]);
      expect(new Set(answers.map((answer) => answer?.entry.seq)).size).toBe(1);
      expect(answers.filter((answer) => answer?.isRepeat === false)).toHaveLength(1);
    }
    expect((await wholeOf(nodes[0], room)).map(({ seq }) => seq)).toEqual(upTo(153));
  });

  it('[L9.1] agree on reactions, edits and members, whoever wrote them where', async () => {
    const nodes = [await nodeAt(database.url), await nodeAt(database.url)] as const;
    const room = await everyone(nodes[0]);
    const act = fc.record({
      node: fc.constantFrom(0, 1),
      who: fc.integer({ min: 0, max: 2 }),
      what: fc.constantFrom('react', 'unreact', 'edit', 'delete', 'leave', 'join', 'message'),
      target: fc.integer({ min: 1, max: 12 }),
      emoji: fc.constantFrom('👍', '🎉'),
    });
    let draftNumber = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 20, maxLength: 40 }), async (acts) => {
        const done = acts.map(async ({ node, who, what, target, emoji }) => {
          const log = nodes[node === 0 ? 0 : 1];
          const author = authors[who] ?? authorNamed('Ann');
          draftNumber += 1;
          const draft = draftOf(room, author, 'text', `random-${draftNumber}`);
          if (what === 'join') return log.join(room.roomId, author);
          if (what === 'leave') return log.leave(room.roomId, author.authorId);
          if (what === 'message') return log.post(draft);
          if (what === 'edit')
            return log.post({ ...draft, content: { type: what, target, text: `${draftNumber}` } });
          if (what === 'delete') return log.post({ ...draft, content: { type: what, target } });
          return log.post({ ...draft, content: { type: what, target, emoji } });
        });
        for (const result of await Promise.allSettled(done))
          if (result.status === 'rejected') expect(result.reason).toMatchObject({ name: 'ChatError' });
        const entries = await wholeOf(nodes[0], room);
        expect(entries.map(({ seq }) => seq)).toEqual(upTo(entries.length));
        const views = await Promise.all(nodes.map((log) => log.messages(room.roomId, EVERYTHING)));
        expect(views[0]).toEqual(views[1]);
      }),
      { numRuns: 10 },
    );
  });

  it('[L2.4] refuses one of a batch and stores the others', async () => {
    const log = await nodeAt(database.url);
    const room = await everyone(log);
    const nowhere = { ...room, roomId: roomIdSchema.parse(`r_${'0'.repeat(22)}`) };
    const [first] = authors;
    if (first === undefined) throw new Error('no author');
    const posts = upTo(5).map((n) => log.post(draftOf(n === 3 ? nowhere : room, first, `number ${n}`)));
    const results = await Promise.allSettled(posts);
    expect(results.map(({ status }) => status)).toEqual(
      upTo(5).map((n) => (n === 3 ? 'rejected' : 'fulfilled')),
    );
  });

  it('[L2.4] stores the others also where one cannot be written at all', async () => {
    const log = await nodeAt(database.url);
    const room = await everyone(log);
    const [first] = authors;
    if (first === undefined) throw new Error('no author');
    // No name that was checked holds a NUL; PostgreSQL would refuse the whole statement for it.
    const bad = { ...first, name: 'A\0nn' };
    const results = await Promise.allSettled([
      log.post(draftOf(room, first, 'before')),
      log.post(draftOf(room, first, 'a')),
      log.join(room.roomId, bad),
      log.post(draftOf(room, first, 'b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(results[2]).toMatchObject({ reason: { code: 'internal' } });
  });

  it('[L2.6] refuses with busy what passes the bound on waiting', async () => {
    const log = new PostgresLog(await openForTest(database.url), { waitingMax: 10 });
    const room = await everyone(log);
    const posts = upTo(20).map((n) => log.post(draftOf(room, authors[0] ?? authorNamed('Ann'), `${n}`)));
    const results = await Promise.allSettled(posts);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(9);
    expect(refused[0]).toMatchObject({ reason: { code: 'busy', retryAfterMs: 1_000 } });
  });

  it('[L9.6] stores what is posted while every session that reads is busy', async () => {
    const opened = await openForTest(database.url);
    const log = new PostgresLog(opened);
    const room = await everyone(log);
    const busy = await Promise.all(upTo(DB_LIMITS.readSessionsMax).map(() => opened.hold('read')));
    const reading = log.read(room.roomId, EVERYTHING);
    const { entry } = await log.post(draftOf(room, authorNamed('Ann'), 'meanwhile'));
    for (const session of busy) session.release();
    expect((await reading).entries.at(-1)).toEqual(entry);
  });

  it('[L9.4] sends as many statements for a whole batch of posts as for one', async () => {
    const opened = await openForTest(database.url);
    const statements: unknown[] = [];
    const hold = opened.hold.bind(opened);
    opened.hold = async (pool) => {
      const session = await hold(pool);
      return {
        ...session,
        query: (statement, values) => {
          statements.push(statement);
          return session.query(statement, values);
        },
      };
    };
    const log = new PostgresLog(opened);
    const room = await everyone(log);
    const [author] = authors;
    if (author === undefined) throw new Error('no author');
    statements.length = 0;
    await log.post(draftOf(room, author, 'one'));
    const forOne = statements.length;
    statements.length = 0;
    await Promise.all(
      upTo(DB_LIMITS.batchWritesMax + 1).map((n) => log.post(draftOf(room, author, `many ${n}`))),
    );
    expect([forOne, statements.length]).toEqual([6, 12]);
  });
});

describe.skipIf(server === undefined)('a PostgreSQL that is lost', () => {
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  beforeAll(async () => {
    database = await temporaryDatabase(server ?? '');
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await openForTest(database.url);
    await emptyTables(database.url);
  });
  const [ann] = authors;
  if (ann === undefined) throw new Error('no author');

  it('[L9.5] finds a commit whose answer was lost by the retry, under its first number', async () => {
    const { url, cut } = await cutter(database.url);
    const log = await nodeAt(url);
    const room = await everyone(log);
    const draft = draftOf(room, ann, 'was it stored?');
    Object.assign(cut, { atWord: 'COMMIT', isWordDelivered: true });
    await refusedWith('storage-failed', log.post(draft));
    expect(await log.post(draft)).toMatchObject({ entry: { seq: 4 }, isRepeat: true });
    expect((await log.post(draftOf(room, ann, 'next'))).entry.seq).toBe(5);
  });

  it.each(['BEGIN', 'FOR UPDATE', 'INSERT INTO entries'])(
    '[L9.5] runs a batch again that was cut off at %s, before its commit: nobody notices',
    async (atWord) => {
      const { url, cut } = await cutter(database.url);
      const log = await nodeAt(url);
      const room = await everyone(log);
      Object.assign(cut, { atWord, isWordDelivered: false });
      const answers = await Promise.all(upTo(3).map((n) => log.post(draftOf(room, ann, `number ${n}`))));
      expect(answers.map(({ entry }) => entry.seq)).toEqual([4, 5, 6]);
    },
  );

  it('[L9.5] does not wait for ever for a room that somebody holds, nor for an answer that never comes', async () => {
    const opened = await openForTest(database.url);
    const log = new PostgresLog(opened, { timeoutMs: 500 });
    const room = await everyone(log);
    const hung = await (await openForTest(database.url)).hold('write');
    await hung.query('BEGIN');
    await hung.query('SELECT 1 FROM rooms FOR UPDATE');
    const draft = draftOf(room, ann, 'waits');
    await refusedWith('storage-failed', log.post(draft));
    await hung.query('ROLLBACK');
    hung.release();
    expect(await log.post(draft)).toMatchObject({ entry: { seq: 4 }, isRepeat: false });
  });

  it('[L9.3] tells of a session that was ended without telling what is in it, the password above all', async () => {
    const errors: unknown[] = [];
    const url = database.url.replace(/\/\/[^@]*@/, '//postgres:topsecret@');
    const opened = await openPostgres({ url, onError: (error) => errors.push(error) });
    onTestFinished(() => opened.close());
    await opened.query('SELECT 1');
    await administer(
      database.url,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'wireroom'`,
    );
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    const logged = inspect(errors, { depth: 10, showHidden: true });
    expect(logged).toContain('terminating connection');
    expect(logged).not.toContain('topsecret');
    expect(logged.length).toBeLessThan(10_000);
  });

  it('[L9.5] goes on after every session was ended from outside, again and again, and loses nothing', async () => {
    const log = await nodeAt(database.url);
    const room = await everyone(log);
    const stored: number[] = [];
    const draftsLeft = new Set(upTo(300).map((n) => draftOf(room, ann, `number ${n}`)));
    for (let round = 0; draftsLeft.size > 0; round += 1) {
      const ending =
        round < 5 &&
        administer(
          server ?? '',
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${new URL(database.url).pathname.slice(1)}'`,
        );
      await Promise.all(
        [...draftsLeft].slice(0, 60).map(async (draft) => {
          try {
            stored.push((await log.post(draft)).entry.seq);
            draftsLeft.delete(draft);
          } catch (error) {
            expect(error).toMatchObject({ code: 'storage-failed' });
          }
        }),
      );
      await ending;
    }
    expect(stored.sort((a, b) => a - b)).toEqual(upTo(300).map((n) => n + 3));
  });
});

describe.skipIf(!hasPrivateServer())('a PostgreSQL that is stopped', () => {
  it('[L9.5] refuses within seconds while it is down, keeps what it acknowledged, and goes on when it is up', async () => {
    const server = await privateServer(await freePort());
    onTestFinished(() => server.remove());
    await server.start();
    const errors: unknown[] = [];
    const log = await nodeAt(server.url);
    const room = await everyone(log);
    const author = authorNamed('Ann');
    const acknowledged: number[] = [];
    const post = async (n: number): Promise<string> => {
      try {
        acknowledged.push((await log.post(draftOf(room, author, `number ${n}`))).entry.seq);
        return 'stored';
      } catch (error) {
        errors.push(error);
        return 'refused';
      }
    };
    const during = upTo(2_000).map((n) => post(n));
    await server.stop('immediate');
    const downAt = performance.now();
    await Promise.all(during);
    expect(await post(2_001)).toBe('refused');
    await refusedWith('storage-failed', log.read(room.roomId, EVERYTHING));
    expect(performance.now() - downAt).toBeLessThan(8_000);
    for (const error of errors) expect(error).toMatchObject({ code: 'storage-failed' });

    await server.start();
    await Promise.all(upTo(2_001).map((n) => post(n)));
    const entries = await wholeOf(log, room);
    expect(entries.map(({ seq }) => seq)).toEqual(upTo(2_004));
    expect(new Set(acknowledged).size).toBe(2_001);
  });

  it('[L9.3] refuses a server that does not force commits to disk, and never tells the password', async () => {
    const server = await privateServer(await freePort());
    onTestFinished(() => server.remove());
    await server.start();
    await administer(server.url, 'ALTER SYSTEM SET fsync = off');
    await administer(server.url, 'SELECT pg_reload_conf()');
    const url = server.url.replace('postgres@', 'postgres:topsecret@');
    const opening = () => openPostgres({ url, onError: () => {} });
    await expect.poll(async () => (await opening().catch((error) => error)).message).toContain('fsync off');
    await administer(server.url, 'ALTER SYSTEM RESET fsync');
    await server.stop('fast');
    const error: unknown = await opening().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'OpenError', message: expect.stringContaining('cannot be reached') });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('topsecret');
  });
});
