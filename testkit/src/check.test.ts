// `wireroom check` against servers that nobody here wrote, our own, and what is no server at all: no mistake is named where
// there is none, and what is said where there is nothing to test. The broken servers are in ../broken-servers.
import http from 'node:http';
import net from 'node:net';
import { type DiagnoseOptions, type Diagnosis, diagnose } from '@wireroom/conformance';
import { WebSocketServer } from '@wireroom/websocket';
import { WebSocketServer as OurWsServer } from '@wireroom/websocket/ws';
import { Server as SocketIoServer } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer as WsServer } from 'ws';
import { startTestServer } from './server.ts';

const TIMEOUT_MS = 90_000;
const WAITS = { slowHandshakeMs: 500 };
const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function listenOn(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function check(port: number, path = '/', options: DiagnoseOptions = {}): Promise<Diagnosis> {
  return diagnose(`ws://127.0.0.1:${port}${path}`, { waits: WAITS, ...options });
}

const mistakesOf = ({ findings }: Diagnosis): string[] =>
  findings.filter(({ severity }) => severity === 'mistake').map(({ id, seen }) => `${id}: ${seen[0]?.en}`);
const idsOf = ({ findings }: Diagnosis): string[] => findings.map(({ id }) => id);

describe('no false alarm', () => {
  it.each([false, true])(
    '[K6] ws as an echo, compression %s',
    async (perMessageDeflate) => {
      const server = http.createServer();
      const ws = new WsServer({ server, perMessageDeflate });
      ws.on('connection', (socket) => {
        socket.on('error', () => undefined);
        socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
      });
      // A part of the cases: all of them are run in packages/conformance.
      const diagnosis = await check(await listenOn(server), '/', { waits: { ...WAITS, casesMs: 4_000 } });
      expect(mistakesOf(diagnosis)).toEqual([]);
      expect(diagnosis.server).toMatchObject({ data: 'echo', marker: 'pong' });
      expect(idsOf(diagnosis)).toContain('origin-unchecked');
      expect(diagnosis.cases.run).toBeGreaterThan(50);
    },
    TIMEOUT_MS,
  );

  it.each([false, true])(
    '[K6] our engine as an echo, compression %s: not even a remark but on what the program leaves open',
    async (perMessageDeflate) => {
      const server = new WebSocketServer({
        perMessageDeflate,
        onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
      });
      const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
      ends.push(() => server.close());
      const diagnosis = await check(port);
      expect(idsOf(diagnosis).filter((id) => id !== 'slow-handshake-never-cut')).toEqual([
        'origin-unchecked',
      ]);
      expect(diagnosis.cases).toMatchObject({ failed: 0, nonStrict: 0, notRun: 0 });
    },
    TIMEOUT_MS,
  );

  it.each([
    ['its own ws', undefined],
    ['our engine', OurWsServer],
  ])(
    '[K6][K2] Socket.IO 4 on %s, found from the root path',
    async (_, wsEngine) => {
      const server = http.createServer();
      const io = new SocketIoServer(server, wsEngine === undefined ? {} : { wsEngine });
      const port = await listenOn(server);
      ends.push(() => io.close());
      const diagnosis = await check(port);
      expect(mistakesOf(diagnosis)).toEqual([]);
      expect(diagnosis.server).toMatchObject({ protocol: 'engine.io', speaksFirst: true, marker: 'pong' });
      expect(diagnosis.url).toContain('/socket.io/?EIO=4&transport=websocket');
    },
    TIMEOUT_MS,
  );

  it(
    '[K6] our own chat, whose pages and handshakes are guarded: no advice either',
    async () => {
      const server = await startTestServer();
      ends.push(() => server.stop());
      const diagnosis = await check(server.port, '/ws');
      expect(idsOf(diagnosis).filter((id) => id !== 'slow-handshake-never-cut')).toEqual([]);
      expect(diagnosis.omitted.map(({ what }) => what.en)).toContain('the conformance cases');
    },
    TIMEOUT_MS,
  );
});

describe('what is no WebSocket server', () => {
  const reasonOf = (port: number, scheme = 'ws'): Promise<string> =>
    diagnose(`${scheme}://127.0.0.1:${port}/`, { waits: { replyMs: 300 } }).then(
      () => 'it was diagnosed',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it('[K3] says that nobody listens', async () => {
    const server = net.createServer();
    const port = await listenOn(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await reasonOf(port)).toMatch(/Nothing listens at 127\.0\.0\.1:\d+: the connection was refused/);
  });

  it('[K3] says what a web server answered', async () => {
    const port = await listenOn(http.createServer((_, response) => response.writeHead(404).end('not here')));
    expect(await reasonOf(port)).toMatch(/answered .* with "HTTP\/1\.1 404 Not Found".*not here.*\/ws\?/s);
  });

  it('[K3] says that something else listens', async () => {
    const port = await listenOn(net.createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')));
    expect(await reasonOf(port)).toContain('That is not HTTP');
  });

  it('[K3] says that nothing was answered, and that TLS is not spoken', async () => {
    const port = await listenOn(net.createServer((socket) => socket.on('error', () => undefined)));
    expect(await reasonOf(port)).toContain('did not answer the WebSocket handshake');
    const plain = await listenOn(http.createServer((_, response) => response.end()));
    expect(await reasonOf(plain, 'wss')).toContain('does not speak TLS');
  });
});
