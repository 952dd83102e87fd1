import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptSteps } from '../core/handshake.ts';
import { WireError } from '../core/wire-error.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { RawPeer } from '../testing/raw-peer.ts';
import { type ConnectOptions, connect } from './client.ts';
import type { Connection } from './connection.ts';

interface RawServer {
  readonly url: string;
  /** The first connection, its request taken out of what it received. */
  peer(): Promise<{ readonly peer: RawPeer; readonly request: string; readonly accept: string }>;
}

/** A server that is nothing but bytes. */
async function rawServer(): Promise<RawServer> {
  const peers: RawPeer[] = [];
  const server = net.createServer({ allowHalfOpen: true }, (socket) => peers.push(new RawPeer(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const { socket } of peers) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `ws://127.0.0.1:${port}/`,
    async peer() {
      await eventually(() => peers.length > 0);
      const [peer] = peers;
      if (peer === undefined) throw new Error('no peer');
      const request = await peer.takeHead();
      const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(request)?.[1] ?? '';
      return { peer, request, accept: acceptSteps(key).accept };
    },
  };
}

function head(accept: string, extra = ''): string {
  return `HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n${extra}\r\n`;
}

/** A client connected to a raw server. */
async function pair(options: ConnectOptions = {}): Promise<{ client: Connection; peer: RawPeer }> {
  const server = await rawServer();
  const connecting = connect(server.url, options);
  const { peer, accept } = await server.peer();
  peer.socket.write(head(accept));
  return { client: await connecting, peer };
}

async function failure(promise: Promise<unknown>): Promise<WireError> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof WireError)) throw error;
  return error;
}

describe('client handshake', () => {
  it('[W12] sends what RFC 6455 asks for, with a fresh key', async () => {
    const keys = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const server = await rawServer();
      const connecting = connect(`${server.url}chat?x=1`, {
        subprotocols: ['a', 'b'],
        headers: { Cookie: 'c=1' },
      });
      const { peer, request, accept } = await server.peer();
      expect(request).toMatch(/^GET \/chat\?x=1 HTTP\/1.1\r\nHost: 127.0.0.1:\d+\r\n/);
      expect(request).toContain('\r\nSec-WebSocket-Protocol: a, b\r\nCookie: c=1\r\n\r\n');
      keys.add(accept);
      peer.socket.write(head(accept, 'Sec-WebSocket-Protocol: b\r\n'));
      const client = await connecting;
      expect(client.subprotocol).toBe('b');
      expect(client.remoteAddress).toBe('127.0.0.1');
      client.terminate();
    }
    expect(keys.size).toBe(3);
  });

  it('[W12] refuses bad answers and leaves no socket', async () => {
    const cases: readonly (readonly [string, (accept: string) => string])[] = [
      ['accept-mismatch', () => head('AAAA')],
      ['response-invalid', (accept) => head(accept).replace('Upgrade: websocket', 'Upgrade: h2c')],
      ['response-invalid', (accept) => head(accept).replace('Connection: Upgrade', 'Connection: close')],
      ['subprotocol-unoffered', (accept) => head(accept, 'Sec-WebSocket-Protocol: x\r\n')],
      ['extension-unoffered', (accept) => head(accept, 'Sec-WebSocket-Extensions: permessage-deflate\r\n')],
      ['head-malformed', (accept) => head(accept).replaceAll('\r\n', '\n')],
      ['head-malformed', () => 'SSH-2.0-OpenSSH_9\r\n\r\n'],
      ['head-too-large', () => `HTTP/1.1 101 x\r\nX: ${'x'.repeat(20_000)}`],
    ];
    for (const [code, answer] of cases) {
      const server = await rawServer();
      const connecting = connect(server.url);
      const { peer, accept } = await server.peer();
      peer.socket.write(answer(accept));
      expect((await failure(connecting)).code, code).toBe(code);
      await peer.untilEnd();
    }
  });

  it('[W12] tells the status of a refusal, and its sentence', async () => {
    const { url } = await listen({
      decide: () => ({ accept: false, status: 403, reason: 'Not from there.' }),
    });
    expect(await failure(connect(url))).toMatchObject({
      code: 'response-refused',
      httpStatus: 403,
      message: 'The server answered 403 Forbidden: Not from there.',
    });
  });

  it('an answer that is cut off', async () => {
    const server = await rawServer();
    const connecting = connect(server.url);
    const { peer } = await server.peer();
    peer.socket.end('HTTP/1.1 101 ');
    expect((await failure(connecting)).code).toBe('head-cut');
  });

  it('[W13] nobody there', async () => {
    const { url, server } = await listen();
    await server.close();
    const byAddress = await failure(connect(url));
    expect(byAddress).toMatchObject({ code: 'connect-failed', cause: { code: 'ECONNREFUSED' } });
    const byName = await failure(connect(url.replace('127.0.0.1', 'localhost')));
    expect(byName.message).toMatch(/^No connection to localhost:\d+: .*ECONNREFUSED/);
  });

  it('[W13] time-out and abort, before and after TCP is there', async () => {
    const server = await rawServer();
    expect((await failure(connect(server.url, { timeoutMs: 30 }))).code).toBe('connect-timeout');
    const { peer } = await server.peer();
    await peer.untilEnd();

    const second = await rawServer();
    const controller = new AbortController();
    const connecting = connect(second.url, { signal: controller.signal });
    const late = await second.peer();
    controller.abort(new Error('enough'));
    expect(await failure(connecting)).toMatchObject({
      code: 'connect-aborted',
      cause: { message: 'enough' },
    });
    await late.peer.untilEnd();
    expect((await failure(connect(second.url, { signal: controller.signal }))).code).toBe('connect-aborted');

    const never = () => new Promise<net.Socket>(() => undefined);
    expect((await failure(connect(server.url, { timeoutMs: 20, connector: never }))).code).toBe(
      'connect-timeout',
    );
  });

  it('[W13] an abort after the handshake has no effect', async () => {
    const controller = new AbortController();
    const { client, peer } = await pair({ signal: controller.signal, timeoutMs: 1000 });
    controller.abort();
    client.send('still');
    await peer.until(({ received }) => received.length === 11);
    expect(peer.frames('server')).toEqual(['1:still']);
    client.terminate();
  });

  it('takes a stream from a connector', async () => {
    const loopback = await listen();
    const targets: unknown[] = [];
    const client = await connect('ws://somewhere.example/x', {
      connector: async ({ host, port, secure }) => {
        targets.push({ host, port, secure });
        const socket = net.connect(loopback.port, '127.0.0.1');
        await once(socket, 'connect');
        return socket;
      },
    });
    expect(targets).toEqual([{ host: 'somewhere.example', port: 80, secure: false }]);
    client.close();
    expect(await loopback.closed()).toMatchObject({ wasClean: true });
  });

  it('refuses, as a mistake of the program, what cannot be asked for', async () => {
    for (const url of ['http://a', 'nonsense', 'ws://a/#b', 'ws://user:pass@a/']) {
      await expect(connect(url), url).rejects.toBeInstanceOf(TypeError);
    }
    await expect(connect('ws://a', { subprotocols: ['a', 'a'] })).rejects.toBeInstanceOf(TypeError);
    await expect(connect('ws://a', { headers: { 'X-Y': 'a\r\nb' } })).rejects.toBeInstanceOf(TypeError);
    await expect(connect('ws://a', { limits: { messageBytesMax: -1 } })).rejects.toBeInstanceOf(RangeError);
  });
});

