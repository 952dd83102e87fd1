import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEnd, listen } from '../testing/loopback.ts';
import type { RawPeer } from '../testing/raw-peer.ts';
import { acceptance, failure, rawServer } from '../testing/raw-server.ts';
import { type ConnectOptions, connect } from './client.ts';
import type { Connection } from './connection.ts';

/** A client connected to a raw server. */
async function pair(options: ConnectOptions = {}): Promise<{ client: Connection; peer: RawPeer }> {
  const server = await rawServer();
  const connecting = connect(server.url, options);
  const { peer, accept } = await server.peer();
  peer.socket.write(acceptance(accept));
  return { client: await connecting, peer };
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
      peer.socket.write(acceptance(accept, 'Sec-WebSocket-Protocol: b\r\n'));
      const client = await connecting;
      expect(client.subprotocol).toBe('b');
      expect(client.remoteAddress).toBe('127.0.0.1');
      client.terminate();
    }
    expect(keys.size).toBe(3);
  });

  it('[W12] refuses bad answers and leaves no socket', async () => {
    const cases: readonly (readonly [string, (accept: string) => string])[] = [
      ['accept-mismatch', () => acceptance('AAAA')],
      ['response-invalid', (accept) => acceptance(accept).replace('Upgrade: websocket', 'Upgrade: h2c')],
      [
        'response-invalid',
        (accept) => acceptance(accept).replace('Connection: Upgrade', 'Connection: close'),
      ],
      ['subprotocol-unoffered', (accept) => acceptance(accept, 'Sec-WebSocket-Protocol: x\r\n')],
      [
        'extension-unoffered',
        (accept) => acceptance(accept, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'),
      ],
      ['head-malformed', (accept) => acceptance(accept).replaceAll('\r\n', '\n')],
      ['head-malformed', () => 'SSH-2.0-OpenSSH_9\r\n\r\n'],
      ['head-malformed', (accept) => acceptance(accept, 'X-Folded: a\r\n b\r\n')],
      ['head-malformed', (accept) => acceptance(accept, 'X-Blank : a\r\n')],
      ['response-invalid', (accept) => acceptance(accept).replace('HTTP/1.1', 'HTTP/1.0')],
      ['response-invalid', (accept) => acceptance(accept, 'Upgrade: websocket\r\n')],
      ['accept-mismatch', (accept) => acceptance(accept, `Sec-WebSocket-Accept: ${accept}\r\n`)],
      ['subprotocol-unoffered', (accept) => acceptance(accept, 'Sec-WebSocket-Protocol:\r\n')],
      ['extensions-malformed', (accept) => acceptance(accept, 'Sec-WebSocket-Extensions: a b\r\n')],
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

  it('[W12] [W89] passes over informational answers, up to the limit', async () => {
    const server = await rawServer();
    const connecting = connect(server.url);
    const { peer, accept } = await server.peer();
    const early = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    await peer.writeBytewise(early);
    peer.socket.write(`${early}${acceptance(accept)}\u0081\u0001a`, 'latin1');
    const client = await connecting;
    expect(await new Promise((resolve) => client.handle({ message: (one) => resolve(one.text()) }))).toBe(
      'a',
    );
    client.terminate();

    const second = await rawServer();
    const endless = connect(second.url);
    const talker = await second.peer();
    talker.peer.socket.write(early.repeat(300));
    expect((await failure(endless)).code).toBe('head-too-large');
  });

  it('[W12] a subprotocol that is chosen twice', async () => {
    const server = await rawServer();
    const connecting = connect(server.url, { subprotocols: ['a', 'b'] });
    const { peer, accept } = await server.peer();
    peer.socket.write(acceptance(accept, 'Sec-WebSocket-Protocol: a\r\nSec-WebSocket-Protocol: b\r\n'));
    expect((await failure(connecting)).code).toBe('subprotocol-unoffered');
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

  it('[W90] a connector may lead to a socket of the file system', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'wireroom-'));
    const path = join(folder, 'engine.sock');
    const loopback = await listen();
    const server = net.createServer((socket) => loopback.server.handleSocket(socket));
    server.listen(path);
    await once(server, 'listening');
    atEnd(async () => {
      server.close();
      await rm(folder, { recursive: true });
    });
    const client = await connect('ws://chat.local/', {
      connector: async () => {
        const socket = net.connect({ path, allowHalfOpen: true });
        await once(socket, 'connect');
        return socket;
      },
    });
    client.send('through a file');
    expect(await new Promise((resolve) => client.handle({ message: (one) => resolve(one.text()) }))).toBe(
      'through a file',
    );
    client.close();
    expect(await loopback.closed()).toMatchObject({ code: 1000, wasClean: true });
  });

  it('[W90] a connector may go through a proxy', async () => {
    const loopback = await listen();
    const proxy = http.createServer();
    proxy.on('connect', (request, socket: net.Socket) => {
      const onward = net.connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    atEnd(() => void proxy.close());
    const address = proxy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const client = await connect(loopback.url, {
      connector: async ({ host, port: wanted }, signal) => {
        const request = http.request({ port, method: 'CONNECT', path: `${host}:${wanted}`, signal });
        request.end();
        const [, socket] = await once(request, 'connect');
        return socket;
      },
    });
    client.send('through a proxy');
    expect(await new Promise((resolve) => client.handle({ message: (one) => resolve(one.text()) }))).toBe(
      'through a proxy',
    );
    client.close();
    await loopback.closed();
  });

  it('refuses, as a mistake of the program, what cannot be asked for', async () => {
    for (const url of ['http://a', 'nonsense', 'ws://a/#b', 'ws://user:pass@a/']) {
      await expect(connect(url), url).rejects.toBeInstanceOf(TypeError);
    }
    await expect(connect('ws://a', { subprotocols: ['a', 'a'] })).rejects.toBeInstanceOf(TypeError);
    await expect(connect('ws://a', { headers: { 'X-Y': 'a\r\nb' } })).rejects.toBeInstanceOf(TypeError);
    await expect(connect('ws://a', { limits: { messageBytesMax: -1 } })).rejects.toBeInstanceOf(RangeError);
    await expect(connect('ws://a', { redirectsMax: -1 })).rejects.toBeInstanceOf(RangeError);
  });
});

describe('client connection', () => {
  it('reads what came behind the answer once handlers are set', async () => {
    const server = await rawServer();
    const connecting = connect(server.url);
    const { peer, accept } = await server.peer();
    peer.socket.write(Buffer.concat([Buffer.from(acceptance(accept)), Buffer.from('81056561726c79', 'hex')]));
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
