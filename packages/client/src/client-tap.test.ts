// What the client records of itself, with the network in the test's hand.
import { beforeEach, describe, expect, test } from 'vitest';
import { createChat } from './browser-chat.ts';
import type { Chat } from './chat.ts';
import { accessTo } from './client-access.ts';
import { ada, bob, draft, joined, message, messages, welcome } from './events.fixture.ts';
import { FakeClock, fixedRandom, tick } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { TapRecorder } from './tap-recorder.ts';

let network: FakeNetwork;
let chat: Chat;

function newChat(record?: boolean): Chat {
  return createChat({
    url: 'ws://test:1/ws',
    ...{ openTransport: network.openTransport, entersByItself: false, outbox: memoryOutbox() },
    clock: new FakeClock(),
    random: fixedRandom(),
    ...(record !== undefined && { record }),
  });
}

function enter(connectionId: string): void {
  const link = network.latest;
  link.open();
  link.say(welcome(link.next('hello').ref, ada, 'token-of-ada', connectionId));
  link.say(joined(link.next('join').ref, messages(1, 2)));
}

const links = async () => (await accessTo(chat).recorder)?.links ?? [];

const seen = async (): Promise<string[]> =>
  (await links()).flatMap(({ records }) =>
    records.map(({ moment, seq, message: place }) =>
      [moment, seq, place && `${place.direction}${place.index}`]
        .filter((part) => part !== undefined)
        .join(' '),
    ),
  );

beforeEach(() => {
  network = new FakeNetwork();
  chat = newChat(true);
});

describe('the tap of a client', () => {
  test('[C24] asks to be recorded and records what it sees', async () => {
    chat.enter('Ada');
    expect(network.latest.url).toBe('ws://test:1/ws?record=1');
    enter('c_1');
    void chat.room('lobby').post('hi');
    await tick();
    const post = network.latest.next('post');
    const own = message(3, 'hi', ada, post.draftId);
    network.latest.say({ type: 'entry', entry: own });
    network.latest.say({
      ...{ type: 'posted', ref: post.ref, roomId: own.roomId },
      ...{ draftId: post.draftId ?? draft('x'), seq: 3, at: '2026-01-01T00:00:00.000Z' },
    });
    network.latest.say({ type: 'entry', entry: own });
    chat.tap?.painted(own.roomId, 3);
    chat.tap?.painted(own.roomId, 3);
    chat.tap?.visibility(false);
    network.latest.end(1006);
    expect(await seen()).toEqual([
      'connecting',
      'opened',
      'sent in0',
      'heard out0',
      'sent in1',
      'heard out1',
      'entered 1',
      'entered 2',
      'composed',
      'sent in2',
      'heard 3 out2',
      'entered 3',
      'heard 3 out3',
      'acknowledged 3',
      'heard 3 out4',
      'duplicate 3',
      'painted 3',
      'visibility',
      'closed',
    ]);
    const [link] = await links();
    expect(link?.connectionId).toBe('c_1');
    const composed = link?.records.find(({ moment }) => moment === 'composed');
    expect(composed).toMatchObject({ draftId: post.draftId, roomId: own.roomId });
    expect(JSON.stringify(link)).not.toContain('token-of-ada');
  });

  test('[C24] does nothing of this unless it is asked for', () => {
    chat = newChat();
    chat.enter('Ada');
    expect(network.latest.url).toBe('ws://test:1/ws');
    expect(chat.tap).toBeUndefined();
  });

  test('[C24] keeps so many moments of so many connections', () => {
    let now = 0;
    const tap = new TapRecorder(() => ++now);
    for (let link = 0; link < CLIENT_LIMITS.tappedLinksMax + 2; link++) tap.connecting();
    expect(tap.links).toHaveLength(CLIENT_LIMITS.tappedLinksMax);
    for (let i = 0; i < CLIENT_LIMITS.tapRecordsMax * 2; i++) tap.visibility(true);
    const records = tap.links.at(-1)?.records ?? [];
    expect(records.length).toBeLessThanOrEqual(CLIENT_LIMITS.tapRecordsMax);
    expect(records.at(-1)?.at).toBe(now);
  });

  test('[C24] a moment before any connection is no connection’s', () => {
    const tap = new TapRecorder(() => 1);
    tap.painted('r', 1);
    tap.took([message(1, 'x', bob)], [message(1, 'x', bob)], 1);
    expect(tap.links).toEqual([]);
  });
});
