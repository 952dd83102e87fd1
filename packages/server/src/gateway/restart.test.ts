// Both gateways while the server stops: who is there is served and sent away, who comes is asked to wait.
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@wireroom/websocket';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryGuestStore } from '../accounts/memory-guest-store.ts';
import { MemoryRecoveryStore } from '../accounts/memory-recovery-store.ts';
import { Recoveries } from '../accounts/recoveries.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { openChat } from '../chat.ts';
import { AddressLimit } from '../lib/address-limit.ts';
import { newGatewayCounts } from '../lib/counts.ts';
import { NO_MARKS } from '../lib/stations.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { Admission } from './admission.ts';
import { NativeGateway } from './native-gateway.ts';
import { SocketIoGateway } from './socketio-gateway.ts';

const state = { isStopping: false };
let native: NativeGateway;
let socketIo: SocketIoGateway;
let httpServer: http.Server;
let nativePort: number;
let socketIoPort: number;

beforeEach(async () => {
  state.isStopping = false;
  const onError = (error: unknown): never => {
    throw error;
  };
  const chat = await openChat({
    log: new MemoryLog(),
    guestStore: new MemoryGuestStore(),
    bus: new MemoryBus(),
    rateLimit: undefined,
    graceMs: 60_000,
    now: () => 0,
    timers: { set: () => undefined, clear: () => {} },
    onError,
  });
  const store = new MemoryRecoveryStore();
  const recoveries = new Recoveries({ store, guests: chat.guests, wallClock: () => 0, onError });
  const doors = {
    originRules: { allowedOrigins: [], allowedHosts: [], publicUrl: undefined },
    addressLimit: new AddressLimit(100),
    trustProxy: false,
    onRefused: () => {},
    isStopping: () => state.isStopping,
  };
  const shared = {
    ...chat,
    recoveries,
    counts: newGatewayCounts(),
    marks: NO_MARKS,
    beginRecording: undefined,
    admission: new Admission(doors),
    commandRate: undefined,
    now: () => 0,
    onError,
    tap: undefined,
  };
  native = new NativeGateway({
    ...shared,
    serverVersion: '0',
    messageBytesMax: 65_536,
    onWireError: () => {},
  });
  socketIo = new SocketIoGateway({ ...shared, ...doors, pingIntervalMs: 25_000, pingTimeoutMs: 8_000 });
  const door = native.open({ paths: ['/ws'], handOn: (socket) => socket.destroy() });
  nativePort = (await door.listen({ port: 0, host: '127.0.0.1' })).port;
  httpServer = http.createServer((request, response) => socketIo.handleRequest(request, response));
  httpServer.on('upgrade', (request, socket, head) => socketIo.handleUpgrade(request, socket, head));
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  socketIoPort = (httpServer.address() as AddressInfo).port;
});
afterEach(async () => {
  await Promise.all([native.close(), socketIo.close()]);
  httpServer.close();
});

async function open() {
  const heard: Record<string, unknown>[] = [];
  const connection = await connect(`ws://127.0.0.1:${nativePort}/ws`);
  let wake = (): void => {};
  const closed = new Promise<number>((resolve) => {
    connection.handle({
      message: (message) => {
        heard.push(JSON.parse(message.text()));
        wake();
      },
      close: ({ code }) => resolve(code),
    });
  });
  const next = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return { connection, heard, closed, next };
}

/** What a handshake is refused with. */
const refusalAt = (port: number, path: string): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const headers = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    };
    http
      .get({ port, path, headers, agent: false, host: '127.0.0.1' }, (answer) => resolve(answer.resume()))
      .on('error', reject)
      .on('upgrade', () => reject(new Error('it was accepted')));
  });

describe('gateways that stop', () => {
  it('[R1] [R3] serve who is still there, then say when to come back, and close with 1012', async () => {
    const client = await open();
    state.isStopping = true;
    const answered = client.next();
    client.connection.send('{"type":"ping","ref":1}');
    await answered;
    expect(client.heard).toEqual([{ type: 'pong', ref: 1 }]);
    const [leaver] = native.leavers();
    leaver?.leave(2_345);
    expect(await client.closed).toBe(1012);
    expect(client.heard.slice(1)).toEqual([{ type: 'restarting', reconnectAfterMs: 2_345 }]);
    await expect.poll(() => native.connectionCount).toBe(0);
  });

  it('[R3] [R4] let a polling session go on until it is cut, which its client takes for a lost connection', async () => {
    const base = `http://127.0.0.1:${socketIoPort}/socket.io/?EIO=4&transport=polling`;
    const opening = await (await fetch(base)).text();
    const { sid } = JSON.parse(opening.slice(1));
    state.isStopping = true;
    expect((await fetch(`${base}&sid=${sid}`, { method: 'POST', body: '40' })).status).toBe(200);
    expect(await (await fetch(`${base}&sid=${sid}`)).text()).toMatch(/^40\{"sid"/);
    const poll = fetch(`${base}&sid=${sid}`).then((response) => response.text());
    await expect.poll(() => socketIo.leavers().length).toBe(1);
    for (const leaver of socketIo.leavers()) leaver.leave(0);
    // A `noop` and the `close` of Engine.IO.
    expect((await poll).split('\x1e')).toContain('1');
    await expect.poll(() => socketIo.leavers().length).toBe(0);
  });

  it('[R3] do not wait for a polling session that is between two polls', async () => {
    const base = `http://127.0.0.1:${socketIoPort}/socket.io/?EIO=4&transport=polling`;
    await (await fetch(base)).text();
    for (const leaver of socketIo.leavers()) leaver.leave(0);
    // Engine.IO waits for the next poll, to say so in its answer.
    expect(socketIo.connectionCount).toBe(1);
    await socketIo.close();
    expect(socketIo.connectionCount).toBe(0);
  });

  it('[R4] refuse newcomers with 503, and say after how many seconds to try again', async () => {
    state.isStopping = true;
    const upgrades = [
      await refusalAt(nativePort, '/ws'),
      await refusalAt(socketIoPort, '/socket.io/?EIO=4&transport=websocket'),
    ];
    for (const { statusCode, headers } of upgrades) {
      expect(statusCode).toBe(503);
      expect(headers['retry-after']).toBe('2');
    }
    const polling = await fetch(`http://127.0.0.1:${socketIoPort}/socket.io/?EIO=4&transport=polling`);
    expect(polling.status).toBe(503);
    expect(polling.headers.get('retry-after')).toBe('2');
    expect(await polling.text()).toContain('Reconnect in a moment');
  });
});
