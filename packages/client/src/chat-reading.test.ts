import { epochSchema } from '@wireroom/protocol';
import { describe, expect, test } from 'vitest';
import { chat, clock, greet, hear, letIn, live, lobby, network, reconnect, shown } from './chat.fixture.ts';
import {
  ada,
  bob,
  edit,
  epoch,
  message,
  messages,
  notice,
  refused,
  roomId,
  unknown,
} from './events.fixture.ts';

describe('reading', () => {
  test('[C11] [F1] a reconnection joins by cursor and goes on', () => {
    live();
    network.latest.end();
    expect(lobby().status).toBe('away');
    clock.pass(500);
    greet();
    expect(lobby().status).toBe('catching-up');
    expect(letIn(messages(4, 5), { resume: 'caught-up' }).cursor).toEqual({ epoch, seq: 3 });
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3', 'text 4', 'text 5']);
    expect(lobby().status).toBe('live');
  });

  test('[C11] [C13] [F1] a small gap is filled at once, from its lower end; what is beyond it is shown meanwhile', () => {
    live();
    reconnect();
    letIn(messages(9, 10), { resume: 'gap', gap: { from: 4, to: 8 }, hasMore: true });
    expect(lobby().status).toBe('live');
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3', 'gap 4-8', 'text 9', 'text 10']);
    hear(message(11));
    const first = network.latest.next('page');
    expect(first).toMatchObject({ before: 9, limit: 5, withStates: true });
    expect(lobby().items[3]).toMatchObject({ isLoading: true });
    const position = { epoch, seq: 11 };
    const page = { type: 'page' as const, ref: first.ref, roomId, states: [], position };
    network.latest.say({ ...page, entries: messages(7, 8), hasMore: true });
    expect(shown().slice(2, 6)).toEqual(['text 3', 'gap 4-6', 'text 7', 'text 8']);
    const { ref, before } = network.latest.next('page');
    expect(before).toBe(7);
    network.latest.say({ ...page, ref, entries: messages(4, 6), hasMore: true });
    expect(shown()).toHaveLength(11);
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C13] a long gap waits until somebody scrolls to it, and gives a page at a time', () => {
    live();
    reconnect();
    letIn(messages(900, 901), { resume: 'gap', gap: { from: 4, to: 899 }, hasMore: true });
    expect(network.latest.take()).toBeUndefined();
    const gap = lobby().items.find(({ kind }) => kind === 'gap');
    expect(gap).toMatchObject({ from: 4, to: 899, isLoading: false });
    chat.room('lobby').fillGap(gap?.key ?? '');
    const { ref, ...range } = network.latest.next('page');
    expect(range).toMatchObject({ before: 900, limit: 50 });
    const position = { epoch, seq: 901 };
    const entries = messages(850, 899);
    network.latest.say({ type: 'page', ref, roomId, entries, hasMore: true, states: [], position });
    expect(network.latest.take()).toBeUndefined();
    expect(lobby().items.find(({ kind }) => kind === 'gap')).toMatchObject({ key: gap?.key, to: 849 });
  });

  test('[C26] what a gap did to a message above it is read again with it', () => {
    live();
    reconnect();
    letIn(messages(6, 7), { resume: 'gap', gap: { from: 4, to: 5 }, hasMore: true });
    const gap = network.latest.next('page');
    const position = { epoch, seq: 7 };
    const page = { type: 'page', roomId, hasMore: true, position } as const;
    const entries = [edit(4, 2, 'another'), message(5)];
    network.latest.say({ ...page, ref: gap.ref, entries, states: [] });
    const again = network.latest.next('page');
    expect(again).toMatchObject({ before: 3, limit: 1, withStates: true });
    const states = [{ seq: 2, text: 'another', editedAt: position.epoch, reactions: [] }];
    network.latest.say({ ...page, ref: again.ref, entries: [message(2)], states });
    expect(shown()).toEqual(['text 1', 'another', 'text 3', 'text 5', 'text 6', 'text 7']);
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C11] [F1] a reset starts again', () => {
    live();
    reconnect();
    const entries = [{ ...message(1, 'restored'), epoch: epochSchema.parse('e2') }];
    letIn(entries, { resume: 'reset', position: { epoch: epochSchema.parse('e2'), seq: 1 } });
    expect(shown()).toEqual(['restored']);
    expect(lobby()).toMatchObject({ status: 'live', firstItemIndex: 1_000_000 });
  });

  test('[C12] [F2] a jump is filled, a duplicate dropped, an unknown entry counted', () => {
    live();
    hear(message(3), message(6));
    expect(lobby().status).toBe('catching-up');
    const page = network.latest.next('page');
    expect(page.after).toBe(3);
    const entries = [message(4), unknown(5)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries, hasMore: true });
    hear(message(6), message(7));
    expect(lobby().items.map((item) => ('seq' in item ? item.seq : 0))).toEqual([1, 2, 3, 4, 6, 7]);
    expect(lobby().status).toBe('live');
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C12] entries of a room that we are not in are nobody’s', () => {
    live();
    network.latest.sayText(
      JSON.stringify({ type: 'entry', entry: { ...message(4), roomId: 'r_another-another-00' } }),
    );
    expect(shown()).toHaveLength(3);
  });

  test('[C14] a page refused for now is asked for again; pages that bring nothing end in a new join', () => {
    live();
    hear(message(6));
    network.latest.say(refused(network.latest.next('page').ref, 'storage-failed', 100));
    clock.pass(1000);
    for (let n = 0; n < 3; n += 1) {
      const page = network.latest.next('page');
      network.latest.say({ type: 'page', ref: page.ref, roomId, entries: [], hasMore: false });
      clock.pass(20_000);
    }
    expect(network.latest.next('join').cursor).toEqual({ epoch, seq: 3 });
  });

  test('[C14] an entry of another epoch leads to a new join, once', () => {
    live();
    const strange = { ...message(1), epoch: epochSchema.parse('e2') };
    hear(strange, strange, strange);
    clock.pass(20_000);
    expect(network.latest.next('join').cursor).toEqual({ epoch, seq: 3 });
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C14] a join refused for now is asked again', () => {
    chat.enter('Ada');
    greet();
    network.latest.say(refused(network.latest.next('join').ref, 'rate-limited', 1000));
    expect(lobby().status).toBe('joining');
    clock.pass(2000);
    letIn([]);
    expect(lobby().status).toBe('live');
  });

  test('[C16] older entries come a page at a time', () => {
    live(messages(60, 62));
    expect(lobby()).toMatchObject({ hasOlder: true, isLoadingOlder: false });
    chat.room('lobby').loadOlder();
    chat.room('lobby').loadOlder();
    const page = network.latest.next('page');
    expect(page).toMatchObject({ before: 60, limit: 50 });
    expect(network.latest.take()).toBeUndefined();
    expect(lobby().isLoadingOlder).toBe(true);
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: messages(10, 59), hasMore: true });
    expect(lobby()).toMatchObject({ isLoadingOlder: false, hasOlder: true, firstItemIndex: 999_950 });
    chat.room('lobby').loadOlder();
    const last = network.latest.next('page');
    network.latest.say({ type: 'page', ref: last.ref, roomId, entries: messages(1, 9), hasMore: false });
    expect(lobby()).toMatchObject({ hasOlder: false, firstItemIndex: 999_941 });
    chat.room('lobby').loadOlder();
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C16] a page of unknown entries alone is followed by the next', () => {
    live(messages(60, 62));
    chat.room('lobby').loadOlder();
    const page = network.latest.next('page');
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: [unknown(59)], hasMore: true });
    expect(network.latest.next('page').before).toBe(59);
  });

  test('[C16] refused for now, older entries are asked for again; cut off, they are not', () => {
    live(messages(60, 62));
    chat.room('lobby').loadOlder();
    network.latest.say(refused(network.latest.next('page').ref, 'busy', 1000));
    expect(lobby().isLoadingOlder).toBe(true);
    clock.pass(2000);
    expect(network.latest.next('page').before).toBe(60);
    network.latest.end();
    expect(lobby().isLoadingOlder).toBe(false);
    clock.pass(500);
    expect(lobby().hasOlder).toBe(true);
  });

  test('[C16] on a new connection the back-off for older entries starts anew', () => {
    live(messages(60, 62));
    chat.room('lobby').loadOlder();
    for (let n = 0; n < 5; n += 1) {
      network.latest.say(refused(network.latest.next('page').ref, 'storage-failed'));
      clock.pass(8_000);
    }
    network.latest.end();
    clock.pass(500);
    greet();
    letIn([], { resume: 'caught-up', position: { epoch, seq: 62 } });
    chat.room('lobby').loadOlder();
    network.latest.say(refused(network.latest.next('page').ref, 'storage-failed'));
    clock.pass(500);
    expect(network.latest.next('page').before).toBe(60);
  });

  test('[C16] older entries that were asked for in another epoch are not put before those of this one', () => {
    live(messages(60, 62));
    chat.room('lobby').loadOlder();
    const page = network.latest.next('page');
    const e2 = epochSchema.parse('e2');
    hear({ ...message(61), epoch: e2 });
    clock.pass(20_000);
    letIn([{ ...message(60, 'restored'), epoch: e2 }], { resume: 'reset', position: { epoch: e2, seq: 60 } });
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: messages(58, 59), hasMore: true });
    expect(shown()).toEqual(['restored']);
    expect(lobby()).toMatchObject({ hasOlder: true, isLoadingOlder: false });
  });

  test('[C16] where the log’s beginning is gone there is nothing older, until the room starts again', () => {
    live(messages(60, 62));
    chat.room('lobby').loadOlder();
    const page = network.latest.next('page');
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: [], hasMore: false });
    expect(lobby().hasOlder).toBe(false);
    reconnect();
    const e2 = epochSchema.parse('e2');
    letIn([{ ...message(60), epoch: e2 }], { resume: 'reset', position: { epoch: e2, seq: 60 } });
    expect(lobby().hasOlder).toBe(true);
  });

  test('[C15] a reader who is not at the end keeps more', () => {
    live(messages(1, 1));
    chat.room('lobby').setFollowing(false);
    hear(...messages(2, 5300));
    expect(lobby().items).toHaveLength(5300);
    chat.room('lobby').setFollowing(true);
    expect(lobby()).toMatchObject({ firstItemIndex: 1_000_300, hasOlder: true });
    expect(lobby().items).toHaveLength(5000);
  });

  test('[C17] people come and go', () => {
    live();
    hear(notice(4, 'join', bob));
    expect(lobby()).toMatchObject({ members: [ada, bob], memberCount: 2 });
    hear(notice(5, 'leave', bob));
    expect(lobby()).toMatchObject({ members: [ada], memberCount: 1 });
    expect(shown().slice(-2)).toEqual(['join Bob', 'leave Bob']);
  });
});
