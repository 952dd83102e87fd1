import { beforeEach, describe, expect, test } from 'vitest';
import { createChat } from './browser-chat.ts';
import type { Chat, ChatOptions } from './chat.ts';
import { ada, bob, epoch, joined, message, messages, posted, roomId, welcome } from './events.fixture.ts';
import { FakeClock, fixedRandom, tick } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { RoomSnapshot } from './snapshot.ts';
import { type KeyValueStorage, memoryStorage } from './storage.ts';

let clock: FakeClock;
let network: FakeNetwork;
let storage: KeyValueStorage;
let wake: () => void;

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  storage = memoryStorage();
  wake = () => {
    throw new Error('nobody listens');
  };
});

function open(options: Partial<ChatOptions> = {}): Chat {
  return createChat({
    ...{ url: 'ws://test:1/ws', openTransport: network.openTransport, storage, clock, random: fixedRandom() },
    ...{ outbox: memoryOutbox(), ...options },
    wakeups: (woken) => {
      wake = woken;
      return () => {
        wake = () => {
          throw new Error('nobody listens');
        };
      };
    },
  });
}

function greet(capabilities: readonly string[] = []): string | undefined {
  network.latest.open();
  const { ref, name } = network.latest.next('hello');
  network.latest.sayText(JSON.stringify({ ...welcome(ref), capabilities }));
  return name;
}

const lobbyOf = (chat: Chat): RoomSnapshot => chat.room('lobby').snapshot();

describe('entering by itself', () => {
  test('[C31] the first room is the beginning: as a guest, and the next time as the same one', () => {
    const chat = open();
    expect(network.links).toEqual([]);
    const room = chat.room('lobby');
    expect(chat.room('lobby')).toBe(room);
    expect(greet()).toMatch(/^guest-[0-9a-f]{8}$/);
    expect(network.latest.next('join').room).toBe('lobby');
    chat.close();
    const later = open();
    later.room('garden');
    expect(greet()).toBe('Ada');
  });

  test('[C31] with a name it enters at once; told not to, it waits', () => {
    open({ name: 'Lin' });
    expect(greet()).toBe('Lin');
    const count = network.links.length;
    const chat = open({ storage: memoryStorage(), entersByItself: false });
    chat.room('lobby');
    expect(network.links).toHaveLength(count);
    chat.enter('Ada');
    expect(greet()).toBe('Ada');
  });
});

describe('coming back', () => {
  test('[C30] after a restart it comes when it was told to, not before; nobody wakes it, a person may', () => {
    const chat = open({ name: 'Ada' });
    greet();
    network.latest.say({ type: 'restarting', reconnectAfterMs: 7_000 });
    network.latest.end(1012);
    expect(chat.snapshot().connection).toMatchObject({
      ...{ state: 'waiting', isRestart: true, retryAt: clock.now() + 7_000 },
    });
    wake();
    clock.pass(6_999);
    expect(network.links).toHaveLength(1);
    clock.pass(1);
    expect(network.links).toHaveLength(2);
    network.latest.end();
    expect(chat.snapshot().connection).not.toHaveProperty('isRestart');
  });

  test('[C3] a wait for the network ends when it is back; a closed chat does not listen', () => {
    const chat = open({ name: 'Ada' });
    greet();
    network.latest.end();
    wake();
    expect(network.links).toHaveLength(2);
    chat.close();
    expect(wake).toThrow('nobody listens');
  });

  test('[C11] [F1] all cursors go in one command, in as many parts as it takes; what is new or reset is joined', () => {
    const chat = open({ name: 'Ada', rooms: ['lobby', 'garden'] });
    greet(['resume']);
    network.latest.say(joined(network.latest.next('join').ref, messages(1, 3)));
    const garden = { roomId: 'r_gardengardengard00', slug: 'garden', title: 'Garden', topic: '' };
    const { ref } = network.latest.next('join');
    network.latest.sayText(JSON.stringify({ ...joined(ref, messages(1, 1)), room: garden }));
    network.latest.end();
    chat.room('attic');
    clock.pass(20_000);
    greet(['resume']);
    expect(network.latest.next('join').room).toBe('attic');
    const resume = network.latest.next('resume');
    expect(resume.cursors).toEqual([
      ['lobby', epoch, 3],
      ['garden', epoch, 1],
    ]);
    expect(network.latest.take()).toBeUndefined();
    const part = (rooms: object[], isLast: boolean) =>
      network.latest.sayText(JSON.stringify({ type: 'resumed', ref: resume.ref, rooms, isLast }));
    const position = { epoch, seq: 4 };
    part([{ resume: 'caught-up', room: 'lobby', roomId, position, entries: [message(4)] }], false);
    expect(lobbyOf(chat)).toMatchObject({ status: 'live', items: { length: 4 } });
    part([{ resume: 'reset', room: 'garden', roomId: garden.roomId, position: { epoch, seq: 0 } }], true);
    expect(network.latest.next('join')).not.toHaveProperty('cursor');
  });

  test('[C11] a room that was not answered with the others is joined by itself, and members are read again after a gap', () => {
    const chat = open({ name: 'Ada', rooms: ['lobby'] });
    greet(['resume']);
    network.latest.say(joined(network.latest.next('join').ref, messages(1, 3)));
    network.latest.end();
    clock.pass(20_000);
    greet(['resume']);
    network.latest.say({ type: 'resumed', ref: network.latest.next('resume').ref, rooms: [], isLast: true });
    expect(network.latest.next('join').cursor).toEqual({ epoch, seq: 3 });
    network.latest.end();
    clock.pass(20_000);
    greet(['resume']);
    const { ref } = network.latest.next('resume');
    const gap = { resume: 'gap', room: 'lobby', roomId, gap: { from: 4, to: 900 }, memberCount: 2 } as const;
    const rooms = [{ ...gap, position: { epoch, seq: 901 }, entries: [message(901)] }];
    network.latest.say({ type: 'resumed', ref, rooms, isLast: true });
    expect(lobbyOf(chat).memberCount).toBe(2);
    clock.pass(2_000);
    const again = network.latest.next('join');
    const position = { epoch, seq: 901 };
    const members = [ada, bob];
    network.latest.say(joined(again.ref, [], { resume: 'caught-up', position, members, memberCount: 2 }));
    expect(lobbyOf(chat).members).toEqual(members);
  });

  test('[C27] [F2] a head beyond the cursor is read up to, at once', () => {
    const chat = open({ name: 'Ada', rooms: ['lobby'] });
    greet();
    network.latest.say(joined(network.latest.next('join').ref, messages(1, 3)));
    network.latest.say({ type: 'heads', heads: [[roomId, epoch, 3]] });
    expect(network.latest.take()).toBeUndefined();
    network.latest.say({ type: 'heads', heads: [[roomId, epoch, 4]] });
    const page = network.latest.next('page');
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: [message(4)], hasMore: false });
    expect(lobbyOf(chat).items).toHaveLength(4);
  });

  test('[C6] from a server that speaks in every interval, silence alone says enough; after a jump of the clock it is asked', () => {
    const chat = open({ name: 'Ada' });
    greet(['heads']);
    clock.pass(32_999);
    expect(network.latest.take()).toBeUndefined();
    expect(chat.snapshot().connection.state).toBe('open');
    clock.pass(1);
    expect(chat.snapshot().connection.state).toBe('waiting');
    clock.pass(20_000);
    greet(['heads']);
    clock.jump(60_000);
    expect(network.latest.next('ping')).toBeDefined();
    clock.pass(8_000);
    expect(chat.snapshot().connection.state).toBe('waiting');
  });
});

