// A server that is asked to stop, as a process: everybody is told when to come back, each in turn.
import { rmSync } from 'node:fs';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { NativeClient } from './native-client.ts';
import { spawnServer, temporaryDir } from './server.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('a server that is asked to stop', () => {
  it('[R1] SIGTERM: each native client is told when to come back, then 1012; Socket.IO is cut', async () => {
    const dataDir = temporaryDir();
    cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const server = await spawnServer({ DATA_DIR: dataDir, DRAIN_WINDOW: '8' });
    cleanUps.push(() => server.end('SIGKILL'));
    const greeted = await NativeClient.enter(`ws://localhost:${server.port}/ws`, 'Ada');
    const silent = await NativeClient.open(`ws://localhost:${server.socketPort}`);
    const lesson = io(`ws://localhost:${server.socketPort}`, {
      transports: ['websocket'],
      reconnection: false,
    });
    cleanUps.push(() => lesson.close());
    await new Promise((resolve) => lesson.on('connect', () => resolve(undefined)));
    const cut = new Promise((resolve) => lesson.on('disconnect', resolve));
    expect(await server.end('SIGTERM')).toBe(0);
    const told = await Promise.all(
      [greeted, silent].map(async (client) => {
        expect(await client.closed).toMatchObject({ code: 1012 });
        expect(client.received.at(-1)?.type).toBe('restarting');
        return client.received.at(-1)?.reconnectAfterMs;
      }),
    );
    // Three clients over 8 s; whoever is of Socket.IO has a place in the row as well.
    expect(told).toEqual([2_000, 4_667]);
    expect(await cut).toBe('transport close');
  });
});
