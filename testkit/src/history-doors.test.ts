// Who may have a history, and by which doors: tokens and members, the second WebSocket, and downloads that are made to be fetched.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fillRoom } from './filled-room.ts';
import { type Answer, ask, endOf, linesOf, open, sha256 } from './history-reader.ts';
import { type Json, NativeClient } from './native-client.ts';
import { startTestServer, type TestServer, temporaryDir } from './server.ts';

const ENTRIES = 9_000;

let server: TestServer;
let token: string;
const dataDir = temporaryDir();
const serve = () => startTestServer({ DATA_DIR: dataDir, ROOM_READERS: 'members' });

async function enter(name: string): Promise<{ client: NativeClient; token: string }> {
  const client = await NativeClient.open(`ws://localhost:${server.port}/ws`);
  const welcome = await client.ask({ type: 'hello', name });
  await client.ask({ type: 'join', room: 'lobby' });
  return { client, token: String(welcome.token) };
}

beforeAll(async () => {
  await fillRoom(dataDir, { entries: ENTRIES, textChars: 400 });
  server = await serve();
  ({ token } = await enter('Ada'));
}, 120_000);
afterAll(() => server.stop());

const url = (path: string): string => `http://localhost:${server.port}/api/${path}`;
const history = (query = ''): string => url(`rooms/lobby/history${query}`);
const as = (who: string): { headers: Record<string, string> } => ({
  headers: { authorization: `Bearer ${who}` },
});
const codeOf = ({ status, bytes }: Answer): unknown[] => [status, JSON.parse(bytes.toString()).error.code];

describe('ROOM_READERS=members', () => {
  it('[H3.5] a member has the history and its pages; others, and tokens of nobody, do not', async () => {
    expect(linesOf((await ask(history(), as(token))).bytes).end.count).toBe(ENTRIES + 1);
    expect((await ask(url('rooms/lobby/messages'), as(token))).status).toBe(200);
    for (const path of [history(), history('/estimate'), url('rooms/lobby/messages')]) {
      expect(codeOf(await ask(path)), path).toEqual([403, 'not-joined']);
      expect(codeOf(await ask(path, as('x'.repeat(43)))), path).toEqual([401, 'bad-token']);
    }
    const { bytes } = await ask(history('/estimate?format=csv'), as(token));
    const file = (await ask(history('?format=csv'), as(token))).bytes;
    const estimate = JSON.parse(bytes.toString());
    expect(estimate).toMatchObject({ until: ENTRIES + 1, parts: 1, records: endOf(file).count });
    expect(Math.abs(estimate.bytes / file.byteLength - 1)).toBeLessThan(0.25);
  });

  it('[H3.5] whoever leaves in the middle gets a file that says so and is cut', async () => {
    const bo = await enter('Bo');
    const response = await open(history(), as(bo.token));
    response.pause();
    await bo.client.ask({ type: 'leave', room: 'lobby' });
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    const { end } = linesOf(Buffer.concat(chunks));
    expect(end).toMatchObject({ cut: { code: 'not-joined' } });
    expect(Number(end.count)).toBeLessThan(ENTRIES);
    await bo.client.close();
  });
});

interface Said {
  readonly texts: readonly Json[];
  readonly file: Buffer;
  readonly largest: number;
  readonly code: number;
}

