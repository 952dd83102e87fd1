// The adapter under a real Socket.IO server and its stock client: what Socket.IO's own protocol makes of our verdicts.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { offsetOf, readOffset } from './lesson-packet.ts';
import { prepareSession, type RecoveryParts, recoveryAdapter, restoredOf } from './socketio-recovery.ts';

let server: Server;
let client: Socket;
/** What the log answers to the next look at its head; without one: it cannot be read. */
let heads: ({ readonly epoch: string; readonly seq: number } | undefined)[];
let passed: number;
let failures: unknown[];

beforeEach(async () => {
  heads = [];
  passed = 0;
  failures = [];
  const parts = {
    rooms: {
      find: () => ({ roomId: 'r_lobby' }),
      read: async () => {
        const position = heads.shift();
        if (position === undefined) throw new Error('the log cannot be read');
        return { position, entries: [], hasMore: false };
      },
    },
    presence: { isHere: () => true },
    recoveries: {
      newPid: () => `pid-${passed}`,
      restore: async () => ({ author: { authorId: 'a_ada', name: 'Ada' }, tokenHash: 'hash' }),
    },
    onError: (error: unknown) => failures.push(error),
  } as unknown as RecoveryParts;
  const httpServer = http.createServer();
  server = new Server(httpServer, {
    adapter: recoveryAdapter(parts),
    connectionStateRecovery: { skipMiddlewares: false },
  });
  server.use((socket, next) => {
    passed += 1;
    prepareSession(parts.recoveries, socket, next);
  });
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const { port } = httpServer.address() as AddressInfo;
  client = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnectionDelay: 10 });
});
afterEach(async () => {
  client.close();
  await server.close();
});

const met = () =>
  new Promise<import('socket.io').Socket>((resolve) =>
    server.once('connection', (socket) => resolve(socket)),
  );

/** The client has heard something at `offset`, and its connection is cut; the next to come. */
async function cutAfter(offset: string): Promise<import('socket.io').Socket> {
  const first = await met();
  const heard = new Promise((resolve) => client.once('message', resolve));
  first.send({ type: 'CHAT' }, offset);
  await heard;
  const next = met();
  client.io.engine.close();
  return next;
}

describe('recovery under Socket.IO', () => {
  it('[S6] goes on from the position, under the same secret, through every middleware', async () => {
    heads = [{ epoch: 'e', seq: 9 }];
    const socket = await cutAfter('e.7');
    expect(socket.recovered).toBe(true);
    expect(restoredOf(socket)).toEqual({ tokenHash: 'hash', cursor: { epoch: 'e', seq: 7 } });
    expect(Reflect.get(socket, 'pid')).toBe('pid-1');
    expect(passed).toBe(2);
    await expect.poll(() => client.recovered).toBe(true);
  });

  it('[S7] cuts a client that cannot be judged now: it keeps its offset, and is recovered a little later', async () => {
    heads = [undefined, undefined, { epoch: 'e', seq: 9 }];
    const socket = await cutAfter('e.7');
    expect(restoredOf(socket)?.cursor).toEqual({ epoch: 'e', seq: 7 });
    expect(failures).toHaveLength(2);
    expect(passed).toBe(4);
    await expect.poll(() => client.recovered).toBe(true);
  });

  it('[S10] begins afresh, with another secret, where the log is another', async () => {
    heads = [{ epoch: 'another', seq: 9 }];
    const socket = await cutAfter('e.7');
    expect(socket.recovered).toBe(false);
    expect(restoredOf(socket)).toBeUndefined();
    expect(Reflect.get(socket, 'pid')).toBe('pid-2');
  });
});

describe('an offset', () => {
  it('is a position as one word, and nothing else is', () => {
    const position = readOffset('2.e.7');
    expect(position).toEqual({ epoch: '2.e', seq: 7 });
    expect(position && offsetOf(position)).toBe('2.e.7');
    for (const other of [
      '',
      '.',
      'e.',
      '.7',
      'e.-1',
      'e.7 ',
      'e.7e3',
      `e.${'9'.repeat(16)}`,
      `${'e'.repeat(65)}.1`,
    ])
      expect(readOffset(other), other).toBeUndefined();
  });
});
