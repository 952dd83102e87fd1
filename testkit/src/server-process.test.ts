// The server as a program: settings refused by a sentence, signals that drain, TLS on both ports, and the trace.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { generate } from 'selfsigned';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { NativeClient } from './native-client.ts';
import { type SpawnedServer, spawnServer, startTestServer, temporaryDir } from './server.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(settings: Record<string, string> = {}): Promise<SpawnedServer> {
  const dataDir = temporaryDir();
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await spawnServer({ DATA_DIR: dataDir, ...settings });
  cleanUps.push(() => server.end('SIGKILL'));
  return server;
}

const refusalOf = async (settings: Record<string, string>): Promise<string> => {
  const error: unknown = await serve(settings).then(
    () => new Error('it started'),
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message : String(error);
};

describe('starting', () => {
  it('refuses a bad value with one sentence and no stack', async () => {
    const message = await refusalOf({ RATE_LIMIT: 'fast' });
    expect(message).toContain('RATE_LIMIT (or --rate-limit) is "fast"');
    expect(message).not.toMatch(/\n\s+at /);
  });

  it.each(['PORT', 'SOCKET_PORT'])('says that %s is taken, and how to choose another', async (setting) => {
    const taken = net.createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    cleanUps.push(() => taken.close());
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '';
    const message = await refusalOf({ [setting]: port });
    expect(message).toContain(`Port ${port} is taken`);
    expect(message).toContain(`${setting}=`);
    expect(message).not.toMatch(/\n\s+at /);
  });

  it('refuses a data folder that cannot be made', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'wireroom-test-')), 'file');
    writeFileSync(file, '');
    expect(await refusalOf({ DATA_DIR: join(file, 'data') })).toContain('DATA_DIR');
  });
});

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '[S5] %s: 1012 to everybody, what was posted is answered, exit 0',
    async (signal) => {
      const server = await serve();
      const ada = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
      const bare = new WebSocket(`ws://localhost:${server.socketPort}`);
      await new Promise((resolve) => bare.on('open', resolve));
      const bareClosed = new Promise((resolve) => bare.on('close', (code) => resolve(code)));
      const lesson = io(`ws://localhost:${server.socketPort}`, {
        transports: ['websocket'],
        reconnection: false,
      });
      cleanUps.push(() => lesson.close());
      await new Promise((resolve) => lesson.on('connect', () => resolve(undefined)));
      const lessonCut = new Promise((resolve) => lesson.on('disconnect', (reason) => resolve(reason)));
      // A connection that says nothing, and one in the middle of its request, must not hold the process.
      for (const bytes of ['', 'GET / HTTP/1.1\r\n']) {
        const socket = net.connect(server.port, '127.0.0.1', () => socket.write(bytes)).on('error', () => {});
        cleanUps.push(() => socket.destroy());
      }
      await fetch(`http://localhost:${server.port}/healthz`);
      await ada.post('last words');
      expect(await server.end(signal)).toBe(0);
      expect(await ada.closed).toMatchObject({ code: 1012 });
      expect(await bareClosed).toBe(1012);
      expect(await lessonCut).not.toBe('io server disconnect');
      expect(server.stderr()).not.toContain('last words');
    },
  );

  // Under npm one Ctrl-C is two SIGINTs, from the terminal and from npm; a closed window is as many SIGHUPs.
  it.each(['SIGINT', 'SIGHUP'] as const)('%s twice within milliseconds drains like one', async (signal) => {
    const server = await serve({ LOG_LEVEL: 'info' });
    const silent = net.connect(server.port, '127.0.0.1').on('error', () => {});
    cleanUps.push(() => silent.destroy());
    await new Promise((resolve) => silent.on('connect', resolve));
    server.process.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await server.end(signal)).toBe(0);
    await expect.poll(() => server.stderr()).toContain('"stopped"');
  });
});

