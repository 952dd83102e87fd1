// How many handshakes a turn of the event loop has, and in which order they go on.

import { once } from 'node:events';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { HANDSHAKES_PER_TURN } from '../limits.ts';
import { eventually, listen } from '../testing/loopback.ts';
import { text, upgradeRequest } from '../testing/raw-peer.ts';
import { HandshakeTurns } from './handshake-turns.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('[W5.1] lets so many in at once, the others by as many a turn, in their order', async () => {
  const turns = new HandshakeTurns();
  const ran: number[] = [];
  const count = 2 * HANDSHAKES_PER_TURN + 3;
  const atOnce = Array.from({ length: count }, (_, index) => turns.take(() => void ran.push(index)));
  expect(atOnce.filter((isDone) => isDone)).toHaveLength(HANDSHAKES_PER_TURN);
  const perTurn = [ran.length];
  while (ran.length < count) {
    await nextTurn();
    perTurn.push(ran.length);
  }
  expect(perTurn).toEqual([HANDSHAKES_PER_TURN, 2 * HANDSHAKES_PER_TURN, count]);
  expect(ran).toEqual(Array.from({ length: count }, (_, index) => index));
  await nextTurn();
  expect(turns.take(() => undefined)).toBe(true);
});

it('[W5.1] a handshake that throws takes no turn from those behind it', async () => {
  const turns = new HandshakeTurns();
  const ran: number[] = [];
  const thrown: unknown[] = [];
  const onThrown = (error: unknown): void => void thrown.push(error);
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', onThrown);
  onTestFinished(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of listeners) process.on('uncaughtException', listener);
  });
  const count = 3 * HANDSHAKES_PER_TURN;
  const [throwing, last] = [HANDSHAKES_PER_TURN + 2, 2 * HANDSHAKES_PER_TURN - 1];
  for (let index = 0; index < count; index += 1)
    turns.take(() => {
      ran.push(index);
      if (index === throwing || index === last) throw new Error(`tap ${index}`);
    });
  for (let turn = 0; turn < 6; turn += 1) await nextTurn();
  expect(thrown).toMatchObject([{ message: `tap ${throwing}` }, { message: `tap ${last}` }]);
  expect(ran).toEqual(Array.from({ length: count }, (_, index) => index));
});

it('[W5.1] of many requests that come at once some are read in each turn, and none is lost', async () => {
  let turn = 0;
  let isCounting = true;
  const perTurn: number[] = [];
  const tap = {
    request: () => {
      perTurn[turn] = (perTurn[turn] ?? 0) + 1;
    },
  };
  const echoed: string[] = [];
  let opened = 0;
  const open = () => {
    opened += 1;
    return tap;
  };
  const { port } = await listen({ tap: { open } });
  const count = 150;
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = net.connect(port, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    }),
  );
  // The kernel has connected them before the server takes them.
  await eventually(() => opened === count);
  for (const [index, socket] of sockets.entries()) {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (received.endsWith(`text ${index}`)) echoed.push(received.slice(-8));
    });
    socket.write(upgradeRequest());
    socket.write(text(`text ${index}`));
  }
  const goOn = (): void => {
    turn += 1;
    if (isCounting) setImmediate(goOn);
  };
  goOn();
  await eventually(() => echoed.length === count);
  isCounting = false;
  const counts = perTurn.filter((requests) => requests !== undefined);
  expect(counts.reduce((sum, requests) => sum + requests, 0)).toBe(count);
  // Two of its turns may lie between two of ours.
  expect(Math.max(...counts)).toBeLessThanOrEqual(2 * HANDSHAKES_PER_TURN);
  for (const socket of sockets) socket.destroy();
});
