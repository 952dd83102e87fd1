import { roomIdSchema } from '@wireroom/protocol';
import { describe, expect, test } from 'vitest';
import {
  chat,
  clock,
  codeOf,
  greet,
  hear,
  keptTexts,
  letIn,
  live,
  lobby,
  network,
  newChat,
  nextPost,
  pending,
  reconnect,
  renew,
  shown,
  write,
} from './chat.fixture.ts';
import { ada, bob, epoch, joined, message, messages, notice, refused, roomId } from './events.fixture.ts';

describe('rooms and leaving', () => {
  test('[C18] a room that refuses says why, and is asked again by whoever writes there', async () => {
    live();
    chat.room('garden');
    network.latest.say(refused(network.latest.next('join').ref, 'no-room'));
    expect(chat.snapshot().rooms.garden).toMatchObject({ status: 'refused', refusal: { code: 'no-room' } });
    await write('anybody?', 'garden');
    network.latest.say(refused(network.latest.next('join').ref, 'no-room'));
    expect(chat.snapshot().rooms.garden?.items).toMatchObject([
      { state: 'failed', error: { code: 'no-room' } },
    ]);
    chat.room('garden');
    expect(network.latest.next('join').room).toBe('garden');
    expect(chat.snapshot().rooms.garden?.status).toBe('joining');
  });

  test('[C18] no member any more: what waits has failed, and a retry joins first', async () => {
    live();
    await write('one');
    await write('two');
    const one = await nextPost();
    network.latest.say(refused(one.ref, 'not-joined'));
    expect(pending()).toEqual(['one: failed', 'two: failed']);
    expect(lobby().status).toBe('refused');
    if (one.draftId) chat.room('lobby').retry(one.draftId);
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    expect((await nextPost()).draftId).toBe(one.draftId);
  });

  test('[C18] what cannot be a room is refused on the spot', async () => {
    live();
    expect(await codeOf(async () => chat.room('../x'))).toBe('no-room');
    for (let n = 1; n < 64; n += 1) chat.room(`room-${n}`);
    expect(await codeOf(async () => chat.room('one-more'))).toBe('busy');
  });

  test('[C19] a room that is left is gone at once, with its drafts; the server is told', async () => {
    live();
    await write('never mind');
    await nextPost();
    chat.room('lobby').leave();
    expect(chat.snapshot().rooms).toEqual({});
    expect(network.latest.next('leave').room).toBe('lobby');
    expect(await keptTexts()).toEqual([]);
    hear(message(4));
    clock.pass(30_000);
  });

  test('[C45] closed, a room says that it is away, and goes on when somebody enters again', async () => {
    live();
    const room = chat.room('lobby');
    const told: string[] = [];
    room.subscribe(({ status }) => void told.push(status));
    await chat.close();
    expect(room.snapshot()).toMatchObject({ status: 'away', items: { length: 3 } });
    clock.pass(1_000);
    expect(told).toEqual(['away']);
    chat.enter('Ada');
    greet();
    expect(room.snapshot().status).toBe('catching-up');
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    expect(room.snapshot().status).toBe('live');
  });

  test('[C45] left here, left elsewhere, or exited: a room says so for good, and shows what it showed', async () => {
    live();
    const [lobbyRoom, garden] = [chat.room('lobby'), chat.room('garden')];
    const told: string[] = [];
    lobbyRoom.subscribe(({ status }) => void told.push(status));
    garden.leave();
    expect(garden.snapshot().status).toBe('left');
    hear(notice(4, 'leave', ada));
    expect(lobbyRoom.snapshot()).toMatchObject({ status: 'left', items: { length: 4 } });
    // Listeners are told a microtask later.
    await Promise.resolve();
    expect(told).toEqual(['left']);
    chat.enter('Ada');
    greet();
    const again = chat.room('lobby');
    letIn(messages(1, 3));
    expect([again.snapshot().status, lobbyRoom.snapshot().status]).toEqual(['live', 'left']);
    const gone = chat.exit();
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    await gone;
    expect(again.snapshot().status).toBe('left');
  });

  test('[C19] a room that was left and joined again does everything once', async () => {
    live();
    chat.room('garden');
    const first = network.latest.next('join');
    chat.room('garden').leave();
    network.latest.next('leave');
    chat.room('garden');
    await write('hello', 'garden');
    network.latest.say(joined(first.ref, []));
    expect(network.latest.next('join').room).toBe('garden');
    expect(network.latest.take()).toBeUndefined();
    expect(chat.snapshot().rooms.garden?.status).toBe('joining');
  });

  test('[C19] what was sent to a room before it was left says nothing about the room that was joined after', async () => {
    live();
    await write('before');
    const before = await nextPost();
    chat.room('lobby').leave();
    chat.room('lobby');
    await write('after');
    network.latest.say(refused(before.ref, 'not-joined'));
    expect(pending()).toEqual(['after: queued']);
  });

  test('[C19] left while away, the server is told on the next connection, until it has heard', () => {
    live();
    network.latest.end();
    chat.room('lobby').leave();
    clock.pass(500);
    greet();
    network.latest.say(refused(network.latest.next('leave').ref, 'rate-limited', 100));
    clock.pass(1000);
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    reconnect();
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C19] put off and cut off, the leave is told once on the next connection', async () => {
    live();
    chat.room('garden');
    network.latest.next('join');
    chat.room('garden').leave();
    network.latest.say(refused(network.latest.next('leave').ref, 'rate-limited', 5_000));
    network.latest.end();
    clock.pass(500);
    greet();
    expect(network.latest.next('leave').room).toBe('garden');
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    clock.pass(10_000);
    expect(network.latest.sent.filter(({ type }) => type === 'leave')).toHaveLength(1);
  });

  test('[C19] a leave that was put off holds nothing up after an exit', async () => {
    live();
    chat.room('garden');
    chat.room('garden').leave();
    network.latest.next('join');
    network.latest.say(refused(network.latest.next('leave').ref, 'rate-limited', 30_000));
    const gone = chat.exit();
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    await gone;
    expect(clock.timerCount).toBe(0);
  });

  test('[C19] exit tells the rooms, waits, and forgets all but the name', async () => {
    live();
    await write('unsent');
    await nextPost();
    const gone = chat.exit();
    expect(chat.exit()).toBe(gone);
    expect(await codeOf(() => chat.room('lobby').post('too late'))).toBe('not-joined');
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    await gone;
    expect(chat.snapshot()).toEqual({
      connection: { state: 'idle' },
      rememberedName: 'Ada',
      rooms: {},
      isStorageWorking: true,
    });
    expect(network.latest.closedWith?.code).toBe(1000);
    expect(chat.resume()).toBe(false);
    expect(clock.timerCount).toBe(0);
  });

  test('[C19] whoever enters again under the name is the same author, after a reload too, and stays', async () => {
    live();
    const gone = chat.exit();
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    await gone;
    renew();
    expect(chat.resume()).toBe(false);
    chat.enter('Ada');
    expect(greet()).toMatchObject({ name: 'Ada', token: 'token-of-ada' });
    expect(newChat().resume()).toBe(true);
  });

  test('[C19] an exit under one name does not end a visit under another, on another tab', async () => {
    live();
    const other = newChat();
    other.enter('Bob');
    greet(bob, 'token-of-bob');
    network.latest.end();
    other.close();
    const gone = chat.exit();
    clock.pass(2000);
    await gone;
    expect(newChat().resume()).toBe(true);
  });

  test('[C23] whoever hears that they left has left: nobody, nowhere, disconnected, the name filled in', async () => {
    live();
    const room = chat.room('lobby');
    hear(notice(4, 'leave', ada));
    expect(chat.snapshot()).toEqual({
      connection: { state: 'idle' },
      rememberedName: 'Ada',
      rooms: {},
      isStorageWorking: true,
    });
    expect(network.latest.take()).toBeUndefined();
    expect(network.latest.closedWith?.code).toBe(1000);
    expect(clock.timerCount).toBe(0);
    expect(await codeOf(() => room.post('too late'))).toBe('not-joined');
    expect(chat.resume()).toBe(false);
    chat.enter('Ada');
    expect(greet().token).toBe('token-of-ada');
    letIn([...messages(1, 3), notice(4, 'leave', ada), notice(5, 'join', ada)]);
    expect(lobby().status).toBe('live');
  });

  test('[C23] what was written and not sent waits for the next visit', async () => {
    live();
    await write('one');
    network.latest.say(refused((await nextPost()).ref, 'not-joined'));
    chat.room('lobby');
    network.latest.next('join');
    expect(pending()).toEqual(['one: failed']);
    hear(notice(4, 'leave', ada));
    network.latest.end();
    clock.pass(500);
    greet();
    letIn([notice(4, 'leave', ada), notice(5, 'join', ada)], { resume: 'caught-up' });
    await write('two');
    await nextPost();
    hear(notice(6, 'leave', ada));
    expect(chat.snapshot().you).toBeUndefined();
    chat.enter('Ada');
    expect(pending()).toEqual(['one: failed', 'two: queued']);
  });

  test('[C23] refused as no member any more, and then told why: it has left', async () => {
    live();
    await write('one');
    network.latest.say(refused((await nextPost()).ref, 'not-joined'));
    expect(lobby().status).toBe('refused');
    hear(notice(4, 'leave', ada));
    expect(chat.snapshot().you).toBeUndefined();
  });

  test('[C23] found in a page that fills a hole, it is the last word about us that counts', () => {
    live();
    hear(message(6));
    const page = network.latest.next('page');
    const back = [notice(4, 'leave', ada), notice(5, 'join', ada)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: back, hasMore: false });
    expect(lobby().status).toBe('live');
    hear(message(8));
    const entries = [notice(7, 'leave', ada)];
    const next = network.latest.next('page');
    network.latest.say({ type: 'page', ref: next.ref, roomId, entries, hasMore: false });
    expect(chat.snapshot().you).toBeUndefined();
  });

  test('[C23] of several rooms only the one that was left goes', () => {
    live();
    chat.room('garden');
    const { ref } = network.latest.next('join');
    const garden = {
      roomId: roomIdSchema.parse('r_gardengardengard00'),
      slug: 'garden',
      title: 'Garden',
      topic: '',
    };
    network.latest.say(joined(ref, [], { room: garden }));
    hear(notice(4, 'leave', ada));
    expect(Object.keys(chat.snapshot().rooms)).toEqual(['garden']);
    expect(chat.snapshot()).toMatchObject({ you: ada, connection: { state: 'open' } });
  });

  test('[C19] exit does not wait for ever, nor for a connection that is gone', async () => {
    live();
    const slow = chat.exit();
    clock.pass(2000);
    await slow;
    expect(chat.snapshot().connection.state).toBe('idle');
    chat.enter('Ada');
    greet();
    const cut = chat.exit();
    network.latest.end();
    await cut;
    expect(chat.snapshot().connection.state).toBe('idle');
    await chat.exit();
    expect(clock.timerCount).toBe(0);
  });

  test('[C19] close keeps everything', () => {
    live();
    chat.close();
    expect(chat.snapshot()).toMatchObject({ connection: { state: 'idle' }, you: ada });
    expect(shown()).toHaveLength(3);
    expect(clock.timerCount).toBe(0);
    expect(chat.resume()).toBe(true);
    greet();
    expect(network.latest.next('join').cursor).toEqual({ epoch, seq: 3 });
  });
});
