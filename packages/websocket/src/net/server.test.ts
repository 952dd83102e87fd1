import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { FakeClock } from '../testing/fake-clock.ts';
import { atEnd, eventually, listen } from '../testing/loopback.ts';
import { ACCEPT, ask, close, RawPeer, text, upgradeRequest } from '../testing/raw-peer.ts';
import { WebSocketServer } from './server.ts';
import type { UpgradeDecision, UpgradeRequest } from './upgrade-request.ts';

describe('handshake', () => {
  it('[W4] is answered with 101 and the accept value, also byte by byte', async () => {
    const { port } = await listen();
    const peer = await RawPeer.dial(port);
    await peer.writeBytewise(upgradeRequest());
    expect(await peer.takeHead()).toBe(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${ACCEPT}\r\n\r\n`,
    );
    peer.socket.destroy();
  });

  it('[W2] [W3] [W7] is refused with a sentence and an end', async () => {
    const { port, errors } = await listen();
    const cases: readonly (readonly [string, string])[] = [
      ['400 Bad Request', '\x16\x03\x01\x02\x00\x01\x00'],
      ['400 Bad Request', 'GET / HTTP/1.1\n'],
      ['400 Bad Request', upgradeRequest([' folded'])],
      ['400 Bad Request', upgradeRequest(['Host: again'])],
      ['405 Method Not Allowed', upgradeRequest().replace('GET', 'POST')],
      ['426 Upgrade Required', upgradeRequest().replace(': 13', ': 12')],
      ['505 HTTP Version Not Supported', upgradeRequest().replace('HTTP/1.1', 'HTTP/1.0')],
      ['431 Request Header Fields Too Large', upgradeRequest([`X: ${'x'.repeat(17_000)}`])],
      [
        '431 Request Header Fields Too Large',
        upgradeRequest(Array.from({ length: 101 }, (_, i) => `X-${i}: y`)),
      ],
    ];
    for (const [status, request] of cases) {
      const answer = await ask(port, request);
      expect(answer, request).toContain(`HTTP/1.1 ${status}\r\nConnection: close\r\n`);
      expect(answer).toMatch(/\r\n\r\n[A-Z].+\.\n$/);
    }
    expect(errors).toHaveLength(cases.length);
    expect(await ask(port, upgradeRequest().replace(': 13', ': 12'))).toContain(
      '\r\nSec-WebSocket-Version: 13\r\n',
    );
  });

  it('[W1] has a deadline, also for a head that comes a byte now and then', async () => {
    const clock = new FakeClock();
    const { port, errors } = await listen({ clock, limits: { handshakeTimeoutMs: 10_000 } });
    const peer = await RawPeer.dial(port);
    peer.socket.write('GET / HT');
    await peer.writeBytewise('TP/1.1');
    clock.advance(9_000);
    expect(errors).toHaveLength(0);
    clock.advance(1_500);
    expect((await peer.untilEnd()).toString()).toContain('HTTP/1.1 408 Request Timeout');
    expect(errors[0]?.code).toBe('head-timeout');
    // It does not hang up either: the socket is destroyed after the time for closing.
    clock.advance(6_000);
    await eventually(() => clock.timerCount === 0);
    peer.socket.destroy();
  });

  it('[W11] has a bound on how many are under way', async () => {
    const { port } = await listen({ limits: { handshakesMax: 2 } });
    const silent = [await RawPeer.dial(port), await RawPeer.dial(port)];
    expect(await ask(port, '')).toContain('HTTP/1.1 503 Service Unavailable');
    for (const peer of silent) peer.socket.destroy();
  });

  it('half of one, and then nothing more, harms nobody', async () => {
    const { port, errors, server } = await listen();
    for (const half of ['', 'G', 'GET / HTTP/1.1\r\nHos', upgradeRequest().slice(0, -1)]) {
      const peer = await RawPeer.dial(port);
      peer.socket.end(half);
      await peer.untilEnd();
      peer.socket.destroy();
    }
    expect(errors.map(({ code }) => code)).toEqual(['head-cut', 'head-cut', 'head-cut']);
    await server.close();
  });
});

describe('decision', () => {
  const withDecision = (decide: (request: UpgradeRequest) => UpgradeDecision | Promise<UpgradeDecision>) =>
    listen({ decide });

  it('[W5] sees the request, chooses a subprotocol, adds headers', async () => {
    let seen: UpgradeRequest | undefined;
    const { port } = await withDecision((request) => {
      seen = request;
      return { accept: true, subprotocol: 'b', headers: { 'Set-Cookie': 'a=1' } };
    });
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest(['Origin: http://a', 'Sec-WebSocket-Protocol: a, b'], '/ws?x=1'));
    const head = await peer.takeHead();
    expect(head).toContain('\r\nSec-WebSocket-Protocol: b\r\nSet-Cookie: a=1\r\n');
    expect(seen).toMatchObject({
      method: 'GET',
      target: '/ws?x=1',
      path: '/ws',
      subprotocols: ['a', 'b'],
      remoteAddress: '127.0.0.1',
      encrypted: false,
      localPort: port,
    });
    expect(seen?.headers.get('origin')).toBe('http://a');
    peer.socket.destroy();
  });

  it('[W5] refuses with its own status, sentence and headers', async () => {
    const { port, errors, connections } = await withDecision(() => ({
      accept: false,
      status: 403,
      reason: 'Not from there.',
      headers: { 'Retry-After': '5' },
    }));
    const answer = await ask(port, upgradeRequest());
    expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden\r\n.*Retry-After: 5\r\n\r\nNot from there.\n$/s);
    expect(errors).toHaveLength(0);
    expect(connections).toHaveLength(0);
  });

  it('[W5] may take its time; what comes meanwhile waits', async () => {
    let decide: (decision: UpgradeDecision) => void = () => undefined;
    const decided = new Promise<UpgradeDecision>((resolve) => {
      decide = resolve;
    });
    const { port, connections } = await withDecision(() => decided);
    const peer = await RawPeer.dial(port);
    peer.socket.write(Buffer.concat([Buffer.from(upgradeRequest()), text('a')]));
    peer.socket.write(text('b'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(connections).toHaveLength(0);
    decide({ accept: true });
    await peer.takeHead();
    await peer.until(({ received }) => received.length === 6);
    expect(peer.frames()).toEqual(['1:a', '1:b']);
    peer.socket.destroy();
  });

  it('[W5] that throws, rejects or chooses what was not offered is 500', async () => {
    const decisions: ((request: UpgradeRequest) => UpgradeDecision | Promise<UpgradeDecision>)[] = [
      () => {
        throw new Error('no');
      },
      () => Promise.reject(new Error('no')),
      () => ({ accept: true, subprotocol: 'unasked' }),
      async () => ({ accept: true, headers: { 'X-Y': 'a\r\nb' } }),
      () => ({ accept: false, status: 200, reason: 'odd' }),
    ];
    for (const decide of decisions) {
      const { port, errors } = await withDecision(decide);
      expect(await ask(port, upgradeRequest())).toContain('HTTP/1.1 500 ');
      expect(errors.map(({ code }) => code)).toEqual(['decision-failed']);
    }
  });

  it('[W5] that never comes is 503', async () => {
    const clock = new FakeClock();
    const { port } = await listen({ clock, decide: () => new Promise(() => undefined) });
    const peer = await RawPeer.dial(port);
    peer.socket.write(upgradeRequest());
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(11_000);
    expect((await peer.untilEnd()).toString()).toContain('HTTP/1.1 503 ');
    peer.socket.destroy();
  });
});

describe('sockets accepted elsewhere', () => {
  it('[W10] come as upgrade events of an http.Server, judged by the same rules', async () => {
    const { server } = await listen();
    const web = http.createServer();
    web.on('upgrade', (request, socket, head) => server.handleUpgrade(request, socket, head));
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    atEnd(() => void web.close());
    const address = web.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const peer = await RawPeer.dial(port);
    peer.socket.write(Buffer.concat([Buffer.from(upgradeRequest()), text('with the head'), close(1000)]));
    await peer.takeHead();
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:with the head', '8:1000']);
    peer.socket.destroy();
    expect(await ask(port, upgradeRequest().replace(': 13', ': 8'))).toContain('426 Upgrade Required');
    expect(await ask(port, upgradeRequest(['Sec-WebSocket-Key: again']))).toContain('400 Bad Request');
  });

  it('come as plain sockets', async () => {
    const { server } = await listen();
    const other = net.createServer((socket) => server.handleSocket(socket));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    atEnd(() => void other.close());
    const address = other.address();
    const peer = await RawPeer.upgrade(typeof address === 'object' && address !== null ? address.port : 0);
    // These do not allow half-open ends by themselves; the answer must leave all the same.
    peer.socket.end(text('hi'));
    await peer.untilEnd();
    expect(peer.frames()).toEqual(['1:hi']);
    peer.socket.destroy();
  });
});

describe('the end of a server', () => {
  it('[W45] closes everybody with 1001, refuses the half-done, and resolves when all are gone', async () => {
    const { server, port, closes } = await listen();
    const clients = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const client = new WebSocket(`ws://127.0.0.1:${port}/`);
        await once(client, 'open');
        return client;
      }),
    );
    const half = await RawPeer.dial(port);
    half.socket.write('GET / HTTP/1.1\r\n');
    const closed = Promise.all(clients.map((client) => once(client, 'close')));
    const done = server.close();
    expect((await half.untilEnd()).toString()).toContain('503 Service Unavailable');
    half.socket.end();
    await done;
    expect(server.connections.size).toBe(0);
    expect(closes.every(({ code, wasClean }) => code === 1001 && wasClean)).toBe(true);
    expect((await closed).map(([code]) => code)).toEqual([1001, 1001, 1001, 1001, 1001]);
    await expect(RawPeer.dial(port)).rejects.toThrow('ECONNREFUSED');
  });

  it('[W45] cuts those who do not answer', async () => {
    const { server, port, closed } = await listen();
    const deaf = await RawPeer.upgrade(port);
    const half = await RawPeer.dial(port);
    await server.close({ code: 1012, reason: 'restart', timeoutMs: 20 });
    expect(deaf.frames()).toEqual(['8:1012']);
    expect(await closed()).toMatchObject({ code: 1006, wasClean: false });
    half.socket.destroy();
  });

  it('[W45] stopListening leaves the connections alone', async () => {
    const { server, port } = await listen();
    const peer = await RawPeer.upgrade(port);
    await server.stopListening();
    await expect(RawPeer.dial(port)).rejects.toThrow('ECONNREFUSED');
    peer.socket.write(text('still'));
    await peer.until(({ received }) => received.length === 7);
    peer.socket.destroy();
  });

  it('tells the IPv4 address of a peer, also on an IPv6 listener', async () => {
    const { server, connections } = await listen();
    const dual = await server.listen({ port: 0 });
    const peer = await RawPeer.upgrade(dual.port);
    expect(connections.map(({ remoteAddress }) => remoteAddress)).toEqual(['127.0.0.1']);
    peer.socket.destroy();
  });

  it('tells of a taken port as net does', async () => {
    const { port } = await listen();
    const second = new WebSocketServer({ onConnection: () => undefined });
    await expect(second.listen({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('[W46] leaves no timer and no listener', async () => {
    const clock = new FakeClock();
    const { port, server, closed } = await listen({ clock });
    const sockets: net.Socket[] = [];
    const other = net.createServer({ allowHalfOpen: true }, (socket) => {
      sockets.push(socket);
      server.handleSocket(socket);
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    atEnd(() => void other.close());
    const address = other.address();
    const peer = await RawPeer.upgrade(typeof address === 'object' && address !== null ? address.port : port);
    expect(clock.timerCount).toBe(1);
    peer.socket.write(close(1000));
    await peer.untilEnd();
    peer.socket.end();
    await closed();
    expect(clock.timerCount).toBe(0);
    const [socket] = sockets;
    expect(['data', 'error', 'close'].map((name) => socket?.listenerCount(name))).toEqual([0, 0, 0]);
  });

  it('[W46] a reset by the peer is news for the log, not an uncaught error', async () => {
    const { port, closed, connection } = await listen();
    const peer = await RawPeer.upgrade(port);
    const ours = await connection();
    peer.socket.resetAndDestroy();
    for (let i = 0; i < 20; i++) ours.send('x'.repeat(100_000));
    expect(await closed()).toMatchObject({ code: 1006, wasClean: false, error: { code: 'connection-lost' } });
    expect(ours.send('too late')).toBe(false);
    ours.close();
    ours.terminate();
    ours.ping();
    ours.pause();
    ours.resume();
    expect(ours.state).toBe('closed');
  });
});
