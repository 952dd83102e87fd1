import {
  type Author,
  ChatError,
  type Entry,
  epochSchema,
  type JoinedEvent,
  roomIdSchema,
} from '@wireroom/protocol';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ChatClient, type ChatClientOptions, createChatClient } from './chat-client.ts';
import {
  ada,
  author,
  bob,
  epoch,
  joined,
  message,
  messages,
  notice,
  refused,
  roomId,
  unknown,
  welcome,
} from './events.fixture.ts';
import { FakeClock, fixedRandom } from './fake-clock.fixture.ts';
import { FakeNetwork } from './fake-network.fixture.ts';
import type { RoomSnapshot } from './snapshot.ts';
import { type KeyValueStorage, memoryStorage } from './storage.ts';

let clock: FakeClock;
let network: FakeNetwork;
let storage: KeyValueStorage;
let chat: ChatClient;

function newChat(options: Partial<ChatClientOptions> = {}): ChatClient {
  const { openTransport } = network;
  return createChatClient({
    url: 'ws://test:1/ws',
    openTransport,
    storage,
    clock,
    random: fixedRandom(),
    ...options,
  });
}

beforeEach(() => {
  clock = new FakeClock();
  network = new FakeNetwork();
  storage = memoryStorage();
  chat = newChat();
});

/** The latest connection opens and is welcomed. Returns the hello. */
function greet(you: Author = ada, token = 'token-of-ada') {
  network.latest.open();
  const hello = network.latest.next('hello');
  network.latest.say(welcome(hello.ref, you, token));
  return hello;
}

/** The lobby is joined. Returns the join. */
function letIn(entries: Parameters<typeof joined>[1] = [], more: Partial<JoinedEvent> = {}) {
  const join = network.latest.next('join');
  network.latest.say(joined(join.ref, entries, more));
  return join;
}

function live(entries: readonly Entry[] = messages(1, 3)): void {
  chat.enter('Ada');
  greet();
  letIn(entries);
}

/** The connection goes, and the next one is greeted. */
function reconnect(): void {
  network.latest.end();
  clock.pass(20_000);
  greet();
}

function lobby(of = chat): RoomSnapshot {
  const found = of.snapshot().rooms.lobby;
  if (found === undefined) throw new Error('no lobby');
  return found;
}

const hear = (...entries: Entry[]): void => {
  for (const entry of entries) network.latest.say({ type: 'entry', entry });
};
const shown = (of = chat): string[] =>
  lobby(of).items.map((item) => (item.kind === 'notice' ? `${item.what} ${item.author.name}` : item.text));
const pending = (): string[] =>
  lobby().items.flatMap((item) => (item.kind === 'pending' ? [`${item.text}: ${item.state}`] : []));
const posted = (ref: string | number, draftId: Entry extends never ? never : string, seq: number): void =>
  network.latest.sayText(
    JSON.stringify({ type: 'posted', ref, roomId, draftId, seq, at: '2026-01-01T00:00:00.000Z' }),
  );
const codeOf = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof ChatError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

