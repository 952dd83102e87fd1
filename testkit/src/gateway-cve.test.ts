// What has gone wrong in other real-time servers, tried on both gateways through real sockets. The server is a process of
// its own: what ended theirs would end it, and then nobody would hear the witness any more.
import { rmSync } from 'node:fs';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, temporaryDir } from './server.ts';

let server: SpawnedServer;
let witness: NativeClient;
let posts = 0;
const dataDir = temporaryDir();
const RS = '\x1e';

beforeAll(async () => {
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'error', MAX_SOCKETS_PER_ADDRESS: '5000' });
  witness = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Witness');
});
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

/** After each attack everybody chats on, and nothing was said on stderr. */
afterEach(async () => {
  posts += 1;
  await witness.post(`still here ${posts}`);
  await witness.untilText(`still here ${posts}`);
  expect(server.process.exitCode).toBe(null);
  expect(server.stderr()).not.toMatch(/uncaught|unhandled|TypeError|RangeError|MaxListeners/i);
});

const NATIVE = '/ws';
const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket';

function upgradeTo(path: string, extra: readonly string[] = []): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...extra,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Writes, and resolves to what comes back until the other side ends or has been silent for a while. */
function converse(port: number, bytes: string | Buffer, silenceMs = 200): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    socket.on('error', () => undefined).on('close', () => resolve(answer));
  });
}

/** The code of the Close frame with which the answer ends, behind the head and whatever other short frames. */
function closeCodeOf(answer: string): number | undefined {
  let rest = Buffer.from(answer, 'latin1').subarray(answer.indexOf('\r\n\r\n') + 4);
  while (rest.length >= 4 && rest[0] !== 0x88) rest = rest.subarray(2 + (rest[1] ?? 0));
  return rest.length < 4 ? undefined : rest.readUInt16BE(2);
}

/** Writes, waits for an answer if wished, and cuts the connection by a reset. */
function reset(port: number, bytes: string, isAfterAnswer: boolean): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () =>
      socket.write(bytes, () => isAfterAnswer || socket.resetAndDestroy()),
    );
    socket.once('data', () => socket.resetAndDestroy());
    socket.setTimeout(2_000, () => socket.resetAndDestroy());
    socket.on('error', () => undefined).on('close', () => resolve());
  });
}

const both = (): readonly number[] => [server.port, server.socketPort];
const http = (path: string): string => `http://127.0.0.1:${server.socketPort}${path}`;

async function pollingSession(version = 4): Promise<string> {
  const opening = await (await fetch(http(`/socket.io/?EIO=${version}&transport=polling`))).text();
  return JSON.parse(opening.slice(opening.indexOf('{'), opening.lastIndexOf('}') + 1)).sid;
}

const poll = (sid: string, body: string, version = 4): Promise<number> =>
  fetch(http(`/socket.io/?EIO=${version}&transport=polling&sid=${sid}`), { method: 'POST', body }).then(
    ({ status }) => status,
    () => 0,
  );

