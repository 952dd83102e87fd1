import { once } from 'node:events';
import http from 'node:http';
import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { WireError } from '../core/wire-error.ts';
import { atEnd, eventually } from '../testing/loopback.ts';
import { maskedFrame, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';
import def, * as api from './ws.ts';
import { ProtocolError, Sender, type ServerOptions, WebSocket, WebSocketServer } from './ws.ts';

async function listen(
  options: ServerOptions = {},
): Promise<{ server: WebSocketServer; port: number; url: string }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  await once(server, 'listening');
  atEnd(() => {
    for (const client of server.clients ?? []) client.terminate();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, port, url: `ws://127.0.0.1:${port}` };
}

async function withPeer(options: ServerOptions = {}): Promise<{ theirs: WebSocket; peer: RawPeer }> {
  const { server, port } = await listen(options);
  const connected = once(server, 'connection');
  const peer = await RawPeer.upgrade(port);
  atEnd(() => void peer.socket.destroy());
  const [theirs] = await connected;
  return { theirs, peer };
}

/** What would end the process while `act` runs. */
async function uncaughtIn(act: (uncaught: readonly unknown[]) => Promise<void>): Promise<unknown[]> {
  const uncaught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => uncaught.push(error));
  try {
    await act(uncaught);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return uncaught;
}

describe('the package', () => {
  it('gives the class by default and to require, with everything on it', () => {
    expect(def).toBe(WebSocket);
    expect(Reflect.get(api, 'module.exports')).toBe(WebSocket);
    expect(WebSocket.WebSocket).toBe(WebSocket);
    expect(WebSocket.Sender).toBe(Sender);
    expect(api.Server).toBe(WebSocketServer);
  });
});

describe('the handshake, where it differs from ws', () => {
  it('declines an offer of permessage-deflate that it cannot understand, and goes on without', async () => {
    const { port } = await listen({ perMessageDeflate: true });
    const peer = await RawPeer.dial(port);
    const offer = 'permessage-deflate; server_max_window_bits=foo';
    peer.socket.write(upgradeRequest([`Sec-WebSocket-Extensions: ${offer}`]));
    const head = await peer.takeHead();
    expect(head).toMatch(/^HTTP\/1\.1 101 /);
    expect(head).not.toMatch(/Sec-WebSocket-Extensions/i);
    peer.socket.destroy();
  });

  it('refuses what ws lets pass, as plain text, and says what would be right', async () => {
    const { port } = await listen();
    const cases: readonly (readonly [string, RegExp])[] = [
      [upgradeRequest().replace('GET', 'POST'), /^HTTP\/1\.1 405 .*text\/plain.*Allow: GET/s],
      [upgradeRequest().replace('Version: 13', 'Version: 7'), /^HTTP\/1\.1 400 .*Version: 13, 8/s],
      [upgradeRequest(['Sec-WebSocket-Protocol: a,,a']), /^HTTP\/1\.1 400 /],
      [upgradeRequest(['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==']), /^HTTP\/1\.1 400 /],
      [upgradeRequest(['Host: other']), /^HTTP\/1\.1 400 .*Host/s],
    ];
    for (const [request, answer] of cases) {
      const peer = await RawPeer.dial(port);
      peer.socket.write(request);
      expect((await peer.untilEnd()).toString()).toMatch(answer);
      peer.socket.destroy();
    }
  });

  it('takes requests as the program has changed them, and those that it has made up', async () => {
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: true });
    const [near, far] = duplexPair();
    const headers = {
      host: 'x',
      upgrade: 'websocket',
      connection: 'Upgrade',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    const request = { method: 'GET', url: '/', httpVersion: '1.1', headers } as http.IncomingMessage;
    const accepted = new Promise((resolve) => server.handleUpgrade(request, near, Buffer.alloc(0), resolve));
    expect(await accepted).toBeInstanceOf(WebSocket);
    far.destroy();
    near.destroy();
  });

  it('gives a WireError to wsClientError', async () => {
    const { server, port } = await listen();
    const told = once(server, 'wsClientError');
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest().replace('Version: 13', 'Version: 7'));
    const [error, socket] = await told;
    expect(error).toBeInstanceOf(WireError);
    expect(error.code).toBe('version-unsupported');
    socket.destroy();
    peer.socket.destroy();
  });

  it('an answer of the program that cannot be sent is 500 for that socket, and the program is told', async () => {
    const wrong: readonly ServerOptions[] = [
      { handleProtocols: () => 'a\r\nX-C: d' },
      { verifyClient: (_info, answer) => answer(false, 403, 'no', { 'X-A': 'b\r\nX-C: d' }) },
      { verifyClient: (_info, answer) => setImmediate(answer, false, 403, 'no', { 'X A': 'b' }) },
      { path: '/headers' },
    ];
    for (const options of wrong) {
      const { server, port } = await listen(options);
      if (options.path !== undefined) server.on('headers', (lines) => lines.push('X-A: b\r\nX-C: d'));
      const request = upgradeRequest(['Sec-WebSocket-Protocol: a'], options.path);
      const refused = await RawPeer.dial(port);
      refused.socket.write(request);
      expect((await refused.untilEnd()).toString()).toMatch(/^HTTP\/1\.1 500 /);
      const told = once(server, 'wsClientError');
      const peer = await RawPeer.dial(port);
      peer.socket.write(request);
      const [error, socket] = await told;
      expect(error).toMatchObject({ code: 'decision-failed', cause: expect.any(TypeError) });
      socket.destroy();
      for (const { socket: ours } of [refused, peer]) ours.destroy();
    }
  });

  it('gets what came along with the handshake, also a few promises later', async () => {
    const { server, port, url } = await listen();
    const client = new WebSocket(url);
    server.once('connection', (theirs) => theirs.send('first'));
    await once(client, 'open');
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect((await once(client, 'message'))[0].toString()).toBe('first');
    client.terminate();
    const connected = once(server, 'connection');
    const peer = await RawPeer.dial(port);
    peer.socket.write(Buffer.concat([Buffer.from(upgradeRequest()), text('early')]));
    const [theirs] = await connected;
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect((await once(theirs, 'message'))[0].toString()).toBe('early');
    peer.socket.destroy();
  });

  it('runs on any duplex stream', async () => {
    const server = new WebSocketServer({ noServer: true });
    const httpServer = http.createServer();
    httpServer.on('upgrade', (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (theirs) => theirs.send('over a pipe')),
    );
    const [near, far] = duplexPair();
    httpServer.emit('connection', far);
    const client = new WebSocket('ws://nowhere', { createConnection: () => near });
    const [data] = await once(client, 'message');
    expect(data.toString()).toBe('over a pipe');
    expect(client._socket).toBe(near);
    client.close(1000);
    expect((await once(client, 'close'))[0]).toBe(1000);
  });
});