describe('who we are', () => {
  test('[C4] entering greets, joins the lobby and shows it', () => {
    chat.enter('Ada');
    expect(chat.snapshot().connection.state).toBe('connecting');
    expect(lobby()).toMatchObject({ status: 'joining', items: [], memberCount: 0 });
    expect(greet()).not.toHaveProperty('token');
    expect(letIn(messages(1, 2))).not.toHaveProperty('cursor');
    expect(chat.snapshot().you).toEqual(ada);
    expect(lobby()).toMatchObject({ status: 'live', title: 'The Lobby', roomId, memberCount: 1 });
    expect(shown()).toEqual(['text 1', 'text 2']);
  });

  test('[C4] the next visit resumes with name and token', () => {
    live();
    const later = newChat();
    expect(later.snapshot().rememberedName).toBe('Ada');
    expect(later.resume()).toBe(true);
    expect(greet()).toMatchObject({ name: 'Ada', token: 'token-of-ada' });
  });

  test('[C4] without a token there is nothing to resume, and another server’s is none', () => {
    expect(chat.resume()).toBe(false);
    live();
    expect(newChat({ url: 'ws://other/ws' }).resume()).toBe(false);
  });

  test('[C5] a name that is none is refused without asking anybody', () => {
    chat.enter(' ');
    expect(chat.snapshot().refusal?.code).toBe('name-empty');
    expect(network.links).toEqual([]);
    chat.enter('Ada');
    expect(chat.snapshot().refusal).toBeUndefined();
  });

  test('[C5] a name that we bear in another spelling on another tab is refused, not waited for', () => {
    live();
    const other = newChat();
    other.enter('ADA');
    network.latest.open();
    network.latest.say(refused(network.latest.next('hello').ref, 'name-differs'));
    expect(other.snapshot()).toMatchObject({
      refusal: { code: 'name-differs' },
      connection: { state: 'idle' },
    });
  });

  test('[C5] a taken name is refused, and another can be tried', () => {
    chat.enter('Ada');
    network.latest.open();
    network.latest.say(refused(network.latest.next('hello').ref, 'name-taken'));
    expect(chat.snapshot()).toMatchObject({ refusal: { code: 'name-taken' }, connection: { state: 'idle' } });
    chat.enter('Bob');
    expect(chat.snapshot().refusal).toBeUndefined();
    expect(greet(bob)).toMatchObject({ name: 'Bob' });
    expect(chat.snapshot().you).toEqual(bob);
  });

  test('[C5] [C1] a token that the server does not know is forgotten, and what was written goes under the new author', () => {
    live();
    network.latest.end();
    chat.post('lobby', 'still here');
    clock.pass(500);
    network.latest.open();
    const hello = network.latest.next('hello');
    expect(hello.token).toBe('token-of-ada');
    network.latest.say(refused(hello.ref, 'bad-token'));
    const again = network.latest.next('hello');
    expect(again).toMatchObject({ name: 'Ada' });
    expect(again).not.toHaveProperty('token');
    const other = { ...author('Ada2'), name: 'Ada' };
    network.latest.say(welcome(again.ref, other, 'token-2'));
    letIn([], { resume: 'reset', position: { epoch: epochSchema.parse('e2'), seq: 0 } });
    expect(network.latest.next('post').text).toBe('still here');
    expect(chat.snapshot().you).toEqual(other);
    chat.close();
    newChat().resume();
    expect(greet().token).toBe('token-2');
  });

  test('[C5] a name taken by our own other tab is ours', () => {
    live();
    storage.remove('wireroom:ws://test:1/ws:identity');
    network.latest.end();
    clock.pass(500);
    network.latest.open();
    const hello = network.latest.next('hello');
    const record = { name: 'Ada', guests: [{ name: 'Ada', token: 'of the other tab' }] };
    storage.set('wireroom:ws://test:1/ws:identity', JSON.stringify(record));
    network.latest.say(refused(hello.ref, 'name-taken'));
    expect(network.latest.next('hello').token).toBe('of the other tab');
  });

  test('[C10] a new author sends nothing before the feed has shown what the old one got through', () => {
    live();
    chat.post('lobby', 'committed');
    const { draftId } = network.latest.next('post');
    network.latest.end();
    clock.pass(500);
    const other = { ...author('Ada2'), name: 'Ada' };
    greet(other, 'token-2');
    letIn(messages(9, 9), { resume: 'gap', gap: { from: 4, to: 8 } });
    const page = network.latest.next('page');
    expect(page.after).toBe(3);
    expect(network.latest.take()).toBeUndefined();
    const entries = [message(4, 'committed', ada, draftId), ...messages(5, 8)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries, hasMore: true });
    expect(pending()).toEqual([]);
    expect(network.latest.take()).toBeUndefined();
    expect(shown().filter((text) => text === 'committed')).toHaveLength(1);
  });
});