/** A Socket.IO session over WebSocket that is connected; sends the packets and waits for its end or an answer to a ping. */
async function speak(packets: readonly (string | Buffer)[]): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.socketPort}${SOCKET_IO}`);
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send('40');
  for (const packet of packets) socket.send(packet);
  const answered = new Promise<void>((resolve) => socket.once('pong', () => resolve()));
  socket.ping();
  await Promise.race([closed, answered]);
  socket.terminate();
}

describe('handshakes', () => {
  // ws: more header fields than node:http keeps, and the field that was then missing was read all the same.
  it('CVE-2024-37890 (ws): thousands of header fields', async () => {
    const many = Array.from({ length: 2100 }, () => 'a: b').join('\r\n');
    for (const path of [NATIVE, SOCKET_IO]) {
      const request = upgradeTo(path).replace('Upgrade:', `${many}\r\nUpgrade:`);
      for (const port of both()) expect(await converse(port, request)).not.toMatch(/^HTTP\/1\.1 101/);
    }
  });

  // ws: quadratic time for blanks in Sec-WebSocket-Protocol; a parameter named as a property of Object.prototype.
  it('CVE-2021-32640, GHSA-5v72-xg48-5rpm (ws): blanks and names in the lists of a handshake', async () => {
    for (const path of [NATIVE, SOCKET_IO]) {
      for (const field of [
        `Sec-WebSocket-Protocol: a${' '.repeat(12_000)}b`,
        'Sec-WebSocket-Extensions: constructor; __proto__=1, permessage-deflate; hasOwnProperty',
        'Sec-WebSocket-Protocol: __proto__',
      ]) {
        const beganMs = performance.now();
        await converse(server.socketPort, upgradeTo(path, [field]));
        expect(performance.now() - beganMs).toBeLessThan(5_000);
      }
    }
  });

  // engine.io: an upgrade whose `transport` named none that there is was looked up all the same: `handlesUpgrades` of undefined.
  it.each(['', 'foo', 'polling', 'webtransport', '__proto__', 'constructor', 'websocket&transport=polling'])(
    'CVE-2023-31125 (engine.io): an upgrade for the transport "%s"',
    async (transport) => {
      const sid = await pollingSession();
      for (const rest of ['', `&sid=${sid}`, '&sid=unknown', '&sid=__proto__']) {
        for (const EIO of ['4', '3']) {
          const path = `/socket.io/?EIO=${EIO}&transport=${transport}${rest}`;
          expect(await converse(server.socketPort, upgradeTo(path), 100)).not.toMatch(/^HTTP\/1\.1 5/);
        }
      }
    },
    30_000,
  );

  // engine.io: a socket that was reset while its upgrade was judged or refused had nobody to hear its error.
  it('CVE-2022-41940 (engine.io): resets at every point of the handshake', async () => {
    const sid = await pollingSession();
    const paths = [
      NATIVE,
      SOCKET_IO,
      `${SOCKET_IO}&sid=unknown`,
      `${SOCKET_IO}&sid=${sid}`,
      '/socket.io/?EIO=9&transport=foo',
      '/elsewhere',
    ];
    for (const path of paths) {
      const request = upgradeTo(path);
      for (const port of both()) {
        for (const length of [1, request.length - 2, request.length]) {
          await reset(port, request.slice(0, length), false);
        }
        await reset(port, request, true);
        await reset(port, request + request, false);
      }
    }
  }, 60_000);

  // engine.io: a bad frame in one write with the handshake was an `error` event that nobody listened to yet.
  it('CVE-2022-21676 (engine.io): bad frames in one write with the handshake', async () => {
    const frames = [
      'f18000000000',
      '8100',
      '838100000000 61',
      '89fe0080',
      'c18100000000ff',
      '88810000000001',
    ];
    for (const path of [NATIVE, SOCKET_IO]) {
      for (const hex of frames) {
        const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
        const request = Buffer.concat([Buffer.from(upgradeTo(path)), bytes]);
        for (const port of both()) expect(await converse(port, request)).toMatch(/^HTTP\/1\.1 101/);
      }
    }
  }, 30_000);

  // Gitpod 2023, socket.io: pages of other sites could open a socket with the visitor's cookies.
  it('CVE-2020-28481 (socket.io), Gitpod: pages of other sites', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      'http://localhost.evil.example',
      'http://127.0.0.1@evil.example',
    ]) {
      for (const port of both()) {
        expect(await converse(port, upgradeTo(NATIVE, [`Origin: ${origin}`]))).toMatch(/^HTTP\/1\.1 403/);
        expect(await converse(port, upgradeTo(SOCKET_IO, [`Origin: ${origin}`]))).toMatch(
          /^HTTP\/1\.1 40[03]/,
        );
      }
      const response = await fetch(http('/socket.io/?EIO=4&transport=polling'), { headers: { origin } });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBe(null);
    }
    // Two fields are not one that is allowed.
    const twice = upgradeTo(NATIVE, ['Origin: http://localhost', 'Origin: https://evil.example']);
    expect(await converse(server.socketPort, twice)).not.toMatch(/^HTTP\/1\.1 101/);
  }, 30_000);
});

describe('packets', () => {
  // socket.io-parser: `num` of a placeholder was taken as an index unseen ("splice"); names of events were called methods
  // of though they were no strings; socket.io: an event named `error` was emitted here, where nobody listened to it.
  it.each([
    ['CVE-2022-2421 (socket.io-parser)', '451-["x",{"_placeholder":true,"num":"splice"}]'],
    ['CVE-2022-2421 (socket.io-parser)', '451-["x",{"_placeholder":true,"num":-1}]'],
    ['CVE-2022-2421 (socket.io-parser)', '451-["x",{"_placeholder":true,"num":1e9}]'],
    ['CVE-2023-32695 (socket.io-parser)', '42[{"toString":"foo"}]'],
    ['CVE-2023-32695 (socket.io-parser)', '42["toString"]'],
    ['CVE-2023-32695 (socket.io-parser)', '42["__proto__",{"__proto__":{"type":"LOGIN"}}]'],
    ['CVE-2023-32695 (socket.io-parser)', '42'],
    ['CVE-2023-32695 (socket.io-parser)', '42{}'],
    ['CVE-2023-32695 (socket.io-parser)', '43["x"]'],
    ['CVE-2024-38355 (socket.io)', '42["error",{}]'],
    ['CVE-2024-38355 (socket.io)', '42["connect"]'],
    ['CVE-2024-38355 (socket.io)', '42["disconnecting"]'],
    ['CVE-2024-38355 (socket.io)', '42["newListener"]'],
    ['CVE-2024-38355 (socket.io)', '44{"message":"x"}'],
    ['CVE-2023-30591 (NodeBB)', '42[1,2]'],
    ['CVE-2023-30591 (NodeBB)', '42[null]'],
    ['CVE-2023-30591 (NodeBB)', '42[["message"]]'],
    ['CVE-2023-30591 (NodeBB)', '42["message",null]'],
    ['CVE-2023-30591 (NodeBB)', '42["message",{"type":{"toString":1},"name":[]}]'],
  ])('%s: %s', async (_case, packet) => {
    await speak([packet, Buffer.from('attachment'), packet]);
    const sid = await pollingSession();
    await poll(sid, '40');
    await poll(sid, [packet, 'bYQ==', packet].join(RS));
    const old = await pollingSession(3);
    await poll(old, `${packet.length}:${packet}`, 3);
  });

  // socket.io-parser: a packet could announce any number of attachments, and all were kept until the last had come.
  it('CVE-2026-33151 (socket.io-parser): attachments without end', async () => {
    await speak(['4599999999-["x"]', ...Array.from({ length: 2000 }, () => Buffer.alloc(1000))]);
    await speak(['45Infinity-["x"]', '45-1-["x"]', '45NaN-["x"]', Buffer.alloc(10)]);
  });

  // engine.io, socket.io-parser: the body of a long-polling request was put together piece by piece, in quadratic time.
  it('CVE-2020-36048 (engine.io), CVE-2020-36049 (socket.io-parser): a large body of tiny packets', async () => {
    const beganMs = performance.now();
    const old = await pollingSession(3);
    await poll(old, '1:6'.repeat(300_000), 3);
    await poll(await pollingSession(3), `${'9'.repeat(1000)}:x`, 3);
    await poll(await pollingSession(), `6${RS}`.repeat(400_000));
    await poll(await pollingSession(), 'x'.repeat(8_000_000));
    expect(performance.now() - beganMs).toBeLessThan(15_000);
  }, 30_000);
});

describe('frames', () => {
  const tiny = (first: number): Buffer => Buffer.from([first, 0x81, 0, 0, 0, 0, 0x20]);

  // ws: tiny fragments, and empty ones, held far more memory than their bytes, without end.
  it('CVE-2026-48779 (ws): tiny and empty fragments without end', async () => {
    const empty = Buffer.from([0x00, 0x80, 0, 0, 0, 0]);
    const floods = [
      Buffer.concat([tiny(0x01), ...Array.from({ length: 200_000 }, () => tiny(0x00))]),
      Buffer.concat([tiny(0x01), ...Array.from({ length: 200_000 }, () => empty)]),
    ];
    for (const path of [NATIVE, SOCKET_IO]) {
      for (const flood of floods) {
        const answer = await converse(
          server.socketPort,
          Buffer.concat([Buffer.from(upgradeTo(path)), flood]),
          10_000,
        );
        expect(answer).toMatch(/^HTTP\/1\.1 101/);
        // 1008 or 1009, whichever bound comes first, in the Close frame that ends it.
        expect([1008, 1009]).toContain(closeCodeOf(answer));
      }
    }
  }, 30_000);

  // ws: without a bound a claim of any size was believed. Bandit, undici: the bound was held against compressed bytes.
  it('CVE-2016-10542 (ws), GHSA-frh3-6pv6-rc8j (Bandit): claims above the limit, and compression that nobody agreed on', async () => {
    for (const path of [NATIVE, SOCKET_IO]) {
      const request = upgradeTo(path, ['Sec-WebSocket-Extensions: permessage-deflate']);
      const claim = Buffer.from('82ff000000007fffffff00000000', 'hex');
      const answer = await converse(server.socketPort, Buffer.concat([Buffer.from(request), claim]));
      expect(answer).not.toMatch(/sec-websocket-extensions/i);
      expect(closeCodeOf(answer)).toBe(1009);
      const compressed = Buffer.from('c1830000000000 0000'.replaceAll(' ', ''), 'hex');
      const refused = await converse(server.socketPort, Buffer.concat([Buffer.from(request), compressed]));
      expect(closeCodeOf(refused)).toBe(1002);
    }
  });
});
