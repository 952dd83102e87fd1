// The client's side of the wire feed, with the network, the clock and the feed in the test's hand.
import {
  type CaptureRecord,
  decodeFeedCommand,
  encodeFeedEvent,
  type FeedCommand,
  type FeedEvent,
} from '@wireroom/capture';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createChat } from './browser-chat.ts';
import type { Chat } from './chat.ts';
import { accessTo } from './client-access.ts';
import { ada, bob, joined, messages, roomId, welcome } from './events.fixture.ts';
import { FakeClock, fixedRandom } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { OpenTransport, TransportHandlers } from './transport.ts';
import { WatchedRecords } from './watched-records.ts';
import { WireClock } from './wire-clock.ts';
import { type WireWatcher, watchWire } from './wire-watcher.ts';

class FeedInHand {
  readonly url: string;
  readonly subprotocols: readonly string[] | undefined;
  readonly said: FeedCommand[] = [];
  isClosed = false;
  readonly #handlers: TransportHandlers;
  #taken = 0;

  constructor(url: string, handlers: TransportHandlers, subprotocols: readonly string[] | undefined) {
    this.url = url;
    this.subprotocols = subprotocols;
    this.#handlers = handlers;
  }
  send(text: string): void {
    const decoded = decodeFeedCommand(text);
    if (!decoded.ok) throw new Error(decoded.message);
    this.said.push(decoded.command);
  }
  close(): void {
    this.isClosed = true;
  }
  open(): void {
    this.#handlers.open();
  }
  say(event: FeedEvent): void {
    this.#handlers.message(encodeFeedEvent(event));
  }
  end(reason = ''): void {
    this.#handlers.close(1006, reason);
  }
  next<Type extends FeedCommand['type']>(type: Type): Extract<FeedCommand, { type: Type }> {
    const command = this.said[this.#taken];
    this.#taken += 1;
    if (command === undefined || !isOf(command, type))
      throw new Error(`expected ${type}, not ${JSON.stringify(command)}`);
    return command;
  }
}

function isOf<Type extends FeedCommand['type']>(
  command: FeedCommand,
  type: Type,
): command is Extract<FeedCommand, { type: Type }> {
  return command.type === type;
}

let network: FakeNetwork;
let feeds: FeedInHand[];
let clock: FakeClock;
let now: number;
let chat: Chat;
let watcher: WireWatcher;

const openTransport: OpenTransport = (url, handlers, subprotocols) => {
  if (!url.endsWith('/wire')) return network.openTransport(url, handlers);
  const feed = new FeedInHand(url, handlers, subprotocols);
  feeds.push(feed);
  return feed;
};

const feed = (): FeedInHand => {
  const latest = feeds.at(-1);
  if (latest === undefined) throw new Error('nobody has opened the feed');
  return latest;
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const connection = { connectionId: 'c_1', gateway: 'native', openedAt: 1, isOpen: true } as const;

function begin(record = true): void {
  chat = createChat({
    ...{ url: 'ws://test:1/ws', openTransport, clock, random: fixedRandom(0.5), record },
    ...{ entersByItself: false, outbox: memoryOutbox() },
  });
  watcher = watchWire(chat, { now: () => now });
}

function enter(): void {
  chat.enter('Ada');
  const link = network.latest;
  link.open();
  link.say(welcome(link.next('hello').ref, ada, 'token-of-ada', 'c_1'));
  link.say(joined(link.next('join').ref, messages(1, 2)));
}

/** The feed is open, and the clocks have been compared: ours is a second behind. */
async function watch(): Promise<void> {
  await accessTo(chat).recorder;
  await settled();
  feed().open();
  const { ref, token } = feed().next('watch');
  expect(token).toBe('token-of-ada');
  feed().say({ type: 'watching', ref, connections: [connection], scenes: ['unmasked-frame'] });
  const question = feed().next('clock');
  now += 200;
  feed().say({ type: 'clock', ref: question.ref, watcherAt: question.at, at: question.at + 100 + 1_000_000 });
  await settled();
}

beforeEach(() => {
  network = new FakeNetwork();
  feeds = [];
  clock = new FakeClock();
  now = 5_000_000;
});
afterEach(() => watcher.close());

describe('a wire watcher', () => {
  test('[C25] is off until somebody has entered, then watches with the token', async () => {
    begin();
    expect(watcher.snapshot().state).toBe('off');
    expect(feeds).toEqual([]);
    enter();
    await watch();
    expect(feed().url).toBe('ws://test:1/wire');
    expect(feed().subprotocols).toEqual([]);
    expect(watcher.snapshot()).toMatchObject({
      state: 'watching',
      ownId: 'c_1',
      connections: [connection],
      scenes: ['unmasked-frame'],
      clock: { offset: 1_000_000, uncertainty: 100 },
    });
    expect(JSON.stringify(watcher.snapshot())).not.toContain('token-of-ada');
    expect(watcher.snapshot()).toBe(watcher.snapshot());
  });

  test('[C25] stays off where the client does not record, and refuses a client of others', () => {
    begin(false);
    chat.enter('Ada');
    expect(watcher.snapshot().state).toBe('off');
    expect(feeds).toEqual([]);
    expect(() => watchWire({ ...chat })).toThrow('no client of createChat');
  });

  test('[C25] keeps the records of what is followed, with the client’s own beside them', async () => {
    begin();
    enter();
    await watch();
    watcher.follow('c_1');
    watcher.follow('c_1');
    const { ref } = feed().next('follow');
    feed().say({ type: 'following', ref, connectionId: 'c_1' });
    const note = { kind: 'note', at: 1, text: 'first' } as const;
    feed().say({ type: 'records', connectionId: 'c_1', records: [note] });
    const records = watcher.snapshot().records.c_1 ?? [];
    expect(records[0]).toEqual(note);
    expect(records.filter(({ kind }) => kind === 'client').length).toBeGreaterThan(5);
    expect(records.filter(({ kind }) => kind === 'clock')).toHaveLength(1);
    expect(watcher.snapshot().records.c_1).toBe(records);
    chat.tap?.painted(roomId, 2);
    expect(watcher.snapshot().records.c_1).toHaveLength(records.length + 1);
    watcher.unfollow('c_1');
    expect(feed().next('unfollow').connectionId).toBe('c_1');
    expect(watcher.snapshot().records.c_1).toBeUndefined();
  });

  test('[C25] gives a receipt of both ends', async () => {
    begin();
    enter();
    await watch();
    const receipt = watcher.receipt(roomId, 2);
    const { ref, seq } = feed().next('receipt');
    const station = { kind: 'station', at: 9, station: 'stored', roomId, seq } as const;
    feed().say({ type: 'receipt', ref, roomId, seq, records: [station] });
    const { records } = await receipt;
    expect(records.filter(({ kind }) => kind === 'client')).toMatchObject([{ moment: 'entered', seq: 2 }]);
    expect(records).toContainEqual(station);
    const refused = watcher.receipt(roomId, 3);
    const again = feed().next('receipt');
    feed().say({ type: 'refused', ref: again.ref, code: 'not-a-member', message: 'no' });
    await expect(refused).rejects.toMatchObject({ code: 'not-a-member' });
    const silent = watcher.receipt(roomId, 4);
    const failed = expect(silent).rejects.toMatchObject({ code: 'no-answer' });
    clock.pass(CLIENT_LIMITS.wireAnswerTimeoutMs);
    await failed;
  });

  test('[C25] comes back by itself, and follows again from the beginning', async () => {
    begin();
    enter();
    await watch();
    watcher.follow('c_1');
    feed().say({ type: 'following', ref: feed().next('follow').ref, connectionId: 'c_1' });
    feed().say({ type: 'records', connectionId: 'c_1', records: [{ kind: 'note', at: 1, text: 'old' }] });
    const lost = watcher.receipt(roomId, 1);
    feed().end('gone');
    await expect(lost).rejects.toMatchObject({ code: 'connection-lost' });
    expect(watcher.snapshot()).toMatchObject({ state: 'lost', reason: { message: 'gone' } });
    await expect(watcher.receipt(roomId, 1)).rejects.toMatchObject({ code: 'connection-lost' });
    clock.pass(CLIENT_LIMITS.backoffBaseMs);
    expect(feeds).toHaveLength(2);
    feed().open();
    feed().say({ type: 'watching', ref: feed().next('watch').ref, connections: [], scenes: [] });
    feed().say({ type: 'following', ref: feed().next('follow').ref, connectionId: 'c_1' });
    expect(watcher.snapshot().records.c_1?.some(({ kind }) => kind === 'note')).toBe(false);
  });

  test('[C25] ends with the visit, and begins anew for another guest', async () => {
    begin();
    enter();
    await watch();
    watcher.follow('c_1');
    void chat.exit();
    clock.pass(CLIENT_LIMITS.exitTimeoutMs);
    await settled();
    expect(feed().isClosed).toBe(true);
    expect(watcher.snapshot()).toMatchObject({ state: 'off', connections: [], records: {} });
    chat.enter('Bob');
    const link = network.latest;
    link.open();
    link.say(welcome(link.next('hello').ref, bob, 'token-of-bob', 'c_2'));
    clock.pass(CLIENT_LIMITS.notifyIntervalMs);
    await settled();
    expect(feeds).toHaveLength(2);
    feed().open();
    expect(feed().next('watch').token).toBe('token-of-bob');
  });

  test('[C25] is refused where the token is', async () => {
    begin();
    enter();
    await settled();
    feed().open();
    feed().say({
      type: 'refused',
      ref: feed().next('watch').ref,
      code: 'bad-token',
      message: 'belongs to nobody',
    });
    await settled();
    expect(watcher.snapshot()).toMatchObject({
      state: 'refused',
      reason: { code: 'bad-token', message: 'belongs to nobody' },
    });
    expect(feed().isClosed).toBe(true);
  });

  test('[C25] has a scene played, and keeps the records of its connections', async () => {
    begin();
    enter();
    await watch();
    watcher.play('own-bytes', '8180');
    const { ref, hex } = feed().next('play');
    expect(hex).toBe('8180');
    feed().say({ type: 'playing', ref, playId: 'p_1', connectionIds: [] });
    feed().say({ type: 'playing', ref, playId: 'p_1', connectionIds: ['p_1.a'] });
    feed().say({ type: 'records', connectionId: 'p_1.a', records: [{ kind: 'note', at: 1, text: 'scene' }] });
    watcher.stop();
    expect(feed().next('stop').playId).toBe('p_1');
    feed().say({ type: 'played', playId: 'p_1' });
    expect(watcher.snapshot()).toMatchObject({
      play: { scene: 'own-bytes', connectionIds: ['p_1.a'], isOver: true },
      records: { 'p_1.a': [{ text: 'scene' }] },
    });
    watcher.play('unknown');
    feed().say({ type: 'refused', ref: feed().next('play').ref, code: 'no-scene', message: 'no such scene' });
    await settled();
    expect(watcher.snapshot().play).toMatchObject({ isOver: true, refusal: { code: 'no-scene' } });
    watcher.disturb('c_1', 'cut');
    feed().say({ type: 'refused', ref: feed().next('disturb').ref, code: 'not-open', message: 'not open' });
    await settled();
    expect(watcher.snapshot().reason).toEqual({ code: 'not-open', message: 'not open' });
  });

  test('[C25] follows so many at once, the first gives way', async () => {
    begin();
    enter();
    await watch();
    for (let i = 0; i <= CLIENT_LIMITS.followedMax; i++) watcher.follow(`c_${i}`);
    expect(Object.keys(watcher.snapshot().records)).toHaveLength(CLIENT_LIMITS.followedMax);
    expect(watcher.snapshot().records.c_0).toBeUndefined();
  });

  test('[C25] of a connection keeps so many records, and the first', () => {
    const watched = new WatchedRecords();
    const note = (at: number): CaptureRecord => ({ kind: 'note', at, text: '' });
    watched.add(Array.from({ length: CLIENT_LIMITS.watchedRecordsMax + 10 }, (_, at) => note(at)));
    watched.add([note(5)]);
    const records = watched.look([], undefined);
    expect(records.length).toBeLessThanOrEqual(CLIENT_LIMITS.watchedRecordsMax);
    expect([records[0]?.at, records[1]?.at, records.at(-1)?.at]).toEqual([
      0,
      5,
      CLIENT_LIMITS.watchedRecordsMax + 9,
    ]);
  });

  test('[C25] believes the comparison with the shortest round trip', () => {
    const compared = new WireClock();
    expect(compared.best).toBeUndefined();
    compared.compared(0, 1_000_400, 1000);
    compared.compared(2000, 1_002_050, 2100);
    compared.compared(4000, 1_004_900, 5000);
    expect(compared.best).toMatchObject({ offset: 1_000_000, uncertainty: 50 });
    compared.reset();
    expect(compared.best).toBeUndefined();
  });
});