describe('writing', () => {
  test('[C1] what cannot be sent at all is refused on the spot', () => {
    live();
    expect(codeOf(() => chat.post('lobby', '\n'))).toBe('text-empty');
    expect(codeOf(() => chat.post('garden', 'hello'))).toBe('not-joined');
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3']);
  });

  test('[C1] what was written offline goes after the reload, in order, in its room', () => {
    live();
    chat.join('garden');
    network.latest.end();
    chat.post('lobby', 'one');
    chat.post('lobby', 'two');
    chat.post('garden', 'three');
    chat.close();
    chat = newChat();
    chat.resume();
    expect(pending()).toEqual(['one: waiting', 'two: waiting']);
    greet();
    letIn(messages(1, 3));
    const one = network.latest.next('join');
    expect(one.room).toBe('garden');
    expect(network.latest.next('post').text).toBe('one');
  });

  test.each(['posted', 'entry'])(
    '[C10] %s first: the draft becomes the message once, under one key',
    (first) => {
      live();
      chat.post('lobby', 'hello');
      expect(pending()).toEqual(['hello: sending']);
      const key = lobby().items.at(-1)?.key;
      const { ref, draftId = '' } = network.latest.next('post');
      const entry = { ...message(4, 'hello', ada), draftId };
      if (first === 'posted') {
        posted(ref, draftId, 4);
        expect(pending()).toEqual(['hello: sending']);
        network.latest.sayText(JSON.stringify({ type: 'entry', entry }));
      } else {
        network.latest.sayText(JSON.stringify({ type: 'entry', entry }));
        expect(pending()).toEqual([]);
        posted(ref, draftId, 4);
      }
      expect(lobby().items).toHaveLength(4);
      expect(lobby().items.at(-1)).toMatchObject({ kind: 'message', key, seq: 4, isMine: true });
      expect(storage.get('wireroom:ws://test:1/ws:outbox')).toBeUndefined();
    },
  );

  test('[C8] one at a time, in order', () => {
    live();
    for (const text of ['one', 'two', 'three']) chat.post('lobby', text);
    expect(pending()).toEqual(['one: sending', 'two: waiting', 'three: waiting']);
    const one = network.latest.next('post');
    expect(network.latest.take()).toBeUndefined();
    posted(one.ref, one.draftId ?? '', 4);
    expect(network.latest.next('post').text).toBe('two');
  });

  test('[C8] cut off before the answer, a draft is sent again under its id, and the first answer ends it', () => {
    live();
    chat.post('lobby', 'hello');
    const first = network.latest.next('post');
    reconnect();
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    const second = network.latest.next('post');
    expect(second.draftId).toBe(first.draftId);
    posted(second.ref, second.draftId ?? '', 2);
    expect(pending()).toEqual([]);
  });

  test('[C8] cut off after the commit, the entry that catches up is the answer', () => {
    live();
    chat.post('lobby', 'hello');
    const { draftId } = network.latest.next('post');
    reconnect();
    letIn([message(4, 'hello', ada, draftId)], { resume: 'caught-up' });
    expect(network.latest.take()).toBeUndefined();
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3', 'hello']);
    expect(pending()).toEqual([]);
  });

  test('[C10] a message that is found by scrolling up ends its draft, though the answer to it is still out', () => {
    live();
    chat.post('lobby', 'hello');
    const { draftId } = network.latest.next('post');
    chat.close();
    chat = newChat();
    chat.resume();
    greet();
    letIn(messages(5, 6));
    network.latest.next('post');
    chat.loadOlder('lobby');
    const page = network.latest.next('page');
    const entries = [...messages(1, 3), message(4, 'hello', ada, draftId)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries, hasMore: false });
    expect(pending()).toEqual([]);
    expect(shown().filter((text) => text === 'hello')).toHaveLength(1);
  });

  test('[C9] refused for now: it waits as long as asked, and those behind it too', () => {
    live();
    chat.post('lobby', 'one');
    chat.post('lobby', 'two');
    const one = network.latest.next('post');
    network.latest.say(refused(one.ref, 'rate-limited', 2000));
    expect(pending()).toEqual(['one: waiting', 'two: waiting']);
    expect(lobby().items.at(-2)).toMatchObject({ error: { code: 'rate-limited' } });
    clock.pass(1999);
    expect(network.latest.take()).toBeUndefined();
    clock.pass(200);
    expect(network.latest.next('post').draftId).toBe(one.draftId);
  });

  test('[C9] refused for good: it fails with its reason, and the next one goes', () => {
    live();
    chat.post('lobby', 'one');
    chat.post('lobby', 'two');
    const one = network.latest.next('post');
    network.latest.say(refused(one.ref, 'text-too-long'));
    expect(pending()).toEqual(['one: failed', 'two: sending']);
    expect(lobby().items.at(-2)).toMatchObject({ error: { code: 'text-too-long' } });
    network.latest.next('post');
    if (one.draftId) chat.retry('lobby', one.draftId);
    expect(pending()).toEqual(['one: waiting', 'two: sending']);
    if (one.draftId) chat.discard('lobby', one.draftId);
    expect(pending()).toEqual(['two: sending']);
  });

  test('[C9] a code of a newer server is for now if it says after how long', () => {
    live();
    chat.post('lobby', 'one');
    network.latest.say(refused(network.latest.next('post').ref, 'moon-phase', 100));
    expect(pending()).toEqual(['one: waiting']);
    clock.pass(1000);
    network.latest.say(refused(network.latest.next('post').ref, 'moon-phase'));
    expect(pending()).toEqual(['one: failed']);
  });

  test('[C10] an acknowledged entry that does not come is asked for', () => {
    live();
    chat.post('lobby', 'hello');
    const { ref, draftId = '' } = network.latest.next('post');
    posted(ref, draftId, 5);
    clock.pass(2999);
    expect(network.latest.take()).toBeUndefined();
    clock.pass(1);
    const page = network.latest.next('page');
    expect(page.after).toBe(3);
    expect(lobby().status).toBe('catching-up');
    const entries = [message(4), { ...message(5, 'hello', ada), draftId }];
    network.latest.sayText(JSON.stringify({ type: 'page', ref: page.ref, roomId, entries, hasMore: false }));
    expect(shown().slice(-2)).toEqual(['text 4', 'hello']);
    expect(lobby()).toMatchObject({ status: 'live' });
  });

  test('[C10] an acknowledged entry that this version cannot read ends its draft all the same', () => {
    live();
    chat.post('lobby', 'hello');
    const { ref, draftId = '' } = network.latest.next('post');
    posted(ref, draftId, 4);
    network.latest.sayText(
      JSON.stringify({ type: 'entry', entry: { ...message(4, 'hello', ada), draftId, v: 2 } }),
    );
    expect(pending()).toEqual([]);
    expect(lobby().status).toBe('live');
  });

  test('[C10] an acknowledged entry that comes in time is not asked for', () => {
    live();
    chat.post('lobby', 'hello');
    const { ref, draftId = '' } = network.latest.next('post');
    posted(ref, draftId, 4);
    hear(message(4, 'hello', ada));
    clock.pass(10_000);
    expect(network.latest.take()).toBeUndefined();
  });
});