describe('client connection', () => {
  it('reads what came behind the answer once handlers are set', async () => {
    const server = await rawServer();
    const connecting = connect(server.url);
    const { peer, accept } = await server.peer();
    peer.socket.write(Buffer.concat([Buffer.from(head(accept)), Buffer.from('81056561726c79', 'hex')]));
    const client = await connecting;
    const message = await new Promise<string>((resolve) =>
      client.handle({ message: (one) => resolve(one.text()) }),
    );
    expect(message).toBe('early');
    client.terminate();
  });

  it('[W14] refuses masked frames with 1002', async () => {
    const { client, peer } = await pair();
    const closed = new Promise((resolve) => client.handle({ close: resolve }));
    peer.socket.write(Buffer.from('81810000000061', 'hex'));
    await peer.untilEnd();
    expect(peer.frames('server')).toEqual(['8:1002']);
    peer.socket.end();
    expect(await closed).toMatchObject({ code: 1002, error: { code: 'mask-unexpected' } });
  });

  it('[W30] waits for the server to end TCP', async () => {
    const { client, peer } = await pair();
    const closed = new Promise((resolve) => client.handle({ close: resolve }));
    peer.socket.write(Buffer.from('880203e9', 'hex'));
    await peer.until(({ received }) => received.length === 8);
    expect(peer.frames('server')).toEqual(['8:1001']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.hasEnded).toBe(false);
    peer.socket.end();
    expect(await closed).toEqual({ code: 1001, reason: '', wasClean: true });
  });

  it('[W31] but not for ever', async () => {
    const { client, peer } = await pair({ limits: { closeTimeoutMs: 30 } });
    const closed = new Promise((resolve) => client.handle({ close: resolve }));
    client.close(4000);
    await peer.until(({ received }) => received.length === 8);
    expect(await closed).toMatchObject({ code: 1006, error: { code: 'close-timeout' } });
  });

  it('does not ping unless told to', async () => {
    const { client, peer } = await pair({ limits: { pingIntervalMs: 20, pongTimeoutMs: 20 } });
    const closed = new Promise((resolve) => client.handle({ close: resolve }));
    await peer.until(({ received }) => received.length === 6);
    expect(peer.frames('server')).toEqual(['9:']);
    expect(await closed).toMatchObject({ code: 1006, error: { code: 'pong-timeout' } });
  });
});
