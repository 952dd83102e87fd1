// The download: the whole log on a connection of its own, with back-pressure and constant memory, equal to what was said live.
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

const TEXTS = 2_500;
const LONG = 'x'.repeat(15_000);

let server: SpawnedServer;
let ada: NativeClient;
const dataDir = temporaryDir();

beforeAll(async () => {
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'warn' });
  ada = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
  for (let i = 0; i < TEXTS; i += 100)
    await Promise.all(Array.from({ length: 100 }, (_, j) => ada.post(`${i + j} ${LONG}`)));
}, 60_000);
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const address = (query = ''): string => `http://localhost:${server.port}/api/rooms/lobby/history${query}`;
const linesOf = (text: string): Json[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
const rssMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))?.[1]) / 1024;

function get(url: string, headers: Record<string, string> = {}): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    http.get(url, { headers, agent: false }, resolve).on('error', reject);
  });
}

async function bodyOf(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the history', () => {
  it('[L4] is what was said live, entry for entry, under its headers', async () => {
    const response = await get(address());
    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="lobby.ndjson"',
      'x-wireroom-head': String(TEXTS + 1),
    });
    const entries = linesOf((await bodyOf(response)).toString());
    await ada.untilText(String(entries.at(-1)?.text));
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: TEXTS + 1 }, (_, i) => i + 1));
    expect(entries.filter(({ type }) => type === 'message')).toEqual(
      ada.entries.filter(({ type }) => type === 'message'),
    );
  });

  it('goes on after a seq, stops at a limit, by slug or by id', async () => {
    const part = linesOf((await bodyOf(await get(address('?after=100&limit=700')))).toString());
    expect(part.map(({ seq }) => seq)).toEqual(Array.from({ length: 700 }, (_, i) => i + 101));
    const byId = await get(address('?limit=1').replace('lobby', String(part[0]?.roomId)));
    expect(linesOf((await bodyOf(byId)).toString())).toHaveLength(1);
    expect(await bodyOf(await get(address('?after=1000000')))).toHaveLength(0);
  });

  it('comes gzipped when asked, and not when refused', async () => {
    const zipped = await get(address('?limit=50'), { 'accept-encoding': 'br;q=1, gzip' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(linesOf(gunzipSync(await bodyOf(zipped)).toString())).toHaveLength(50);
    // A name beats the star, wherever it stands.
    for (const refusal of ['gzip;q=0', 'gzip;q=0, *', '*, gzip; q=0.0', '*;q=0']) {
      const plain = await get(address('?limit=50'), { 'accept-encoding': refusal });
      expect(plain.headers['content-encoding'], refusal).toBeUndefined();
      plain.destroy();
    }
    const byStar = await get(address('?limit=1'), { 'accept-encoding': '*' });
    expect(byStar.headers['content-encoding']).toBe('gzip');
    byStar.destroy();
  });

  it.each([
    ['?after=x', 400, 'bad-query'],
    ['?limit=0', 400, 'bad-query'],
    ['?after=-1', 400, 'bad-query'],
    ['?after=', 400, 'bad-query'],
    ['?limit=1e3', 400, 'bad-query'],
    ['?limit=0x10', 400, 'bad-query'],
    ['?after=1&after=2', 400, 'bad-query'],
    [`?after=${'9'.repeat(400)}`, 400, 'bad-query'],
  ])('refuses %s with a sentence', async (query, status, code) => {
    const response = await get(address(query));
    expect(response.statusCode).toBe(status);
    expect(JSON.parse((await bodyOf(response)).toString())).toEqual({
      error: { code, message: expect.any(String) },
    });
  });

  it('an unknown room is 404 no-room', async () => {
    const response = await get(address().replace('lobby', 'nowhere'));
    expect(response.statusCode).toBe(404);
    expect(JSON.parse((await bodyOf(response)).toString()).error.code).toBe('no-room');
  });

  it('waits for slow readers without holding their bytes, while the chat goes on; a reader that leaves is forgotten', async () => {
    const before = rssMb();
    const slow = await Promise.all(Array.from({ length: 12 }, () => get(address())));
    for (const response of slow) response.pause();
    await ada.post('while twelve downloads wait');
    // Twelve times 37 MB were asked for; what waits is one read of the log and the sockets' buffers for each.
    expect(rssMb() - before).toBeLessThan(100);
    for (const response of slow.slice(1)) response.destroy();
    const entries = linesOf((await bodyOf(slow[0] ?? (await get(address())))).toString());
    // The end was fixed when the download began.
    expect(entries).toHaveLength(TEXTS + 1);
    expect(await ada.ask({ type: 'ping' })).toMatchObject({ type: 'pong' });
  }, 60_000);
});
