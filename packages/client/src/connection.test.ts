import type { RefusedEvent } from '@wireroom/protocol';
import { beforeEach, expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { ada, joined, refused, welcome } from './events.fixture.ts';
import { FakeClock, fixedRandom } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { HelloDecision } from './link.ts';

let clock: FakeClock;
let network: FakeNetwork;
let connection: Connection;
let log: string[];
let decision: HelloDecision;
let fraction: number;

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  log = [];
  decision = 'never';
  fraction = 0.999_999;
  connection = new Connection({
    url: 'ws://test/ws',
    openTransport: network.openTransport,
    clock,
    random: { ...fixedRandom(), fraction: () => fraction },
    greeting: () => ({ name: 'Ada' }),
    helloRefused: (event: RefusedEvent) => {
      log.push(event.code);
      return decision;
    },
    welcomed: () => log.push('welcomed'),
    heard: ({ seq }) => log.push(`heard ${seq}`),
    heardHeads: (heads) => log.push(`heads ${heads.map(([, , seq]) => seq)}`),
    lost: () => log.push('lost'),
    changed: () => {},
  });
});

const state = (): string => connection.snapshot.state;

function open(): void {
  network.latest.open();
  network.latest.say(welcome(network.latest.next('hello').ref));
}

/** Milliseconds until the next attempt. */
const waitMs = (): number | undefined => {
  const { snapshot } = connection;
  return snapshot.state === 'waiting' ? snapshot.retryAt - clock.now() : undefined;
};

test('[C4] the first thing said is hello; after the welcome the connection is open', () => {
  connection.start();
  expect(state()).toBe('connecting');
  network.latest.open();
  const hello = network.latest.next('hello');
  expect(hello).toMatchObject({ name: 'Ada' });
  expect(state()).toBe('connecting');
  network.latest.say(welcome(hello.ref, ada));
  expect(state()).toBe('open');
  expect(log).toEqual(['welcomed']);
});

test.each([1002, 1003, 1007, 1008, 1009, 1010, 4500, 4999])(
  '[C2] close code %i stops, and says why',
  (code) => {
    connection.start();
    open();
    network.latest.end(code, 'because');
    expect(connection.snapshot).toEqual({ state: 'stopped', reason: 'because' });
    clock.pass(3_600_000);
    expect(network.links).toHaveLength(1);
  },
);

test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000])(
  '[C2] after close code %i it backs off',
  (code) => {
    connection.start();
    open();
    network.latest.end(code);
    expect(state()).toBe('waiting');
    expect(waitMs()).toBe(499);
    clock.pass(498);
    expect(network.links).toHaveLength(1);
    clock.pass(1);
    expect(network.links).toHaveLength(2);
    expect(log).toEqual(['welcomed', 'lost']);
  },
);

test('[C2] after 4100 it reconnects at once, but not again and again', () => {
  connection.start();
  open();
  clock.pass(60);
  network.latest.end(4100);
  expect(waitMs()).toBe(0);
  clock.pass(0);
  open();
  network.latest.end(4100);
  expect(waitMs()).toBe(624);
  clock.pass(624);
  open();
  clock.pass(CLIENT_LIMITS.steadyAfterMs);
  network.latest.end(4100);
  expect(waitMs()).toBe(0);
});

test('[C3] attempts that fail wait longer and longer, until a connection lasts', () => {
  connection.start();
  const waits: (number | undefined)[] = [];
  for (let n = 0; n < 7; n += 1) {
    network.latest.end();
    waits.push(waitMs());
    clock.pass(waitMs() ?? 0);
  }
  expect(waits).toEqual([499, 624, 781, 976, 1220, 1525, 1907]);
  open();
  clock.pass(CLIENT_LIMITS.steadyAfterMs - 1);
  network.latest.end();
  expect(waitMs()).toBe(2384);
  clock.pass(2384);
  open();
  clock.pass(CLIENT_LIMITS.steadyAfterMs);
  network.latest.end();
  expect(waitMs()).toBe(499);
});

test('[C3] a wait that the server asks for before it closes is kept', () => {
  fraction = 0;
  connection.start();
  network.latest.open();
  network.latest.say(refused(null, 'busy', 7000));
  network.latest.end(1013);
  expect(waitMs()).toBe(7000);
  expect(connection.snapshot).toMatchObject({ reason: 'refused: busy' });
});

test('[C3] reconnectNow ends a wait and a stop', () => {
  connection.start();
  network.latest.end();
  connection.reconnectNow();
  expect(network.links).toHaveLength(2);
  network.latest.end(1008);
  expect(state()).toBe('stopped');
  connection.reconnectNow();
  expect(network.links).toHaveLength(3);
  clock.pass(9999);
  expect(network.links).toHaveLength(3);
});

test('[C3] on an open connection reconnectNow finds out whether it lives', () => {
  connection.start();
  open();
  connection.reconnectNow();
  expect(network.latest.next('ping')).toBeDefined();
  clock.pass(7999);
  expect(state()).toBe('open');
  clock.pass(1);
  expect(state()).toBe('waiting');
  expect(network.latest.closedWith?.code).toBe(4000);
});

