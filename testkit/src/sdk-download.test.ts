// The SDK's download against a real server, over real connections that are cut, and over a kill of the server in the middle.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type DownloadOptions, downloadHistory, estimateHistory } from '@wireroom/client/history';
import { HISTORY_FORMATS, type HistoryEnd } from '@wireroom/history';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

const TEXTS = 1_200;

let server: SpawnedServer;
const dataDir = temporaryDir();

async function start(port = '0'): Promise<void> {
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'warn', PORT: port });
}

beforeAll(async () => {
  await start();
  const ada = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
  // Texts that hardly pack: so much is on the way at each moment that a cut is in the middle.
  const text = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(6_000))).toString('base64');
  for (let at = 0; at < TEXTS; at += 100)
    await Promise.all(Array.from({ length: 100 }, () => ada.post(text())));
  ada.close();
}, 120_000);
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

interface Got {
  readonly end: HistoryEnd;
  readonly file: Buffer;
  readonly resumed: number;
}

async function get(options: Partial<DownloadOptions> = {}): Promise<Got> {
  const pieces: Uint8Array[] = [];
  let resumed = 0;
  const end = await downloadHistory({
    url: `ws://localhost:${server.port}/ws`,
    room: 'lobby',
    spec: { format: 'jsonl' },
    write: async (bytes: Uint8Array) => void pieces.push(bytes),
    onProgress: ({ waiting }) => {
      if (waiting !== undefined) resumed += 1;
    },
    ...options,
  } as DownloadOptions);
  return { end, file: Buffer.concat(pieces), resumed };
}

/** By standard means: every byte before the last line. */
function digestOf(file: Buffer): string {
  const last = file.lastIndexOf('\n', file.length - 2) + 1;
  return createHash('sha256').update(file.subarray(0, last)).digest('hex');
}

describe('the SDK and a real server', () => {
  it.each(HISTORY_FORMATS)('[C39] %s is what its end says', async (format) => {
    const { end, file } = await get({ spec: { format } });
    expect(end.sha256).toBe(digestOf(file));
    expect(end.count).toBe(TEXTS + 1);
  });

  it.each(['http', 'websocket'] as const)(
    '[C40] [C41] [H3.3] %s: the server is killed in the middle, and starts anew: the same file, to the byte',
    async (via) => {
      const whole = await get();
      let bytes = 0;
      const pieces: Uint8Array[] = [];
      const { port } = server;
      const running = get({
        via,
        write: async (piece: Uint8Array) => {
          pieces.push(piece);
          const before = bytes;
          bytes += piece.length;
          if (before < 3_000_000 && bytes >= 3_000_000) {
            await server.end('SIGKILL');
            await start(String(port));
          }
        },
      });
      const { resumed, end } = await running;
      expect(resumed).toBeGreaterThan(0);
      expect(Buffer.compare(Buffer.concat(pieces), whole.file)).toBe(0);
      expect(end).toEqual(whole.end);
    },
    240_000,
  );

  it('[C42] [H3.3] stored by another page up to anywhere: the same file, to the byte', async () => {
    const whole = await get();
    const at = Math.floor(whole.file.length * 0.4321);
    async function* stored(): AsyncIterable<Uint8Array> {
      yield whole.file.subarray(0, at);
    }
    const head: { until: number } = JSON.parse(whole.file.toString('utf8', 0, whole.file.indexOf('\n')));
    const picture = await pictureOf();
    const rest = await get({ kept: { ...picture, until: head.until, stored: stored() } });
    expect(Buffer.compare(rest.file, whole.file.subarray(at))).toBe(0);
    const other = {
      ...picture,
      stored: (async function* () {
        yield Buffer.from('{}\n');
      })(),
    };
    await expect(get({ kept: other })).rejects.toMatchObject({ code: 'history-changed' });
  });

  it('[C40] a room that is not there, a token that is nobody’s', async () => {
    await expect(get({ room: 'nowhere' })).rejects.toMatchObject({ code: 'no-room' });
    await expect(get({ token: 'f'.repeat(64) } as Partial<DownloadOptions>)).rejects.toMatchObject({
      code: 'bad-token',
    });
  });

  it('[C44] the estimate is near what comes', async () => {
    const { file, end } = await get();
    const estimate = await pictureOf();
    expect(estimate).toMatchObject({ records: end.count, parts: 1 });
    expect(Math.abs(estimate.bytes / file.length - 1)).toBeLessThan(0.2);
  });
});

const pictureOf = () =>
  estimateHistory({ url: `ws://localhost:${server.port}/ws`, room: 'lobby', spec: { format: 'jsonl' } });
