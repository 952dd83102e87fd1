// Scenario `posts`: how many posts a second are on disk before they are acknowledged, one transaction for each and with shared ones;
// through the log alone and through the whole server. Then how long an answer takes at half of the top rate.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authorIdSchema, ChatError, draftIdSchema } from '@wireroom/protocol';
import { openPostgresStorage, openSqliteStorage, type Storage } from '@wireroom/server/parts';
import { wait } from '../processes.ts';
import { median, quantile } from '../statistics.ts';
import { figure } from '../table.ts';
import { textOf } from './dialects.ts';
import type { Size } from './options.ts';
import { ownDatabase } from './own-database.ts';
import { Poster } from './poster.ts';
import { against, ms, type Outcome, times } from './report.ts';
import { pinGenerator, startWireroom, unpinGenerator } from './servers.ts';

const CROWD = 512;
const AUTHORS = 16;
const CONNECTIONS = 32;
const UNDER_WAY = 32;
const TEXT_BYTES = 80;

/** Posts one message; resolves when it is acknowledged. */
type Post = (writer: number) => Promise<void>;

interface Rate {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Path {
  readonly name: string;
  readonly post: Post;
  readonly crowd: number;
  /** What is wanted is wanted of the log: through the server each message goes to all who post as well. */
  readonly hasTargets: boolean;
  readonly close: () => Promise<void>;
}

export async function posts(size: Size): Promise<Outcome> {
  const databaseUrl = process.env.DATABASE_URL;
  const paths: readonly (() => Promise<Path>)[] = [
    sqlitePath,
    () => serverPath('one'),
    () => serverPath('all'),
    ...(databaseUrl ? [() => postgresPath(databaseUrl)] : []),
  ];
  const rows: string[][] = [];
  for (const open of paths) {
    const path = await open();
    try {
      rows.push(...(await rowsOf(path, size)));
    } finally {
      await path.close();
    }
  }
  return {
    title: 'Posts on disk',
    rows: [['', 'posts/s', 'ack p50', 'ack p99', 'ratio', 'target'], ...rows],
    notes: [
      `Medians of ${size.rounds} rounds of ${size.seconds} s, in turns. Texts of ${TEXT_BYTES} B. "One each": whoever posts waits for the answer, so each post is a transaction and a flush of its own, by the same statements.`,
      `The log's posts come from this process, which has all cores for its threads. The server's come over ${CONNECTIONS} connections with ${UNDER_WAY} posts under way on each, all of them readers of the room as well: each message goes to ${CONNECTIONS}; it is on SQLite. With one core, its writing thread takes turns with the one that serves sockets, and the generator has the other core; with all, these three share them.`,
    ],
  };
}

async function rowsOf({ name, post, crowd, hasTargets }: Path, size: Size): Promise<string[][]> {
  const one: Rate[] = [];
  const many: Rate[] = [];
  for (let round = 0; round < size.rounds; round += 1) {
    one.push(await closedLoop(post, 1, size.seconds));
    many.push(await closedLoop(post, crowd, size.seconds));
  }
  const top = median(many.map((rate) => rate.perSecond));
  const ratio = top / median(one.map((rate) => rate.perSecond));
  const half: Rate[] = [];
  for (let round = 0; round < size.rounds; round += 1) half.push(await openLoop(post, top / 2, size.seconds));
  const row = (what: string, rates: readonly Rate[], ...rest: string[]): string[] => [
    `${name}: ${what}`,
    figure(median(rates.map((rate) => rate.perSecond))),
    ms(median(rates.map((rate) => rate.p50Ms))),
    ms(median(rates.map((rate) => rate.p99Ms))),
    ...rest,
  ];
  const p99 = median(half.map((rate) => rate.p99Ms));
  return [
    row('one each', one, '1', ''),
    row(
      `${crowd} at once`,
      many,
      times(ratio),
      hasTargets ? `≥ 20 ×: ${against(ratio, 20, 'at least')}` : '',
    ),
    row('half of that rate', half, '', hasTargets ? `p99 ≤ 20 ms: ${against(p99, 20, 'at most')}` : ''),
  ];
}

async function closedLoop(post: Post, writers: number, seconds: number): Promise<Rate> {
  const tookMs: number[] = [];
  const begunAt = performance.now();
  const write = async (writer: number): Promise<void> => {
    while (performance.now() - begunAt < seconds * 1000) {
      const postedAt = performance.now();
      await post(writer);
      tookMs.push(performance.now() - postedAt);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return rateOf(tookMs, begunAt);
}

/** At an even rate, whether or not answers come; each answer's time counts from when the post was due. */
async function openLoop(post: Post, perSecond: number, seconds: number): Promise<Rate> {
  const count = Math.ceil(perSecond * seconds);
  // Nothing that grows or is kept for each post: what is measured shares its collector with this loop.
  const tookMs = new Float64Array(count);
  let sent = 0;
  let done = 0;
  const begunAt = performance.now();
  const note = (dueAt: number) => (): void => {
    tookMs[done] = performance.now() - dueAt;
    done += 1;
  };
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
  };
  while (done < count) {
    if (failure !== undefined) throw failure;
    const due = Math.min(count, ((performance.now() - begunAt) / 1000) * perSecond);
    for (; sent < due; sent += 1)
      untilTaken(post, sent).then(note(begunAt + (sent / perSecond) * 1000), fail);
    await wait(1);
  }
  return rateOf(tookMs, begunAt);
}

/** Where the disk stands still, a post is refused with a time to wait, and comes again. */
async function untilTaken(post: Post, writer: number): Promise<void> {
  try {
    await post(writer);
  } catch (error) {
    if (!(error instanceof ChatError) || error.retryAfterMs === undefined) throw error;
    await wait(error.retryAfterMs);
    await untilTaken(post, writer);
  }
}

function rateOf(tookMs: ArrayLike<number>, begunAt: number): Rate {
  const perSecond = (tookMs.length / (performance.now() - begunAt)) * 1000;
  return { perSecond, p50Ms: quantile(tookMs, 0.5), p99Ms: quantile(tookMs, 0.99) };
}

const events = {
  onFatal: (error: unknown): never => {
    throw error;
  },
  onError: (error: unknown): void => console.error(error),
};

async function sqlitePath(): Promise<Path> {
  const folder = mkdtempSync(join(tmpdir(), 'wireroom-bench-'));
  const storage = await openSqliteStorage(folder, events);
  return logPath('SQLite', storage, () => rmSync(folder, { recursive: true, force: true }));
}

async function postgresPath(server: string): Promise<Path> {
  const { url, drop } = await ownDatabase(server);
  return logPath('PostgreSQL', await openPostgresStorage(url, events), drop);
}

async function logPath(
  name: string,
  storage: Storage,
  whenClosed: () => void | Promise<void>,
): Promise<Path> {
  unpinGenerator();
  const { log } = storage;
  const { roomId } = await log.ensureRoom({ slug: 'bench', title: 'Bench' });
  const run = process.pid.toString(36);
  const authors = Array.from({ length: AUTHORS }, (_, index) => ({
    authorId: authorIdSchema.parse(`a_${`${run}-${index}`.padStart(22, '0')}`),
    name: `Bench ${index}`,
  }));
  for (const author of authors) await log.join(roomId, author);
  let count = 0;
  const post = async (writer: number): Promise<void> => {
    const author = authors[writer % AUTHORS];
    if (author === undefined) return;
    count += 1;
    const draftId = draftIdSchema.parse(`bench-${run}-${String(count).padStart(10, '0')}`);
    await log.post({
      roomId,
      author,
      draftId,
      content: { type: 'message', text: textOf(count, TEXT_BYTES) },
    });
  };
  const close = async (): Promise<void> => {
    await storage.close();
    await whenClosed();
  };
  return { name, post, crowd: CROWD, hasTargets: true, close };
}

async function serverPath(cores: 'one' | 'all'): Promise<Path> {
  if (cores === 'one') pinGenerator();
  else unpinGenerator();
  const server = await startWireroom({}, cores);
  const posters = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => Poster.enter(server.port, `Poster ${index}`)),
  );
  let count = 0;
  const post = async (writer: number): Promise<void> => {
    count += 1;
    await posters[writer % CONNECTIONS]?.post(textOf(count, TEXT_BYTES));
  };
  const close = async (): Promise<void> => {
    for (const poster of posters) poster.leave();
    await server.end();
  };
  return {
    name: `The server, ${cores} core${cores === 'all' ? 's' : ''}`,
    post,
    crowd: CONNECTIONS * UNDER_WAY,
    hasTargets: false,
    close,
  };
}
