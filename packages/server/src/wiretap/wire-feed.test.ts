// The door of the wire feed on real sockets: how many come in, and what they are told when the server ends.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorIdSchema } from '@wireroom/protocol';
import { connect } from '@wireroom/websocket';
import { afterEach, expect, it } from 'vitest';
import { Plays } from './plays.ts';
import { WireFeed } from './wire-feed.ts';
import { Wiretap } from './wiretap.ts';

const ann = { authorId: authorIdSchema.parse(`a_${'a'.repeat(22)}`), name: 'Ann' };
const http = createServer();
afterEach(() => http.close());

it('[I3] takes so many watchers, and tells them to come back when the server ends', async () => {
  let released = 0;
  const release = (): void => {
    released += 1;
  };
  const onError = (error: unknown): void => {
    throw error;
  };
  const feed = new WireFeed({
    wiretap: new Wiretap({ now: () => 0 }),
    plays: new Plays({ stage: { scenes: [], play: () => Promise.resolve() }, now: () => 0, onError }),
    now: () => 0,
    prove: () => Promise.resolve(ann),
    isMember: () => Promise.resolve(true),
    admit: () => ({ isAdmitted: true, release }),
    onWireError: onError,
    onError,
    watchersMax: 2,
  });
  http.on('upgrade', (request, socket, head) => feed.handleUpgrade(request, socket, head));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const open = () => connect(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/wire`);
  const closed = (connection: Awaited<ReturnType<typeof open>>): Promise<number> =>
    new Promise((resolve) => connection.handle({ close: ({ code }) => resolve(code) }));
  const first = await open();
  const second = closed(await open());
  await expect(open()).rejects.toThrow('503');
  expect(released).toBe(0);
  const firstClosed = closed(first);
  first.close();
  await firstClosed;
  const third = closed(await open());
  await feed.close();
  expect(await Promise.all([second, third])).toEqual([1012, 1012]);
  expect(released).toBe(3);
});