describe('reading', () => {
  test('[C11] [F1] a reconnection joins by cursor and goes on', () => {
    live();
    network.latest.end();
    expect(lobby().status).toBe('catching-up');
    clock.pass(500);
    greet();
    expect(letIn(messages(4, 5), { resume: 'caught-up' }).cursor).toEqual({ epoch, seq: 3 });
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3', 'text 4', 'text 5']);
    expect(lobby().status).toBe('live');
  });

  test('[C11] [F1] a gap is filled page by page before anything beyond it is shown', () => {
    live();
    reconnect();
    letIn(messages(9, 10), { resume: 'gap', gap: { from: 4, to: 8 }, hasMore: true });
    expect(lobby().status).toBe('catching-up');
    expect(shown()).toHaveLength(3);
    hear(message(11));
    const first = network.latest.next('page');
    expect(first).toMatchObject({ after: 3, limit: 200 });
    network.latest.say({ type: 'page', ref: first.ref, roomId, entries: messages(4, 6), hasMore: true });
    expect(lobby().items.at(-1)).toMatchObject({ seq: 6 });
    const second = network.latest.next('page');
    expect(second.after).toBe(6);
    network.latest.say({ type: 'page', ref: second.ref, roomId, entries: messages(7, 9), hasMore: true });
    expect(shown()).toHaveLength(11);
    expect(lobby().status).toBe('live');
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
    chat.loadOlder('lobby');
    chat.loadOlder('lobby');
    const page = network.latest.next('page');
    expect(page).toMatchObject({ before: 60, limit: 50 });
    expect(network.latest.take()).toBeUndefined();
    expect(lobby().isLoadingOlder).toBe(true);
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: messages(10, 59), hasMore: true });
    expect(lobby()).toMatchObject({ isLoadingOlder: false, hasOlder: true, firstItemIndex: 999_950 });
    chat.loadOlder('lobby');
    const last = network.latest.next('page');
    network.latest.say({ type: 'page', ref: last.ref, roomId, entries: messages(1, 9), hasMore: false });
    expect(lobby()).toMatchObject({ hasOlder: false, firstItemIndex: 999_941 });
    chat.loadOlder('lobby');
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C16] a page of unknown entries alone is followed by the next', () => {
    live(messages(60, 62));
    chat.loadOlder('lobby');
    const page = network.latest.next('page');
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries: [unknown(59)], hasMore: true });
    expect(network.latest.next('page').before).toBe(59);
  });

  test('[C16] refused for now, older entries are asked for again; cut off, they are not', () => {
    live(messages(60, 62));
    chat.loadOlder('lobby');
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
    chat.loadOlder('lobby');
    for (let n = 0; n < 5; n += 1) {
      network.latest.say(refused(network.latest.next('page').ref, 'storage-failed'));
      clock.pass(8_000);
    }
    network.latest.end();
    clock.pass(500);
    greet();
    letIn([], { resume: 'caught-up', position: { epoch, seq: 62 } });
    chat.loadOlder('lobby');
    network.latest.say(refused(network.latest.next('page').ref, 'storage-failed'));
    clock.pass(500);
    expect(network.latest.next('page').before).toBe(60);
  });

  test.each([
    ['ws://test:1/ws', undefined, 'http://test:1/api/rooms/lobby/history'],
    ['wss://chat.example/ws', undefined, 'https://chat.example/api/rooms/lobby/history'],
    ['ws://test:8090/', 'http://test:3000', 'http://test:3000/api/rooms/lobby/history'],
  ])('[C16] the whole log of %s (HTTP at %s) is at %s', (url, httpUrl, expected) => {
    chat = newChat({ url, ...(httpUrl && { httpUrl }) });
    chat.enter('Ada');
    expect(lobby().historyUrl).toBe(expected);
  });

  test('[C16] older entries that were asked for in another epoch are not put before those of this one', () => {
    live(messages(60, 62));
    chat.loadOlder('lobby');
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
    chat.loadOlder('lobby');
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
    chat.setFollowing('lobby', false);
    hear(...messages(2, 5300));
    expect(lobby().items).toHaveLength(5300);
    chat.setFollowing('lobby', true);
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

describe('a crowd', () => {
  const crowd = (from: number, to: number): Author[] =>
    // The stroke keeps p1 and p10 apart once ids are padded.
    Array.from({ length: to - from + 1 }, (_, index) => author(`p${from + index}_`));
  /** 102 people, 100 of them listed. */
  const letIntoCrowd = (members: Author[]): void => {
    chat.enter('Ada');
    greet();
    letIn(messages(1, 3), { members, memberCount: 102 });
  };

  test('[C17] you are on the list of a crowd, whatever the server says and however full it is', () => {
    letIntoCrowd(crowd(1, 100));
    expect(lobby().members).toHaveLength(100);
    expect(lobby().members).toContainEqual(ada);
    hear(notice(4, 'leave', author('p100_')), notice(5, 'leave', author('p1_')), notice(6, 'join', bob));
    expect(lobby().members).toContainEqual(ada);
    expect(lobby().memberCount).toBe(101);
  });

  test('[C17] a cut list is read again, once, when it fits; messages come and go meanwhile', () => {
    letIntoCrowd([ada, ...crowd(1, 99)]);
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    hear(notice(4, 'leave', author('p1_')), notice(5, 'leave', author('p2_')));
    expect(lobby()).toMatchObject({ memberCount: 100, status: 'live' });
    hear(notice(6, 'leave', author('p3_')));
    clock.pass(999);
    expect(network.latest.take()).toBeUndefined();
    clock.pass(1_001);
    const again = network.latest.next('join');
    expect(again.cursor).toEqual({ epoch, seq: 6 });
    expect(lobby().status).toBe('live');
    chat.post('lobby', 'still here');
    expect(network.latest.next('post').text).toBe('still here');
    hear(message(7));
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    const members = [ada, ...crowd(4, 101)];
    const position = { epoch, seq: 7 };
    network.latest.say(
      joined(again.ref, [message(7)], { resume: 'caught-up', position, members, memberCount: 99 }),
    );
    expect(lobby().members).toEqual(members);
    expect(shown()).toContain('text 7');
    hear(notice(8, 'leave', author('p4_')));
    clock.pass(5_000);
    expect(network.latest.take()).toBeUndefined();
    expect(lobby().memberCount).toBe(98);
  });

  test('[C17] a server that never gives it in full is not asked for ever', () => {
    letIntoCrowd([ada, ...crowd(1, 99)]);
    hear(notice(4, 'leave', author('p1_')), notice(5, 'leave', author('p2_')));
    clock.pass(2_000);
    const again = network.latest.next('join');
    const position = { epoch, seq: 5 };
    network.latest.say(
      joined(again.ref, [], { resume: 'caught-up', position, members: [ada], memberCount: 100 }),
    );
    clock.pass(20_000);
    expect(network.latest.take()).toBeUndefined();
  });

  test('[C17] where long entries left no room for the names, they are read without the entries', () => {
    chat.enter('Ada');
    greet();
    letIn(messages(1, 3), { members: [ada], memberCount: 2 });
    clock.pass(2_000);
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 }, members: [ada, bob], memberCount: 2 });
    expect(lobby().members).toEqual([ada, bob]);
    chat.close();
    expect(clock.timerCount).toBe(0);
  });
});

