import { HISTORY_FORMATS, type HistoryEnd, runningDigest } from '@wireroom/history';
import { beforeEach, describe, expect, test } from 'vitest';
import { chat, live } from '../chat.fixture.ts';
import { FakeClock, fixedRandom, tick } from '../fake-clock.fixture.ts';
import { downloadWith } from './download.ts';
import { DownloadError, type DownloadOptions, type DownloadProgress } from './download-options.ts';
import { estimateWith } from './estimate.ts';
import { EPOCH, fileOf, HistoryServer, type Script } from './history-server.fixture.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';

let server: HistoryServer;
let clock: FakeClock;
let written: Uint8Array[];
let told: DownloadProgress[];

beforeEach(() => {
  server = new HistoryServer();
  clock = new FakeClock();
  written = [];
  told = [];
});

const asked = { url: 'ws://test:1/ws', room: 'lobby', spec: { format: 'jsonl' } } as const;

const begin = (options: Partial<DownloadOptions> = {}): Promise<HistoryEnd> =>
  downloadWith(
    {
      fetch: server.fetch,
      openSocket: server.openSocket,
      digest: runningDigest,
      clock,
      random: fixedRandom(),
    },
    {
      ...asked,
      write: async (bytes) => void written.push(bytes.slice()),
      onProgress: (progress) => told.push(progress),
      ...options,
    } as DownloadOptions,
  );

/** Time passes until it is over. */
async function over<Value>(running: Promise<Value>, stepMs = 250): Promise<Value> {
  let isOver = false;
  const ends = (): void => {
    isOver = true;
  };
  running.then(ends, ends);
  for (let step = 0; step < 5_000 && !isOver; step++) {
    await tick();
    if (!isOver) clock.pass(stepMs);
  }
  return running;
}

const failed = (running: Promise<unknown>, stepMs?: number): Promise<DownloadError> =>
  over(running, stepMs).then(
    () => expect.unreachable('it was downloaded'),
    (error: unknown) => {
      expect(error).toBeInstanceOf(DownloadError);
      return error as DownloadError;
    },
  );

const file = (): Uint8Array => Buffer.concat(written);
const ways = (): readonly string[] => server.calls.map(({ way }) => way);
const page = (): Script => ({
  how: 'answers',
  response: () => new Response('<h1>Log in to the Wi-Fi</h1>', { headers: { 'content-type': 'text/html' } }),
});
const error = (status: number, code: string, headers: Record<string, string> = {}): Script => ({
  how: 'answers',
  response: () => Response.json({ error: { code, message: `said ${code}` } }, { status, headers }),
});

describe('[C39] a whole file', () => {
  test.each(HISTORY_FORMATS)(
    '[C39] %s comes byte for byte, and its end is told once it is proven',
    async (format) => {
      server.file = fileOf(format, 40);
      const end = await over(begin({ spec: { format } }));
      expect(file()).toEqual(Buffer.from(server.file));
      expect(end).toMatchObject({ count: 40, first: 1, last: 40 });
      expect(ways()).toEqual(['http']);
      expect(told.at(-1)).toEqual({
        ...{ via: 'http', bytes: server.file.length, records: 40, isResuming: false },
        picture: { until: 40, epoch: EPOCH },
      });
    },
  );

  test('[C39] a file that is not what its end says is told of, and so is one whose end says something else', async () => {
    server.file = server.file.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte));
    expect(await failed(begin())).toMatchObject({ code: 'not-verified' });
    server.file = fileOf('jsonl', 40, { count: 41 });
    expect((await failed(begin())).message).toContain('41');
  });

  test('[C39] one that the server cut is proven, and says so', async () => {
    const cut = { code: 'not-joined', message: 'You left the room.' };
    server.file = fileOf('jsonl', 40, { cut });
    expect(await over(begin())).toMatchObject({ cut, last: 40 });
  });

  test('[C39] the question in the address, the token in a header, never the other way round', async () => {
    const spec = {
      format: 'jsonl',
      from: '2026-01-01T00:00:00+01:00',
      author: 'Ann & Bob',
      tz: 'Asia/Shanghai',
    } as const;
    await over(begin({ spec, room: 'a/b', after: 7, token: 'secret' }));
    const [call] = server.calls;
    expect(call?.url).toMatch(/^http:\/\/test:1\/api\/rooms\/a%2Fb\/history\?/);
    expect(call?.words).toEqual({ ...spec, after: '7' });
    expect(call?.authorization).toBe('Bearer secret');
    expect(call?.url).not.toContain('secret');
    await over(begin({ httpUrl: 'https://other:2' }));
    expect(server.calls.at(-1)).toMatchObject({ authorization: undefined });
    expect(server.calls.at(-1)?.url).toMatch(/^https:\/\/other:2\/api/);
  });

  test('[C39] whoever has entered in a chat asks: its server, and its token, as it is then', async () => {
    live();
    await over(begin({ url: undefined, chat } as Partial<DownloadOptions>));
    expect(server.calls[0]).toMatchObject({ authorization: 'Bearer token-of-ada' });
    expect(server.calls[0]?.url).toMatch(/^http:\/\/test:1\/api\/rooms\/lobby\/history\?/);
  });

  test('[C39] nothing more is read while write has not taken what came', async () => {
    let take = (): void => {};
    const running = begin({
      write: (bytes) => {
        written.push(bytes);
        return new Promise<void>((resolve) => {
          take = resolve;
        });
      },
    });
    for (let turn = 0; turn < 20; turn++) await tick();
    expect(written).toHaveLength(1);
    // One is with us, one in the runtime's own queue.
    expect(server.chunksTaken).toBeLessThanOrEqual(3);
    const next = setInterval(() => take(), 0);
    await over(running);
    clearInterval(next);
    expect(file()).toEqual(Buffer.from(server.file));
  });

  test('[C39] what write rejects with, the download does', async () => {
    const full = new Error('disk full');
    await expect(over(begin({ write: () => Promise.reject(full) }))).rejects.toBe(full);
    expect(ways()).toEqual(['http']);
  });
});