describe('own changes', () => {
  async function live(): Promise<Chat> {
    const chat = open({ name: 'Ada', rooms: ['lobby'] });
    greet();
    const own = message(2, 'mine', ada);
    network.latest.say(joined(network.latest.next('join').ref, [message(1), own]));
    await tick();
    return chat;
  }

  test('[C32] show at once, until the log has them', async () => {
    const chat = await live();
    const room = chat.room('lobby');
    const edited = room.edit(2, 'better');
    void room.react(1, '🎈');
    void room.rename('Harbour');
    await tick();
    expect(lobbyOf(chat)).toMatchObject({ title: 'Harbour', changes: [{ state: 'queued' }] });
    expect(lobbyOf(chat).items).toMatchObject([
      {
        reactions: [{ emoji: '🎈', count: 1, isMine: true, authors: [ada] }],
        changes: [{ state: 'queued' }],
      },
      { text: 'better', changes: [{ state: 'sending', content: { type: 'edit' } }] },
    ]);
    const sent = network.latest.next('edit');
    const at = '2026-01-01T00:00:09.000Z';
    network.latest.say(posted(sent.ref, sent.draftId, 3, at));
    expect(await edited).toEqual({ draftId: sent.draftId, seq: 3, at });
    await tick();
    expect(network.latest.next('react')).toMatchObject({ target: 1, emoji: '🎈' });
  });

  test('[C28] [C32] one that fails for good is not applied, stays with its reason, and rejects', async () => {
    const chat = await live();
    const removed = chat.room('lobby').remove(1);
    await tick();
    expect(lobbyOf(chat).items[0]).toMatchObject({ isDeleted: true, text: '' });
    const sent = network.latest.next('delete');
    const refusal = { code: 'not-yours', message: 'No.' };
    network.latest.say({ type: 'refused', ref: sent.ref, ...refusal });
    await expect(removed).rejects.toMatchObject(refusal);
    expect(lobbyOf(chat).items[0]).toMatchObject({
      ...{ isDeleted: false, text: 'text 1', changes: [{ state: 'failed', error: refusal }] },
    });
    const [change] = lobbyOf(chat).items.flatMap((item) => (item.kind === 'message' ? item.changes : []));
    if (change !== undefined) chat.room('lobby').cancel(change.draftId);
    expect(lobbyOf(chat).items[0]).toMatchObject({ changes: [] });
  });

  test('[C20] a room tells of its own changes, and of no others', async () => {
    const chat = await live();
    const told: number[] = [];
    const end = chat.room('lobby').subscribe(({ items }) => told.push(items.length));
    chat.room('garden');
    await tick();
    clock.pass(100);
    expect(told).toEqual([]);
    network.latest.say({ type: 'entry', entry: message(3) });
    await tick();
    clock.pass(100);
    expect(told).toEqual([3]);
    end();
  });
});