describe('frames and errors, where they differ from ws', () => {
  it.each([
    ['length-not-shortest', 1002, Buffer.from('81fe000500000000', 'hex')],
    ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', 1002, Buffer.from('82ff800000000000000000000000', 'hex')],
    ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 1009, Buffer.from('82ff7fffffffffffffff00000000', 'hex')],
    ['WS_ERR_TOO_MANY_BUFFERED_PARTS', 1008, Buffer.concat(fragments(4))],
    [
      'WS_ERR_INVALID_UTF8',
      1007,
      maskedFrame({ opcode: 0x1, fin: false, payload: Buffer.from('ff', 'hex') }),
    ],
    ['too-many-control-frames', 1008, Buffer.concat(Array(201).fill(maskedFrame({ opcode: 0xa })))],
  ])('%s, %i', async (code, status, bytes) => {
    const { theirs, peer } = await withPeer({ maxFragments: 3 });
    const failed = once(theirs, 'error');
    peer.socket.write(bytes);
    const [error] = await failed;
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toBeInstanceOf(RangeError);
    expect(error.cause).toBeInstanceOf(WireError);
    expect(error.code).toBe(code);
    await peer.untilEnd();
    expect(peer.frames().at(-1)).toBe(`8:${status}`);
  });

  it.each([0, Number.POSITIVE_INFINITY])('a maxPayload of %d is no limit', async (maxPayload) => {
    const { theirs, peer } = await withPeer({ maxPayload });
    const message = once(theirs, 'message');
    peer.socket.write(maskedFrame({ opcode: 0x2, payload: Buffer.alloc(3_000_000) }));
    expect((await message)[0]).toHaveLength(3_000_000);
  });

  it('what is sent in a turn leaves in one write, and counts until then', async () => {
    const { theirs, peer } = await withPeer();
    let reads = 0;
    peer.socket.on('data', () => {
      reads += 1;
    });
    for (let i = 0; i < 10; i++) theirs.send('abc');
    expect(theirs.bufferedAmount).toBe(50);
    await peer.until(({ received }) => received.length === 50);
    expect(reads).toBe(1);
    expect(theirs.bufferedAmount).toBe(0);
  });

  it('a listener that throws is uncaught, and closes its socket with 1011', async () => {
    const { theirs, peer } = await withPeer();
    const mistake = new Error('a mistake');
    theirs.on('message', () => {
      throw mistake;
    });
    const errors: unknown[] = [];
    theirs.on('error', (error) => errors.push(error));
    const uncaught = await uncaughtIn(async (seen) => {
      peer.socket.write(text('x'));
      await peer.untilEnd();
      peer.socket.end();
      await eventually(() => seen.length > 0);
    });
    expect(uncaught).toEqual([mistake]);
    expect(errors).toEqual([]);
    expect(peer.frames()).toEqual(['8:1011']);
  });

  it('an error that nobody listens to is uncaught, as of every emitter', async () => {
    const { peer } = await withPeer();
    const uncaught = await uncaughtIn(async (seen) => {
      peer.socket.write(maskedFrame({ opcode: 0x3 }));
      await eventually(() => seen.length > 0);
    });
    expect(uncaught).toEqual([expect.objectContaining({ code: 'WS_ERR_INVALID_OPCODE' })]);
  });
});

