// Bytes of bad will against a running server: each gets the right refusal, the others chat on, memory stays flat.

import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

let server: SpawnedServer;
let witness: NativeClient;
const dataDir = temporaryDir();

beforeAll(async () => {
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'warn', MAX_SOCKETS_PER_ADDRESS: '5000' });
  witness = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Witness');
});
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const REQUEST = (path = '/'): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`;

/** Writes the pieces, one write each, and resolves to everything that came back until the end. */
function converse(pieces: readonly (string | Buffer)[], port = server.socketPort): Promise<Buffer> {
  return new Promise((resolve) => {
    const received: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (chunk) => received.push(chunk));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(received)));
    for (const piece of pieces) socket.write(piece);
  });
}

const statusOf = (answer: Buffer): string => answer.toString('latin1').split('\r\n')[0] ?? '';
const frame = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** The code of the Close frame after the 101. */
function closeCodeOf(answer: Buffer): number | undefined {
  const frames = answer.subarray(answer.indexOf('\r\n\r\n') + 4);
  return frames[0] === 0x88 ? frames.readUInt16BE(2) : undefined;
}

const isUndisturbed = async (): Promise<boolean> => {
  const text = `still here ${Math.random()}`;
  await witness.post(text);
  return (await witness.untilText(text)).text === text;
};

describe('handshakes', () => {
  const without = (name: string): string => REQUEST().replace(new RegExp(`${name}:[^\r]*\r\n`), '');
  it.each([
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00', '400'],
    ['a bad method', REQUEST().replace('GET', 'POST'), '405'],
    ['another version', REQUEST().replace('13', '8'), '426'],
    ['no key', without('Sec-WebSocket-Key'), '400'],
    ['a short key', REQUEST().replace('dGhlIHNhbXBsZSBub25jZQ==', 'c2hvcnQ='), '400'],
    ['no Host', without('Host'), '400'],
    ['no Connection: Upgrade', without('Connection'), '400'],
    ['HTTP/1.0', REQUEST().replace('HTTP/1.1', 'HTTP/1.0'), '505'],
    ['an unknown path', REQUEST('/elsewhere'), '404'],
    ['a head without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`, '431'],
  ])('%s', async (_what, request, status) => {
    expect(statusOf(await converse([request]))).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(await isUndisturbed()).toBe(true);
  });

  it('a request of one byte a write is as good as any', async () => {
    const bye = frame('88 82 00000000 03e8');
    const answer = await converse([...REQUEST(), bye]);
    expect(statusOf(answer)).toBe('HTTP/1.1 101 Switching Protocols');
    expect(closeCodeOf(answer)).toBe(1000);
  });
});

describe('frames', () => {
  it.each([
    ['an unmasked frame', '81 02 6869', 1002],
    ['reserved bits', 'c1 82 00000000 6869', 1002],
    ['a reserved opcode', '83 82 00000000 6869', 1002],
    ['a fragmented ping', '09 80 00000000', 1002],
    ['a continuation of nothing', '80 82 00000000 6869', 1002],
    ['a length in more bytes than it needs', '81 fe 0002 00000000 6869', 1002],
    ['a length with its top bit set', '82 ff 8000000000000000 00000000', 1002],
    ['bad UTF-8', '81 82 00000000 c328', 1007],
    ['bad UTF-8 in a frame that is not complete yet', '81 8a 00000000 c328', 1007],
    ['a surrogate', '81 83 00000000 eda080', 1007],
    ['a claim of 100 MB', '82 ff 0000000005f5e100 00000000', 1009],
    ['a message just over 1 MiB', '82 ff 0000000000100001 00000000', 1009],
    ['a close with one byte', '88 81 00000000 03', 1002],
    ['a close code that does not exist', '88 82 00000000 03e7', 1002],
  ])('%s: %s → %i', async (_what, hex, code) => {
    expect(closeCodeOf(await converse([REQUEST(), frame(hex)]))).toBe(code);
    expect(await isUndisturbed()).toBe(true);
  });
});

describe('memory', () => {
  const rssMb = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))?.[1]) / 1024;

  it.skipIf(process.platform !== 'linux')(
    'stays flat over thousands of bad connections and 100 MB claims',
    async () => {
      const attack = async (): Promise<void> => {
        const bad = [
          ['\x16\x03\x01'],
          [REQUEST().replace('13', '8')],
          [REQUEST(), frame('82 ff 0000000005f5e100 00000000'), Buffer.alloc(60_000)],
          [REQUEST(), frame('81 82 00000000 c328')],
        ];
        for (let round = 0; round < 10; round += 1) {
          await Promise.all(Array.from({ length: 50 }, (_, i) => converse(bad[i % bad.length] ?? [])));
        }
      };
      await attack();
      const before = rssMb();
      await attack();
      await attack();
      expect(rssMb() - before).toBeLessThan(40);
      expect(await isUndisturbed()).toBe(true);
    },
    60_000,
  );

  it('[F3] a reader that stops reading costs bounded memory, holds up nobody, and has everything once it wakes', async () => {
    const enter = (name: string): Promise<NativeClient> =>
      NativeClient.enter(`ws://localhost:${server.port}/ws`, name);
    const deaf = await enter('Deaf');
    const others = await Promise.all(['One', 'Two', 'Three'].map(enter));
    deaf.socket.pause();
    const before = rssMb();
    for (let i = 0; i < 40; i += 1) {
      await Promise.all(
        Array.from({ length: 25 }, (_, j) => witness.post(`${i}-${j} ${'x'.repeat(15_000)}`)),
      );
    }
    expect(await isUndisturbed()).toBe(true);
    const last = String(witness.entries.at(-1)?.text);
    await Promise.all(others.map((other) => other.untilText(last)));
    expect(rssMb() - before).toBeLessThan(120);
    deaf.socket.resume();
    await deaf.untilText(last);
    for (const { entries, socket } of [deaf, ...others]) {
      const seqs = entries.map(({ seq }) => Number(seq));
      expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
      expect(seqs.length).toBeGreaterThanOrEqual(1_000);
      socket.terminate();
    }
  }, 60_000);
});
