import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, WebSocket as WsWebSocket } from '@wireroom/websocket/ws';
import { Server } from 'socket.io';
import { io as io4 } from 'socket.io-client';
import io2 from 'socket.io-client-2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type Connect = (url: string, options: object) => ReturnType<typeof io4>;
const CLIENTS: readonly (readonly [name: string, connect: Connect])[] = [
  ['4.8', io4],
  ['2.x', io2 as unknown as Connect],
];

let io: Server;
let url: string;
const sockets: { close(): unknown }[] = [];

beforeEach(async () => {
  const httpServer = http.createServer();
  io = new Server(httpServer, {
    allowEIO3: true,
    wsEngine: WebSocketServer,
    cookie: { name: 'io' },
    maxHttpBufferSize: 100_000,
  });
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  url = `http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`;
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await io.close();
});

function open(connect: Connect, options: object = { transports: ['websocket'] }): ReturnType<typeof io4> {
  const socket = connect(url, { forceNew: true, reconnection: false, ...options });
  sockets.push(socket);
  return socket;
}

const heard = (socket: ReturnType<typeof io4>, event: string): Promise<unknown> =>
  new Promise((resolve) => socket.once(event, resolve));

describe.each(CLIENTS)('Socket.IO on our engine, client %s', (_name, connect) => {
  it('carries events, acknowledgements and bytes both ways', async () => {
    io.on('connection', (socket) => {
      expect(Reflect.get(socket.conn.transport, 'socket')).toBeInstanceOf(WsWebSocket);
      socket.on('echo', (value, acknowledge) => acknowledge(value));
      socket.on('bytes', (value) => socket.emit('bytes', { back: value }));
    });
    const socket = open(connect);
    await heard(socket, 'connect');
    const answer = await new Promise((resolve) => socket.emit('echo', { text: '你好', n: 1 }, resolve));
    expect(answer).toEqual({ text: '你好', n: 1 });
    socket.emit('bytes', Buffer.alloc(20_000, 7));
    const { back } = (await heard(socket, 'bytes')) as { back: Buffer };
    expect(Buffer.from(back).equals(Buffer.alloc(20_000, 7))).toBe(true);
  });

  it('broadcasts frames encoded once, in order with what else is sent', async () => {
    const members = [open(connect), open(connect), open(io4)];
    await Promise.all(members.map((socket) => heard(socket, 'connect')));
    const logs = members.map((socket) => {
      const log: unknown[] = [];
      socket.on('n', (n) => log.push(n));
      return log;
    });
    const last = Promise.all(members.map((socket) => heard(socket, 'last')));
    for (let n = 0; n < 50; n++) {
      io.emit('n', n);
      for (const socket of io.sockets.sockets.values()) socket.emit('n', `own ${n}`);
    }
    io.emit('last');
    await last;
    const expected = Array.from({ length: 50 }, (_, n) => [n, `own ${n}`]).flat();
    for (const log of logs) expect(log).toEqual(expected);
  });

  it('takes over from polling', async () => {
    const upgraded = new Promise<string>((resolve) => {
      io.engine.on(
        'connection',
        (transport: { on(event: string, listener: () => void): void; transport: { name: string } }) =>
          transport.on('upgrade', () => resolve(transport.transport.name)),
      );
    });
    io.on('connection', (socket) => socket.on('echo', (value, acknowledge) => acknowledge(value)));
    const socket = open(connect, { transports: ['polling', 'websocket'] });
    expect(await upgraded).toBe('websocket');
    expect(await new Promise((resolve) => socket.emit('echo', 'up', resolve))).toBe('up');
  });

  it('tells the other side of a disconnect, whoever starts it', async () => {
    const reasons: string[] = [];
    io.on('connection', (socket) => {
      socket.on('disconnect', (reason) => reasons.push(reason));
      socket.on('kick', () => socket.disconnect(true));
    });
    const first = open(connect);
    await heard(first, 'connect');
    first.emit('kick');
    expect(await heard(first, 'disconnect')).toBe('io server disconnect');
    const second = open(connect);
    await heard(second, 'connect');
    second.close();
    while (reasons.length < 2) await new Promise(setImmediate);
    expect(reasons).toEqual(['server namespace disconnect', 'client namespace disconnect']);
  });

  it('closes a connection whose message is too large', async () => {
    const socket = open(connect);
    const [serverSide] = await Promise.all([
      once(io, 'connection').then(([s]) => s),
      heard(socket, 'connect'),
    ]);
    const reason = new Promise((resolve) => serverSide.once('disconnect', resolve));
    socket.emit('large', 'x'.repeat(200_000));
    expect(await heard(socket, 'disconnect')).toMatch(/transport (close|error)/);
    expect(await reason).toMatch(/transport (close|error)/);
  });
});

describe('Engine.IO on our engine', () => {
  it('puts its headers into the answer', async () => {
    io.engine.on('initial_headers', (headers: Record<string, string>) => {
      headers['x-first'] = 'yes';
    });
    const socket = new WsWebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    const [response] = await once(socket, 'upgrade');
    expect(response.headers['x-first']).toBe('yes');
    socket.terminate();
  });

  it('serves again after a close, and closes everybody', async () => {
    const socket = open(io4);
    await heard(socket, 'connect');
    const gone = heard(socket, 'disconnect');
    await io.close();
    expect(await gone).toMatch(/transport close|io server disconnect/);
  });
});
