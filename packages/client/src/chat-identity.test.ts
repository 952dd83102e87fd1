import { epochSchema } from '@wireroom/protocol';
import { describe, expect, test } from 'vitest';
import {
  chat,
  clock,
  greet,
  letIn,
  live,
  lobby,
  network,
  newChat,
  nextPost,
  pending,
  shown,
  storage,
  write,
} from './chat.fixture.ts';
import { ada, author, bob, message, messages, refused, roomId, welcome } from './events.fixture.ts';

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

  test('[C5] [C1] a token that the server does not know is forgotten, and what was written goes under the new author', async () => {
    live();
    network.latest.end();
    await write('still here');
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
    expect((await nextPost()).text).toBe('still here');
    expect(chat.snapshot().you).toEqual(other);
    chat.close();
    newChat().resume();
    expect(greet().token).toBe('token-2');
  });

  test('[C4] a hello without an answer is said again with the same token, also after a reload and by another tab', () => {
    chat.enter('Ada');
    network.latest.open();
    const { token, newToken } = network.latest.next('hello');
    expect(token).toBeUndefined();
    expect(newToken).toMatch(/^[0-9a-f]{64}$/);
    network.latest.end();
    clock.pass(500);
    network.latest.open();
    expect(network.latest.next('hello')).toMatchObject({ name: 'Ada', newToken });
    chat.close();
    const other = newChat();
    other.enter('ADA');
    network.latest.open();
    const { ref, newToken: again } = network.latest.next('hello');
    expect(again).toBe(newToken);
    network.latest.say(welcome(ref, ada, newToken));
    expect(JSON.parse(storage.get('wireroom:ws://test:1/ws:identity') ?? '')).toEqual({
      name: 'Ada',
      guests: [{ name: 'Ada', token: newToken, authorId: ada.authorId }],
    });
  });

  test('[C4] another name is asked for with another token, and one whose answer said another token has that', () => {
    chat.enter('Ada');
    network.latest.open();
    const { newToken } = network.latest.next('hello');
    chat.enter('Bob');
    network.latest.open();
    const hello = network.latest.next('hello');
    expect(hello.newToken).not.toBe(newToken);
    network.latest.say(welcome(hello.ref, bob, 'of an older server'));
    network.latest.end();
    clock.pass(500);
    network.latest.open();
    expect(network.latest.next('hello')).toMatchObject({ name: 'Bob', token: 'of an older server' });
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

  test('[C10] a new author sends nothing before the feed has shown what the old one got through', async () => {
    live();
    await write('committed');
    const { draftId } = await nextPost();
    network.latest.end();
    clock.pass(500);
    const other = { ...author('Ada2'), name: 'Ada' };
    greet(other, 'token-2');
    letIn(messages(9, 9), { resume: 'gap', gap: { from: 4, to: 8 } });
    const page = network.latest.next('page');
    expect(page.before).toBe(9);
    expect(network.latest.take()).toBeUndefined();
    const entries = [message(4, 'committed', ada, draftId), ...messages(5, 8)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries, hasMore: true });
    expect(pending()).toEqual([]);
    expect(network.latest.take()).toBeUndefined();
    expect(shown().filter((text) => text === 'committed')).toHaveLength(1);
    await write('and now');
    expect((await nextPost()).text).toBe('and now');
  });
});