describe('rooms and leaving', () => {
  test('[C18] a room that refuses says why, and is asked again by whoever writes there', () => {
    live();
    chat.join('garden');
    network.latest.say(refused(network.latest.next('join').ref, 'no-room'));
    expect(chat.snapshot().rooms.garden).toMatchObject({ status: 'refused', refusal: { code: 'no-room' } });
    chat.post('garden', 'anybody?');
    network.latest.say(refused(network.latest.next('join').ref, 'no-room'));
    expect(chat.snapshot().rooms.garden?.items).toMatchObject([
      { state: 'failed', error: { code: 'no-room' } },
    ]);
    chat.join('garden');
    expect(network.latest.next('join').room).toBe('garden');
    expect(chat.snapshot().rooms.garden?.status).toBe('joining');
  });

  test('[C18] no member any more: what waits has failed, and a retry joins first', () => {
    live();
    chat.post('lobby', 'one');
    chat.post('lobby', 'two');
    const one = network.latest.next('post');
    network.latest.say(refused(one.ref, 'not-joined'));
    expect(pending()).toEqual(['one: failed', 'two: failed']);
    expect(lobby().status).toBe('refused');
    if (one.draftId) chat.retry('lobby', one.draftId);
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    expect(network.latest.next('post').draftId).toBe(one.draftId);
  });

  test('[C18] what cannot be a room is refused on the spot', () => {
    live();
    expect(codeOf(() => chat.join('../x'))).toBe('no-room');
    for (let n = 1; n < 64; n += 1) chat.join(`room-${n}`);
    expect(codeOf(() => chat.join('one-more'))).toBe('busy');
  });

  test('[C19] a room that is left is gone at once, with its drafts; the server is told', () => {
    live();
    chat.post('lobby', 'never mind');
    network.latest.next('post');
    chat.leave('lobby');
    expect(chat.snapshot().rooms).toEqual({});
    expect(network.latest.next('leave').room).toBe('lobby');
    expect(storage.get('wireroom:ws://test:1/ws:outbox')).toBeUndefined();
    hear(message(4));
    clock.pass(30_000);
  });

  test('[C19] a room that was left and joined again does everything once', () => {
    live();
    chat.join('garden');
    const first = network.latest.next('join');
    chat.leave('garden');
    network.latest.next('leave');
    chat.join('garden');
    chat.post('garden', 'hello');
    network.latest.say(joined(first.ref, []));
    expect(network.latest.next('join').room).toBe('garden');
    expect(network.latest.take()).toBeUndefined();
    expect(chat.snapshot().rooms.garden?.status).toBe('joining');
  });

  test('[C19] what was sent to a room before it was left says nothing about the room that was joined after', () => {
    live();
    chat.post('lobby', 'before');
    const before = network.latest.next('post');
    chat.leave('lobby');
    chat.join('lobby');
    chat.post('lobby', 'after');
    network.latest.say(refused(before.ref, 'not-joined'));
    expect(pending()).toEqual(['after: waiting']);
  });

  test('[C19] left while away, the server is told on the next connection, until it has heard', () => {
    live();
    network.latest.end();
    chat.leave('lobby');
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
    chat.join('garden');
    network.latest.next('join');
    chat.leave('garden');
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
    chat.join('garden');
    chat.leave('garden');
    network.latest.next('join');
    network.latest.say(refused(network.latest.next('leave').ref, 'rate-limited', 30_000));
    const gone = chat.exit();
    network.latest.say({ type: 'left', ref: network.latest.next('leave').ref, roomId });
    await gone;
    expect(clock.timerCount).toBe(0);
  });

  test('[C19] exit tells the rooms, waits, and forgets all but the name', async () => {
    live();
    chat.post('lobby', 'unsent');
    network.latest.next('post');
    const gone = chat.exit();
    expect(chat.exit()).toBe(gone);
    expect(codeOf(() => chat.post('lobby', 'too late'))).toBe('not-joined');
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
    chat = newChat();
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

  test('[C23] whoever hears that they left has left: nobody, nowhere, disconnected, the name filled in', () => {
    live();
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
    expect(codeOf(() => chat.post('lobby', 'too late'))).toBe('not-joined');
    expect(chat.resume()).toBe(false);
    chat.enter('Ada');
    expect(greet().token).toBe('token-of-ada');
    letIn([...messages(1, 3), notice(4, 'leave', ada), notice(5, 'join', ada)]);
    expect(lobby().status).toBe('live');
  });

  test('[C23] what was written and not sent waits for the next visit', () => {
    live();
    chat.post('lobby', 'one');
    network.latest.say(refused(network.latest.next('post').ref, 'not-joined'));
    chat.join('lobby');
    network.latest.next('join');
    expect(pending()).toEqual(['one: failed']);
    hear(notice(4, 'leave', ada));
    network.latest.end();
    clock.pass(500);
    greet();
    letIn([notice(4, 'leave', ada), notice(5, 'join', ada)], { resume: 'caught-up' });
    chat.post('lobby', 'two');
    network.latest.next('post');
    hear(notice(6, 'leave', ada));
    expect(chat.snapshot().you).toBeUndefined();
    chat.enter('Ada');
    expect(pending()).toEqual(['one: failed', 'two: waiting']);
  });

  test('[C23] refused as no member any more, and then told why: it has left', () => {
    live();
    chat.post('lobby', 'one');
    network.latest.say(refused(network.latest.next('post').ref, 'not-joined'));
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
    chat.join('garden');
    const { ref } = network.latest.next('join');
    const garden = { roomId: roomIdSchema.parse('r_gardengardengard00'), slug: 'garden', title: 'Garden' };
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

describe('snapshots', () => {
  test('[C20] the same object until something changed, and the same parts after that', () => {
    live();
    const before = chat.snapshot();
    expect(chat.snapshot()).toBe(before);
    network.latest.say({ type: 'pong', ref: 99 });
    hear(message(2));
    expect(chat.snapshot()).toBe(before);
    network.latest.end();
    const away = chat.snapshot();
    expect(away).not.toBe(before);
    expect(away.rooms.lobby?.items).toBe(before.rooms.lobby?.items);
    expect(away.rooms.lobby?.members).toBe(before.rooms.lobby?.members);
  });

  test('[C20] items keep their identity while others change', () => {
    live();
    chat.post('lobby', 'one');
    chat.post('lobby', 'two');
    const before = lobby().items;
    hear(message(4));
    const after = lobby().items;
    expect(after.map((item) => before.includes(item))).toEqual([true, true, true, false, true, true]);
  });

  test('[C20] listeners are told once for a turn, and at most once in 16 ms', async () => {
    live();
    let told = 0;
    const end = chat.subscribe(() => {
      told += 1;
    });
    hear(...messages(4, 50));
    expect(told).toBe(0);
    await Promise.resolve();
    expect(told).toBe(1);
    hear(...messages(51, 99));
    await Promise.resolve();
    expect(told).toBe(1);
    clock.pass(16);
    expect(told).toBe(2);
    end();
    hear(message(100));
    clock.pass(100);
    await Promise.resolve();
    expect(told).toBe(2);
  });

  test('[C20] a listener may write', async () => {
    live();
    const end = chat.subscribe(() => {
      end();
      chat.post('lobby', 'from a listener');
    });
    hear(message(4));
    await Promise.resolve();
    expect(pending()).toEqual(['from a listener: sending']);
  });

  test('[C21] storage that throws stops nothing', () => {
    const broken = (): never => {
      throw new Error('private window');
    };
    chat = newChat({ storage: { get: broken, set: broken, remove: broken } });
    expect(chat.resume()).toBe(false);
    live();
    expect(chat.snapshot().isStorageWorking).toBe(false);
    chat.post('lobby', 'hello');
    expect(pending()).toEqual(['hello: sending']);
    network.latest.end();
    clock.pass(500);
    expect(greet().token).toBe('token-of-ada');
  });

  test('[C21] the outbox may have a storage of its own', () => {
    const outboxStorage = memoryStorage();
    chat = newChat({ outboxStorage });
    live();
    chat.post('lobby', 'hello');
    expect(outboxStorage.get('wireroom:ws://test:1/ws:outbox')).toContain('hello');
    expect(storage.get('wireroom:ws://test:1/ws:outbox')).toBeUndefined();
    expect(storage.get('wireroom:ws://test:1/ws:identity')).toContain('token-of-ada');
  });
});
