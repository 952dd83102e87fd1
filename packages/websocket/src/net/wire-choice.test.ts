// Which wire a socket gets: its bare handle, or documented streams where that is denied. What both do alike is in wires.test.ts.
import { spawn } from 'node:child_process';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { atEnd, listen } from '../testing/loopback.ts';
import { ask, RawPeer } from '../testing/raw-peer.ts';
import { connect } from './client.ts';
import { AcceptedWire, SocketWire } from './handle-wire.ts';
import { tcpHandles } from './tcp-handle.ts';

const isFound = tcpHandles.isUsed;

afterEach(() => {
  vi.restoreAllMocks();
  tcpHandles.isUsed = isFound;
});

describe.each([
  { way: 'by the handle', isUsed: true },
  { way: 'by streams', isUsed: false },
])('a wire $way', ({ isUsed }) => {
  beforeEach(() => {
    tcpHandles.isUsed = isUsed;
  });

  it('is the one that was chosen, at both ends', async () => {
    const accepted = vi.spyOn(AcceptedWire.prototype, 'hurry');
    const dialled = vi.spyOn(SocketWire.prototype, 'start');
    const { url } = await listen();
    const client = await connect(url);
    expect([accepted.mock.calls.length, dialled.mock.calls.length]).toEqual(isUsed ? [1, 1] : [0, 0]);
    client.terminate();
  });

  it('[W34] tells of a reset with its name', async () => {
    const { port, connection, closed } = await listen();
    const peer = await RawPeer.upgrade(port);
    await connection();
    peer.socket.resetAndDestroy();
    expect(await closed()).toMatchObject({
      code: 1006,
      error: { code: 'connection-lost', cause: { code: 'ECONNRESET', syscall: 'read' } },
    });
  });

  it('[W8] gives a socket away with all its bytes', async () => {
    const { port } = await listen({ handOn: (socket) => void socket.on('data', (data) => socket.end(data)) });
    expect(await ask(port, 'GET /pages HTTP/1.1\r\nHost: a\r\n\r\n')).toBe(
      'GET /pages HTTP/1.1\r\nHost: a\r\n\r\n',
    );
  });
});

const PROGRAM = `
  import { connect, WebSocketServer } from '@wireroom/websocket';
  const server = new WebSocketServer({
    onConnection: (connection) => connection.handle({ message: (message) => connection.send(message) }),
  });
  const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
  const connection = await connect('ws://127.0.0.1:' + port);
  const closed = new Promise((resolve) => connection.handle({
    message: (message) => connection.close(1000, message.text()),
    close: resolve,
  }));
  connection.send('é'.repeat(60));
  const { code } = await closed;
  await server.close();
  const { tcpHandles } = await import('./src/net/tcp-handle.ts');
  const { wideMask } = await import('./src/core/wide-mask.ts');
  console.log(code, 'handles', tcpHandles.isUsed, 'wide masks', wideMask !== undefined);
`;

describe('a Node that was told otherwise', () => {
  it.each([
    ['--pending-deprecation', '1000 handles false wide masks true\n'],
    ['--jitless', '1000 handles true wide masks false\n'],
  ])('with %s goes the documented way, and warns of nothing', async (flag, expected) => {
    const child = spawn(
      process.execPath,
      [flag, '--conditions=@wireroom/source', '--import', 'tsx', '--input-type=module', '--eval', PROGRAM],
      { cwd: new URL('../..', import.meta.url), env: { ...process.env, NODE_OPTIONS: '' } },
    );
    atEnd(() => void child.kill());
    const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    expect(out).toBe(expected);
    expect(err).not.toContain('process.binding');
  });
});
