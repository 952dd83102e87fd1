// Bad will and bad luck on the Socket.IO side: floods, disguised origins, words and goodbye in one breath, foreign hosts, upgrades.
import { readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, startTestServer, temporaryDir } from './server.ts';

let server: SpawnedServer;
let witness: NativeClient;
const dataDir = temporaryDir();

beforeAll(async () => {
  server = await spawnServer({ DATA_DIR: dataDir, LOG_LEVEL: 'error', MAX_SOCKETS_PER_ADDRESS: '5000' });
  witness = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Witness');
});
afterAll(async () => {
  await server.end('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

const http = (path: string): string => `http://127.0.0.1:${server.socketPort}${path}`;
const rssMb = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))?.[1]) / 1024;
const RS = '\x1e';

async function pollingSession(): Promise<string> {
  const opening = await (await fetch(http('/socket.io/?EIO=4&transport=polling'))).text();
  return JSON.parse(opening.slice(1)).sid;
}

const post = (sid: string, body: string): Promise<number> =>
  fetch(http(`/socket.io/?EIO=4&transport=polling&sid=${sid}`), { method: 'POST', body }).then(
    ({ status }) => status,
    () => 0,
  );

describe('floods', () => {
  it('thousands of CONNECT packets in one request make a handful of sessions, and hold up nobody', async () => {
    const sid = await pollingSession();
    await post(sid, Array(20_000).fill('40').join(RS));
    await witness.post('after the CONNECTs');
    const response = await fetch(http(`/socket.io/?EIO=4&transport=polling&sid=${sid}`));
    const sessions = (await response.text()).split(RS).filter((packet) => packet.startsWith('40{'));
    expect(sessions.length).toBeLessThanOrEqual(8);
    expect(server.stderr()).not.toContain('MaxListenersExceededWarning');
  });

  it.skipIf(process.platform !== 'linux')(
    'whoever causes answers and reads none is cut; memory stays flat',
    async () => {
      const flood = async (): Promise<void> => {
        const ws = new WebSocket(`ws://127.0.0.1:${server.socketPort}/socket.io/?EIO=4&transport=websocket`);
        await new Promise((resolve) => ws.once('open', resolve));
        const closed = new Promise((resolve) => ws.once('close', resolve));
        ws.on('error', () => {});
        ws.send('40');
        ws.pause();
        for (let i = 0; i < 60_000 && ws.readyState === WebSocket.OPEN; i += 1) {
          ws.send('42["message",1]');
          if (i % 1_000 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
        ws.resume();
        await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 1_000))]);
        ws.terminate();
      };
      await flood();
      const before = rssMb();
      for (let i = 0; i < 3; i += 1) await flood();
      const sid = await pollingSession();
      await post(sid, '40');
      for (let i = 0; i < 20; i += 1) await post(sid, Array(2_000).fill('42["message",1]').join(RS));
      expect(rssMb() - before).toBeLessThan(80);
      await witness.post('after the flood');
    },
    60_000,
  );
});

describe('words and goodbye in one breath', () => {
  it.each([
    ['4.8, websocket', io4, 'websocket'],
    ['4.8, polling', io4, 'polling'],
    ['2.x, websocket', io2, 'websocket'],
    ['2.x, polling', io2, 'polling'],
  ] as const)('Socket.IO %s: nothing that was sent is lost', async (what, connect, transport) => {
    const socket = connect(`http://127.0.0.1:${server.socketPort}`, {
      transports: [transport],
      forceNew: true,
    });
    await new Promise<void>((resolve) => {
      socket.on('message', ({ type }: { type: string }) => type === 'LOGIN' && resolve());
      socket.send({ type: 'LOGIN', name: what });
    });
    for (const n of [1, 2, 3]) socket.send({ type: 'CHAT', message: `${what}: ${n}` });
    socket.disconnect();
    await witness.until((event) => {
      const entry = event.entry as { type: string; author: { name: string } } | undefined;
      return entry?.type === 'leave' && entry.author.name === what;
    });
    const texts = witness.entries.map(({ text }) => text).filter((text) => String(text).startsWith(what));
    expect(texts).toEqual([1, 2, 3].map((n) => `${what}: ${n}`));
  });

  it('[P7] native: hello, join, post and Close in one write', async () => {
    const { socket } = await NativeClient.open(`ws://127.0.0.1:${server.socketPort}`);
    socket.send('{"type":"hello","ref":1,"name":"In passing"}');
    socket.send('{"type":"join","ref":2,"room":"lobby"}');
    socket.send('{"type":"post","ref":3,"room":"lobby","text":"said in passing"}');
    socket.close();
    await witness.untilText('said in passing');
  });
});

describe('origins and hosts', () => {
  it('JSONP, and requests of other sites without an Origin, are refused', async () => {
    for (const EIO of [3, 4]) {
      expect((await fetch(http(`/socket.io/?EIO=${EIO}&transport=polling&j=0`))).status).toBe(403);
    }
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await fetch(http('/socket.io/?EIO=4&transport=polling'), { headers })).status).toBe(403);
  });

  it('a page on another port of this host may poll with credentials, as 2.x clients do', async () => {
    const headers = { origin: 'http://localhost:4109' };
    const response = await fetch(http('/socket.io/?EIO=3&transport=polling'), { headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:4109');
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('ALLOWED_HOSTS holds at every door, health apart', async () => {
    const named = await startTestServer({ ALLOWED_HOSTS: 'chat.lan' });
    try {
      const status = (port: number, path: string, host: string): Promise<string> =>
        say(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`).then((answer) =>
          answer.slice(9, 12),
        );
      for (const path of ['/', '/api/rooms/lobby/history', '/socket.io.js']) {
        expect(await status(named.port, path, 'evil.example')).toBe('421');
        expect(await status(named.socketPort, path, 'evil.example')).not.toBe('200');
      }
      expect(await status(named.port, '/api/rooms/lobby/history', 'chat.lan')).toBe('200');
      expect(await status(named.port, '/healthz', '10.0.0.1')).toBe('200');
    } finally {
      await named.stop();
    }
  });
});

/** Writes to a port, resolves to what comes back until the end. */
function say(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(request));
    socket.setEncoding('latin1').on('data', (text) => {
      answer += text;
    });
    socket.on('error', () => {}).on('close', () => resolve(answer));
  });
}

describe('upgrades that are none', () => {
  it.each(['h2c', 'TLS/1.2', 'foo'])(
    'Upgrade: %s is answered by HTTP as if it were not there',
    async (protocol) => {
      const offer = `Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: ${protocol}\r\nHTTP2-Settings: AAMAAABk\r\n`;
      for (const port of [server.port, server.socketPort]) {
        const answer = await say(
          port,
          `GET /api/rooms/lobby/history?format=jsonl HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`,
        );
        expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
        expect(answer).toContain('"type":"join"');
      }
    },
  );

  it('an upgrade pipelined behind an unanswered request does not get in front of its answer', async () => {
    const upgrade =
      'GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    const answer = await say(
      server.port,
      `GET /api/rooms/lobby/history HTTP/1.1\r\nHost: localhost\r\n\r\n${upgrade}`,
    );
    expect(answer).not.toMatch(/^HTTP\/1\.1 101/);
  });

  it('an address with a broken escape is refused in the shape of every refusal', async () => {
    const response = await fetch(http('/api/rooms/%/history'));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: { code: 'bad-request', message: expect.any(String) } });
  });
});