function overSocket(command: Json, port = server.port): Promise<Said> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost:${port}/history`, { perMessageDeflate: false });
    const texts: Json[] = [];
    const parts: Buffer[] = [];
    socket.on('open', () => socket.send(JSON.stringify(command)));
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) parts.push(data);
      else texts.push(JSON.parse(data.toString()));
    });
    socket.on('error', reject);
    socket.on('close', (code) => {
      const largest = Math.max(0, ...parts.map(({ byteLength }) => byteLength));
      resolve({ texts, file: Buffer.concat(parts), largest, code });
    });
  });
}

describe('the second WebSocket', () => {
  it.each(['jsonl', 'html', 'text', 'csv', 'markdown'])(
    '[H3.6] carries %s as HTTP does, on both ports',
    async (format) => {
      const overHttp = (await ask(history(`?format=${format}`), as(token))).bytes;
      for (const port of [server.port, server.socketPort]) {
        const said = await overSocket({ type: 'download', token, room: 'lobby', format }, port);
        expect(said.texts).toEqual([
          { type: 'begin', epoch: expect.any(String), until: ENTRIES + 3 },
          { type: 'finished' },
        ]);
        expect(said.code).toBe(1000);
        expect(said.largest).toBeLessThanOrEqual(64 * 1024);
        expect(sha256(said.file)).toBe(sha256(overHttp));
      }
    },
  );

  it('[H3.6] goes on from where a download over HTTP broke off', async () => {
    const whole = await ask(history(), as(token));
    const has = whole.bytes.subarray(0, 100_001);
    const { until, epoch } = linesOf(whole.bytes).head;
    const prefix = sha256(has);
    const ask2 = {
      type: 'download',
      token,
      room: 'lobby',
      format: 'jsonl',
      until,
      epoch,
      prefix,
      bytes: 100_001,
    };
    const said = await overSocket(ask2);
    expect(sha256(Buffer.concat([has, said.file]))).toBe(sha256(whole.bytes));
    const changed = await overSocket({ ...ask2, bytes: 100_002 });
    expect(changed.texts).toMatchObject([{ type: 'refused', error: { code: 'history-changed' } }]);
  });

  it.each([
    [{ type: 'download', room: 'lobby' }, 'not-joined'],
    [{ type: 'download', room: 'nowhere' }, 'no-room'],
    [{ type: 'download', room: 'lobby', format: 'pdf' }, 'bad-query'],
    [{ type: 'hello' }, 'bad-command'],
    [[], 'bad-json'],
  ])('[H3.6] refuses %j with a sentence', async (command, code) => {
    const { texts } = await overSocket(command as Json);
    expect(texts).toMatchObject([{ type: 'refused', error: { code, message: expect.any(String) } }]);
  });

  it('[H3.6] pages of other sites do not get in', async () => {
    const socket = new WebSocket(`ws://localhost:${server.port}/history`, { origin: 'https://evil.example' });
    const failed = await new Promise<string>((resolve) => {
      socket.on('error', (error) => resolve(error.message));
    });
    expect(failed).toContain('403');
  });
});

describe('downloads that are made to be fetched', () => {
  const make = async (spec: object): Promise<Json> => {
    const response = await fetch(history('/jobs'), {
      method: 'POST',
      headers: { ...as(token).headers, 'content-type': 'application/json' },
      body: JSON.stringify(spec),
    });
    expect(response.status).toBe(202);
    return ((await response.json()) as { job: Json }).job;
  };
  const look = async (id: unknown): Promise<Json> =>
    JSON.parse((await ask(url(`history/jobs/${id}`), as(token))).bytes.toString()).job;

  it('[H3.7] is the file, for who asked, in ranges, with nobody else’s rights; after a restart as well; until deleted', async () => {
    const job = await make({ format: 'markdown' });
    await expect.poll(async () => (await look(job.id)).state, { timeout: 20_000 }).toBe('done');
    const done = await look(job.id);
    const file = await ask(`http://localhost:${server.port}${done.link}`, as(token));
    expect(file.headers['content-disposition']).toBe('attachment; filename="lobby.md"');
    expect(endOf(file.bytes).count).toBe(done.records);
    expect(file.bytes.byteLength).toBe(done.bytes);

    const link = `http://localhost:${server.port}${done.link}`;
    const part = await ask(link, { headers: { ...as(token).headers, range: 'bytes=100-299' } });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 100-299/${done.bytes}`]);
    expect(part.bytes.equals(file.bytes.subarray(100, 300))).toBe(true);
    const beyond = await ask(link, { headers: { ...as(token).headers, range: `bytes=${done.bytes}-` } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, `bytes */${done.bytes}`]);

    const bo = await enter('Cy');
    expect(codeOf(await ask(link, as(bo.token)))).toEqual([404, 'no-job']);
    expect(codeOf(await ask(link))).toEqual([401, 'bad-token']);
    await bo.client.close();

    const folder = join(dataDir, 'downloads');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);

    await server.stop();
    server = await serve();
    const again = await ask(`http://localhost:${server.port}${done.link}`, as(token));
    expect(sha256(again.bytes)).toBe(sha256(file.bytes));
    expect((await ask(url(`history/jobs/${job.id}`), { ...as(token), method: 'DELETE' })).status).toBe(204);
    expect(codeOf(await ask(url(`history/jobs/${job.id}`), as(token)))).toEqual([404, 'no-job']);
    expect(existsSync(join(folder, `${job.id}.file`))).toBe(false);
  }, 60_000);
});