describe('TLS', () => {
  it('self-signed: https, wss and Socket.IO on both ports', async () => {
    const server = await serve({ TLS: 'self-signed' });
    const ada = await NativeClient.open(`wss://localhost:${server.port}/ws`, { insecure: true });
    const bo = await NativeClient.open(`wss://127.0.0.1:${server.socketPort}`, { insecure: true });
    for (const [client, name] of [
      [ada, 'Ada'],
      [bo, 'Bo'],
    ] as const) {
      await client.ask({ type: 'hello', name });
      await client.ask({ type: 'join', room: 'lobby' });
    }
    await ada.post('over TLS');
    await bo.untilText('over TLS');
    const lesson = io(`wss://localhost:${server.socketPort}`, {
      transports: ['websocket'],
      rejectUnauthorized: false,
    });
    cleanUps.push(() => lesson.close());
    await new Promise((resolve) => lesson.on('connect', () => resolve(undefined)));
    const peer = await new Promise<tls.PeerCertificate>((resolve, reject) => {
      const socket = tls.connect({ port: server.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate());
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(peer.subjectaltname).toContain('DNS:localhost');
  });

  it('from files', async () => {
    const made = await generate([{ name: 'commonName', value: 'from.files' }], { keyType: 'ec' });
    const dir = mkdtempSync(join(tmpdir(), 'wireroom-test-'));
    const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
    writeFileSync(cert, made.cert);
    writeFileSync(key, made.private);
    const server = await startTestServer({ TLS_CERT: cert, TLS_KEY: key });
    cleanUps.push(() => server.stop());
    const client = await NativeClient.open(`wss://localhost:${server.port}/ws`, { insecure: true });
    cleanUps.push(() => client.close());
    expect(await client.ask({ type: 'hello', name: 'Ada' })).toMatchObject({ type: 'welcome' });
  });
});

describe('--trace', () => {
  it('prints reads, the handshake with its SHA-1, and each frame with its bits; secrets are hidden', async () => {
    const server = await startTestServer({ TRACE: '1' });
    cleanUps.push(() => server.stop());
    const client = await NativeClient.open(`ws://localhost:${server.socketPort}/`, {
      headers: { cookie: 'session=topsecret' },
    });
    const welcome = await client.ask({ type: 'hello', name: 'Ada' });
    await client.close();
    await expect.poll(() => server.printed.some((line) => line.includes('× closed'))).toBe(true);
    const text = server.printed.join('\n');
    expect(text).toMatch(/\[1\] a connection from 127\.0\.0\.1:\d+ to port \d+/);
    expect(text).toMatch(/\[1\] ← read 1, \d+ bytes\n {6}0000 {2}47 45 54 20 2f 20/);
    expect(text).toMatch(/GET \/ HTTP\/1\.1/);
    expect(text).toMatch(/key \+ GUID +[A-Za-z0-9+/]{22}==258EAFA5-E914-47DA-95CA-C5AB0DC85B11/);
    expect(text).toMatch(/SHA-1, 20 bytes +([0-9a-f]{2} ){19}[0-9a-f]{2}/);
    expect(text).toMatch(/HTTP\/1\.1 101 Switching Protocols/);
    expect(text).toMatch(
      /← frame {2}FIN=1 RSV=000 opcode=0x1 text {2}MASK=1 key=[0-9a-f]{8} {2}length=\d+ \(7 bits\)/,
    );
    expect(text).toMatch(
      /→ frame {2}FIN=1 RSV=000 opcode=0x1 text {2}MASK=0 {2}length=\d+ \(126, then 16 bits\)/,
    );
    expect(text).toMatch(/opcode=0x8 close/);
    expect(text).not.toContain('topsecret');
    expect(text).not.toContain(String(welcome.token));
  });

  it('shows what is refused before it is a WebSocket', async () => {
    const server = await startTestServer({ TRACE: '1' });
    cleanUps.push(() => server.stop());
    const stranger = io(`ws://localhost:${server.port}`, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'http://elsewhere.example' },
    });
    cleanUps.push(() => stranger.close());
    await expect.poll(() => server.printed.join('\n')).toMatch(/× closed 1006/);
    const text = server.printed.join('\n');
    expect(text).toMatch(/handshake: request\n {6}GET \/socket\.io/);
    expect(text).toMatch(/handshake: answer \(refused\)\n {6}HTTP\/1\.1 4/);
  });

  it('shows Socket.IO over WebSocket too, and leaves the page out', async () => {
    const server = await startTestServer({ TRACE: '1' });
    cleanUps.push(() => server.stop());
    await fetch(`${server.url}/healthz`);
    expect(server.printed).toEqual([]);
    const lesson = io(`ws://localhost:${server.port}`, { transports: ['websocket'] });
    cleanUps.push(() => lesson.close());
    const token = await new Promise((resolve) => {
      lesson.on(
        'message',
        (message: { type: string; token?: string }) => message.type === 'TOKEN' && resolve(message.token),
      );
      lesson.send({ type: 'LOGIN', name: 'Ada' });
    });
    await expect.poll(() => server.printed.join('\n')).toMatch(/payload {2}"42\[.*加入了聊天/);
    const text = server.printed.join('\n');
    expect(text).toMatch(/GET \/socket\.io\/\?EIO=4&transport=websocket HTTP\/1\.1/);
    expect(text).toMatch(/← frame {2}FIN=1 .*MASK=1 key=[0-9a-f]{8}/);
    expect(text).toMatch(/payload {2}"42\[\\"message\\",\{\\"type\\":\\"LOGIN\\"/);
    expect(text).not.toContain(String(token));
    expect(text).toMatch(/→ frame .*\n {6}payload {2}"42/);
    // Nor as bytes, cut over the lines of a dump.
    expect(text.replace(/\n {6}[0-9a-f]{4} .{49} /g, '')).not.toContain(String(token));
  });
});