describe('[C40] after a break', () => {
  test.each(['breaks', 'ends'] as const)(
    '[C40] an answer that %s is gone on with where it was, wherever that is',
    async (how) => {
      for (let bytes = 0; bytes < server.file.length; bytes += 97) {
        written = [];
        server.scripts.http.push({ how, bytes });
        const calls = server.calls.length;
        await over(begin());
        expect(Buffer.compare(file(), server.file)).toBe(0);
        expect(server.calls).toHaveLength(calls + 2);
        const { words = {} } = server.calls.at(-1) ?? {};
        expect(words).toMatchObject(bytes === 0 ? {} : { until: '40', epoch: EPOCH, bytes: String(bytes) });
      }
    },
  );

  test('[C40] with back-off, and again and again as long as something comes', async () => {
    for (let times = 0; times < 9; times++) server.scripts.http.push({ how: 'breaks', bytes: 300 });
    await over(begin());
    expect(file()).toEqual(Buffer.from(server.file));
    const waits = told.flatMap(({ waiting }) => (waiting === undefined ? [] : [waiting.code]));
    expect(waits).toEqual(Array(9).fill('unreachable'));
    expect(told.at(-1)).toMatchObject({ isResuming: true, bytes: server.file.length });
  });

  test('[C40] nothing for idleMs is a break; a slow write is none', async () => {
    server.scripts.http.push({ how: 'stalls', bytes: 1_000 });
    const startedAt = clock.now();
    await over(begin(), 1_000);
    expect(file()).toEqual(Buffer.from(server.file));
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(DOWNLOAD_LIMITS.idleMs);
    const write = async (bytes: Uint8Array): Promise<void> => {
      written.push(bytes);
      clock.pass(DOWNLOAD_LIMITS.idleMs + 1);
    };
    const calls = server.calls.length;
    await over(begin({ write }));
    expect(server.calls).toHaveLength(calls + 1);
  });

  test('[C40] Retry-After is kept; a wait that is too long is told instead', async () => {
    server.scripts.http.push(error(429, 'too-many-downloads', { 'retry-after': '30' }));
    const startedAt = clock.now();
    await over(begin());
    expect(clock.now() - startedAt).toBeGreaterThanOrEqual(30_000);
    expect(told.find(({ waiting }) => waiting)?.waiting?.code).toBe('too-many-downloads');
    expect(ways()).toEqual(['http', 'http']);
    server.scripts.http.push(error(429, 'too-many-downloads', { 'retry-after': '3600' }));
    expect(await failed(begin())).toMatchObject({ code: 'too-many-downloads', retryAfterMs: 3_600_000 });
  });

  test.each([
    [401, 'bad-token'],
    [403, 'not-joined'],
    [404, 'no-room'],
    [400, 'bad-query'],
  ])('[C40] %i %s ends it', async (status, code) => {
    server.scripts.http.push(error(status, code));
    expect(await failed(begin())).toMatchObject({ code, message: `said ${code}` });
    expect(ways()).toEqual(['http']);
  });

  test('[C40] what is there is not what the room says now: it ends, and says so', async () => {
    server.scripts.http.push({ how: 'breaks', bytes: 2_000 });
    const running = failed(begin());
    await tick();
    server.file = fileOf('jsonl', 40, { sha256: '0'.repeat(64) }).map((byte, at) =>
      at === 900 ? byte ^ 1 : byte,
    );
    expect(await running).toMatchObject({ code: 'history-changed' });
  });

  test('[C40] nobody answers: soon at the beginning, after patienceMs once something came, it ends', async () => {
    const unreachable = (): Script => ({ how: 'unreachable' });
    server.scripts.http = Array.from({ length: 500 }, unreachable);
    server.scripts.websocket = Array.from({ length: 500 }, unreachable);
    const startedAt = clock.now();
    expect(await failed(begin())).toMatchObject({ code: 'unreachable' });
    expect(clock.now() - startedAt).toBeLessThan(DOWNLOAD_LIMITS.startPatienceMs + 1_000);
    server.scripts.http.unshift({ how: 'breaks', bytes: 1_000 });
    const againAt = clock.now();
    expect(await failed(begin())).toMatchObject({ code: 'unreachable' });
    expect(clock.now() - againAt).toBeGreaterThan(DOWNLOAD_LIMITS.patienceMs - 30_000);
    expect(file().length).toBe(1_000);
  });

  test('[C40] a signal ends it wherever it is, with its reason', async () => {
    for (const script of [
      { how: 'silent' },
      { how: 'stalls', bytes: 900 },
      { how: 'breaks', bytes: 900 },
    ] as const) {
      const stop = new AbortController();
      server.scripts.http = [script, { how: 'silent' }];
      const running = begin({ signal: stop.signal });
      for (let turn = 0; turn < 9; turn++) await tick();
      stop.abort(new Error('enough'));
      await expect(running).rejects.toThrow('enough');
      expect(clock.timerCount).toBe(0);
    }
    await expect(begin({ signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });
});

describe('[C41] two ways', () => {
  const hindered: readonly (readonly [string, Script])[] = [
    ['cannot be reached', { how: 'unreachable' }],
    ['is a portal', page()],
    [
      'is a proxy that fails',
      { how: 'answers', response: () => new Response('Bad Gateway', { status: 502 }) },
    ],
    [
      'is a proxy that knows no such page',
      { how: 'answers', response: () => new Response('no', { status: 404 }) },
    ],
    ['is a port that serves no downloads', error(404, 'not-found')],
  ];
  test.each(hindered)('[C41] where HTTP %s, the second WebSocket is asked', async (_, script) => {
    server.scripts.http.push(script);
    await over(begin({ token: 'secret', after: 3 }));
    expect(ways()).toEqual(['http', 'websocket']);
    expect(server.calls.at(-1)).toEqual({
      ...{ way: 'websocket', url: 'ws://test:1/history', authorization: 'secret' },
      words: { type: 'download', room: 'lobby', format: 'jsonl', after: 3 },
    });
    expect(file()).toEqual(Buffer.from(server.file));
    expect(told.at(-1)).toMatchObject({ via: 'websocket' });
  });

  test('[C41] each way goes on with what the other one brought', async () => {
    server.scripts.http.push({ how: 'breaks', bytes: 1_500 }, page());
    server.scripts.websocket.push({ how: 'breaks', bytes: 1_200 });
    await over(begin());
    expect(ways()).toEqual(['http', 'http', 'websocket', 'websocket']);
    expect(server.calls.at(-1)?.words).toMatchObject({ bytes: 2_700, until: 40, epoch: EPOCH });
    expect(file()).toEqual(Buffer.from(server.file));
  });

  test('[C41] only the way that was asked for', async () => {
    server.scripts.http = Array.from({ length: 200 }, page);
    expect(await failed(begin({ via: 'http' }))).toMatchObject({ code: 'unreachable' });
    expect(new Set(ways())).toEqual(new Set(['http']));
    server.calls.length = 0;
    await over(begin({ via: 'websocket' }));
    expect(ways()).toEqual(['websocket']);
  });

  test('[C41] a refusal on the socket is what it would be over HTTP', async () => {
    server.scripts.websocket.push({
      how: 'refuses',
      error: { code: 'not-joined', message: 'Join it first.' },
    });
    expect(await failed(begin({ via: 'websocket' }))).toMatchObject({
      code: 'not-joined',
      message: 'Join it first.',
    });
    server.scripts.websocket.push({ how: 'refuses', error: { code: 'busy', message: 'Later.' } });
    await over(begin({ via: 'websocket' }));
    expect(told.some(({ waiting }) => waiting?.code === 'busy')).toBe(true);
  });

  test('[C41] more than a browser should hold ends the socket, and the download goes on from there, at once', async () => {
    server.file = fileOf('jsonl', 60_000);
    server.until = 60_000;
    expect(server.file.length).toBeGreaterThan(DOWNLOAD_LIMITS.socketBacklogMaxBytes);
    const startedAt = clock.now();
    await over(begin({ via: 'websocket' }), 0);
    expect(Buffer.compare(file(), server.file)).toBe(0);
    expect(ways().length).toBeGreaterThan(1);
    expect(clock.now()).toBe(startedAt);
  }, 60_000);
});

describe('[C42] after a reload', () => {
  async function* stored(bytes: number): AsyncIterable<Uint8Array> {
    for (let at = 0; at < bytes; at += 333) yield server.file.subarray(at, Math.min(at + 333, bytes));
  }
  const kept = (bytes: number) => ({ until: 40, epoch: EPOCH, stored: stored(bytes) });

  test.each([1, 400, 3_000])('[C42] with %i bytes stored it goes on from there', async (bytes) => {
    const end = await over(begin({ kept: kept(bytes) }));
    expect(server.calls).toHaveLength(1);
    expect(server.calls[0]?.words).toMatchObject({ until: '40', epoch: EPOCH, bytes: String(bytes) });
    expect(file()).toEqual(Buffer.from(server.file.subarray(bytes)));
    expect(end.count).toBe(40);
    expect(told[0]).toMatchObject({ isResuming: true, bytes, picture: { until: 40, epoch: EPOCH } });
  });

  test('[C42] all is stored: it is proven, and nobody is asked', async () => {
    expect(await over(begin({ kept: kept(server.file.length) }))).toMatchObject({ count: 40 });
    expect(server.calls).toEqual([]);
  });

  test('[C42] nothing is stored, and the picture is to be this one: the next part of an HTML history', async () => {
    await over(begin({ after: 20, kept: { until: 40, epoch: EPOCH } }));
    expect(server.calls[0]?.words).toMatchObject({ after: '20', until: '40', epoch: EPOCH, bytes: '0' });
  });

  test('[C42] what is stored is another file: history-changed', async () => {
    async function* other(): AsyncIterable<Uint8Array> {
      yield new TextEncoder().encode('another file\n');
    }
    expect(await failed(begin({ kept: { until: 40, epoch: EPOCH, stored: other() } }))).toMatchObject({
      code: 'history-changed',
    });
  });
});

test('[C43] progress is told at most every progressMs while only bytes are added, and at the end', async () => {
  const write = async (): Promise<void> => clock.pass(10);
  server.file = fileOf('jsonl', 400);
  server.until = 400;
  await over(begin({ write }), 0);
  expect(server.chunksTaken).toBeGreaterThan(100);
  expect(told.length).toBeLessThan(server.chunksTaken / 8);
  expect(told.at(-1)?.bytes).toBe(server.file.length);
});

describe('[C44] an estimate', () => {
  const estimate = { epoch: EPOCH, until: 40, records: 39, bytes: 9_000, parts: 1 };
  const ask = (more = {}) => estimateWith(server.fetch, { ...asked, token: 'secret', ...more });

  test('[C44] is asked for in the same words, over HTTP', async () => {
    server.scripts.http.push({ how: 'answers', response: () => Response.json(estimate) });
    expect(await ask({ after: 5 })).toEqual(estimate);
    expect(server.calls[0]?.url).toBe('http://test:1/api/rooms/lobby/history/estimate?format=jsonl&after=5');
    expect(server.calls[0]?.authorization).toBe('Bearer secret');
  });

  test.each([
    ['bad-token', error(401, 'bad-token')],
    ['too-many-downloads', error(429, 'too-many-downloads', { 'retry-after': '2' })],
    ['unreachable', page()],
    ['unreachable', { how: 'unreachable' }],
    ['unreachable', { how: 'answers', response: () => Response.json({ ...estimate, records: -1 }) }],
  ] as const)('[C44] rejects with %s', async (code, script) => {
    server.scripts.http.push(script);
    await expect(ask()).rejects.toMatchObject({ name: 'DownloadError', code });
    expect(server.calls).toHaveLength(1);
  });
});