describe('relaying', () => {
  it('fragments that came as a list leave as one message', async () => {
    const { theirs, peer } = await withPeer();
    theirs.binaryType = 'fragments';
    theirs.on('message', (data, isBinary) => theirs.send(data, { binary: isBinary }));
    peer.socket.write(
      Buffer.concat([
        maskedFrame({ opcode: 0x2, fin: false, payload: Buffer.from('a') }),
        maskedFrame({ opcode: 0x0, payload: Buffer.from('b') }),
      ]),
    );
    await peer.until(({ received }) => received.length >= 4);
    expect(peer.frames()).toEqual(['2:ab']);
    theirs.send([Buffer.from('c'), Uint8Array.of(0x64)]);
    await peer.until(({ received }) => received.length >= 8);
    expect(peer.frames()).toEqual(['2:ab', '2:cd']);
  });
});

describe('what others build on', () => {
  it('Sender.frame leaves the data alone, and masks where asked', () => {
    const data = Buffer.from('data');
    const masked = Buffer.concat(Sender.frame(data, { opcode: 2, mask: true, readOnly: false }));
    expect(data.toString()).toBe('data');
    expect(masked).toHaveLength(2 + 4 + 4);
    expect(masked[1]).toBe(0x84);
    expect(Buffer.concat(Sender.frame('x', { opcode: 1, fin: false, rsv1: true })).toString('hex')).toBe(
      '410178',
    );
  });

  it('_sender.sendFrame tells when it is too late', async () => {
    const { theirs } = await withPeer();
    theirs.terminate();
    const error = await new Promise((resolve) =>
      theirs._sender.sendFrame([Buffer.from('8100', 'hex')], resolve),
    );
    expect(error).toBeInstanceOf(Error);
    theirs._sender.sendFrame([Buffer.from('8100', 'hex')]);
  });

  it('a Blob that cannot be read is an error, and what waits for it is told', async () => {
    const { theirs } = await withPeer();
    class Broken extends Blob {
      override arrayBuffer(): Promise<ArrayBuffer> {
        return Promise.reject(new Error('unreadable'));
      }
    }
    const failed = once(theirs, 'error');
    const results: (string | undefined)[] = [];
    theirs.send(new Broken(['x']), (error) => results.push(error?.message));
    theirs.send('after', (error) => results.push(error?.message));
    expect((await failed)[0]).toEqual(new Error('unreadable'));
    await eventually(() => results.length === 2);
    expect(results).toEqual(['unreadable', 'The socket was closed while the blob was being read']);
  });
});

function fragments(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => maskedFrame({ opcode: i === 0 ? 0x1 : 0x0, fin: false }));
}