test('[C5] a hello refused for good ends in idle; for now, in a wait; again, in another hello', () => {
  connection.start();
  network.latest.open();
  network.latest.say(refused(network.latest.next('hello').ref, 'name-taken'));
  expect(state()).toBe('idle');
  expect(network.latest.closedWith?.code).toBe(1000);

  decision = 'later';
  connection.start();
  network.latest.open();
  network.latest.say(refused(network.latest.next('hello').ref, 'busy', 3000));
  expect(state()).toBe('waiting');
  expect(waitMs()).toBeGreaterThanOrEqual(3000);

  decision = 'again';
  connection.start();
  network.latest.open();
  network.latest.say(refused(network.latest.next('hello').ref, 'bad-token'));
  open();
  expect(state()).toBe('open');
});

test('[C5] one connection says at most four hellos', () => {
  decision = 'again';
  connection.start();
  network.latest.open();
  for (let n = 0; n < 4; n += 1) network.latest.say(refused(network.latest.next('hello').ref, 'bad-token'));
  expect(network.latest.take()).toBeUndefined();
  expect(state()).toBe('waiting');
});

test('[C6] silence is answered by a ping, and silence after that is the end', () => {
  connection.start();
  open();
  clock.pass(24_999);
  expect(network.latest.take()).toBeUndefined();
  clock.pass(1);
  const ping = network.latest.next('ping');
  clock.pass(7999);
  network.latest.say({ type: 'pong', ref: ping.ref });
  clock.pass(1);
  expect(state()).toBe('open');
  clock.pass(24_998);
  expect(network.latest.take()).toBeUndefined();
  clock.pass(2);
  expect(network.latest.next('ping')).toBeDefined();
  clock.pass(8000);
  expect(connection.snapshot).toMatchObject({ state: 'waiting', reason: 'The connection has gone silent.' });
  expect(log).toEqual(['welcomed', 'lost']);
});

test('[C6] whatever is heard is a sign of life', () => {
  connection.start();
  open();
  for (let n = 0; n < 10; n += 1) {
    clock.pass(20_000);
    network.latest.sayText('{"type":"something new"}');
  }
  expect(network.latest.take()).toBeUndefined();
  expect(state()).toBe('open');
});

test('[C6] the times are the server’s, within reason', () => {
  connection.start();
  network.latest.open();
  const hello = network.latest.next('hello');
  const limits = { pingIntervalMs: 5000, pongTimeoutMs: 1 };
  network.latest.sayText(JSON.stringify({ ...welcome(hello.ref), limits }));
  clock.pass(5000);
  expect(network.latest.next('ping')).toBeDefined();
  clock.pass(7999);
  expect(state()).toBe('open');
});

test('[C7] no welcome in ten seconds: given up', () => {
  connection.start();
  clock.pass(9999);
  expect(state()).toBe('connecting');
  clock.pass(1);
  expect(state()).toBe('waiting');
  expect(network.latest.closedWith?.code).toBe(4000);
});

test('[C7] no answer in thirty seconds: given up', () => {
  connection.start();
  open();
  connection.request({ type: 'page', room: 'lobby' }, () => log.push('answered'));
  for (let n = 0; n < 29; n += 1) {
    clock.pass(1000);
    network.latest.sayText('{"type":"something new"}');
  }
  expect(state()).toBe('open');
  clock.pass(1000);
  expect(state()).toBe('waiting');
  expect(log).toEqual(['welcomed', 'lost']);
});

test('[C7] a second answer, an answer to nothing, and what is no event are ignored', () => {
  connection.start();
  open();
  connection.request({ type: 'join', room: 'lobby' }, ({ type }) => log.push(type));
  const { ref } = network.latest.next('join');
  network.latest.say(joined(ref, []));
  network.latest.say(joined(ref, []));
  network.latest.say({ type: 'pong', ref: 999 });
  for (const text of ['', 'null', '[]', '{"type":"joined"}', '\u0000']) network.latest.sayText(text);
  expect(log).toEqual(['welcomed', 'joined']);
  expect(state()).toBe('open');
});

test('[C2] after the end of a link nothing that it says counts, and no timer is left', () => {
  connection.start();
  const first = network.latest;
  open();
  connection.request({ type: 'ping' }, () => log.push('answered'));
  const { ref } = first.next('ping');
  connection.stop();
  expect(state()).toBe('idle');
  expect(first.closedWith).toEqual({ code: 1000, reason: '' });
  first.say({ type: 'pong', ref });
  first.end(1006);
  expect(log).toEqual(['welcomed', 'lost']);
  expect(clock.timerCount).toBe(0);
});

test('[C2] a transport that cannot be opened at all stops, and says why', () => {
  const failing = new Connection({
    url: 'ws://test/ws',
    openTransport: () => {
      throw new SyntaxError('no such scheme');
    },
    clock,
    random: fixedRandom(),
    greeting: () => ({ name: 'Ada' }),
    helloRefused: () => 'never',
    welcomed: () => {},
    heardHeads: () => {},
    heard: () => {},
    lost: () => {},
    changed: () => {},
  });
  failing.start();
  expect(failing.snapshot).toEqual({ state: 'stopped', reason: 'no such scheme' });
  expect(clock.timerCount).toBe(0);
});
