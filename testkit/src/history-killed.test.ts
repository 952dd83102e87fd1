// The server is killed in the middle of a download, or stopped: what came is good, the next process goes on with it byte for byte,
// over either way; and the chat's own sockets carry no more than their share of history meanwhile.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fillRoom } from './filled-room.ts';
import { ask, endOf, goOn, open, sha256 } from './history-reader.ts';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

const ENTRIES = 12_000;
const dataDir = temporaryDir();
let server: SpawnedServer;

beforeAll(async () => {
  await fillRoom(dataDir, { entries: ENTRIES, textChars: 2_000 });
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
}, 120_000);
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const address = (query: string): string => `http://localhost:${server.port}/api/rooms/lobby/history${query}`;

/** Reads some, has the server end, and takes what still comes. */
async function interrupted(query: string, signal: NodeJS.Signals) {
  const response = await open(address(query));
  const chunks: Buffer[] = [];
  let ended: Promise<unknown> | undefined;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      ended ??= server.end(signal);
    }
  } catch {
    // The connection was cut, as it should be.
  }
  await ended;
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
  return { headers: response.headers, has: Buffer.concat(chunks), isBroken: !response.complete };
}

function restOverSocket(query: string): Promise<Buffer> {
  const { bytes, until, ...asked } = Object.fromEntries(new URLSearchParams(query));
  const command = { type: 'download', room: 'lobby', ...asked, bytes: Number(bytes), until: Number(until) };
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://localhost:${server.port}/history`, { perMessageDeflate: false });
    const parts: Buffer[] = [];
    let last = '';
    socket.on('open', () => socket.send(JSON.stringify(command)));
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) parts.push(data);
      else last = data.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (last === '{"type":"finished"}') resolve(Buffer.concat(parts));
      else reject(new Error(last));
    });
  });
}

describe('a server that ends in the middle of a download', () => {
  it.each([
    ['jsonl', 'SIGKILL'],
    ['html', 'SIGKILL'],
    ['text', 'SIGTERM'],
    ['csv', 'SIGKILL'],
    ['markdown', 'SIGKILL'],
  ] as const)(
    '[H3.3][H3.4] %s, ended by %s: the next one goes on, by HTTP and by the second WebSocket',
    async (format, signal) => {
      const query = `?format=${format}`;
      const { headers, has, isBroken } = await interrupted(query, signal);
      expect(isBroken).toBe(true);
      expect(has.byteLength).toBeGreaterThan(0);
      expect(() => endOf(has)).toThrow();
      const rest = goOn({ headers }, has, query);
      const overHttp = await ask(address(rest), { headers: { 'accept-encoding': 'gzip' } });
      expect(overHttp.status).toBe(200);
      const file = Buffer.concat([has, overHttp.bytes]);
      expect(endOf(file)).toMatchObject({ last: ENTRIES, broken: 0, gaps: [] });
      expect(sha256(Buffer.concat([has, await restOverSocket(rest)]))).toBe(sha256(file));
    },
    120_000,
  );

  it('[H1] a chat socket has at most 64 KiB in an answer while histories are downloaded', async () => {
    const client = await NativeClient.open(`ws://localhost:${server.port}/ws`);
    let largest = 0;
    client.socket.on('message', (data: Buffer) => {
      largest = Math.max(largest, data.byteLength);
    });
    const download = ask(address('?format=jsonl'));
    await client.ask({ type: 'hello', name: 'Ada' });
    await client.ask({ type: 'join', room: 'lobby', limit: 200 });
    await client.ask({ type: 'page', room: 'lobby', after: 0, limit: 200 });
    expect(endOf((await download).bytes).count).toBeGreaterThanOrEqual(ENTRIES);
    expect(largest).toBeLessThanOrEqual(64 * 1024 + 1024);
    expect(largest).toBeGreaterThan(10_000);
    await client.close();
  }, 60_000);
});
