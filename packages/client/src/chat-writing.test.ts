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
  nextPost,
  pending,
  posted,
  reconnect,
  renew,
  shown,
  write,
} from './chat.fixture.ts';
import { ada, epoch, message, messages, refused, roomId } from './events.fixture.ts';
import { tick } from './fake-clock.fixture.ts';

describe('writing', () => {
  test('[C1] what cannot be sent at all is refused on the spot', async () => {
    live();
    for (const [text, code] of [
      ['\n', 'text-empty'],
      ['x'.repeat(16 * 1024 + 1), 'text-too-long'],
      ['\ud800', 'text-characters'],
    ] as const)
      expect(await codeOf(() => chat.room('lobby').post(text))).toBe(code);
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3']);
  });

  test('[C1] what was written offline goes after the reload, in order, in its room', async () => {
    live();
    chat.room('garden');
    network.latest.end();
    await write('one');
    await write('two');
    await write('three', 'garden');
    chat.close();
    renew();
    chat.resume();
    await tick();
    expect(pending()).toEqual(['one: queued', 'two: queued']);
    greet();
    letIn(messages(1, 3));
    const one = network.latest.next('join');
    expect(one.room).toBe('garden');
    expect((await nextPost()).text).toBe('one');
  });

  test.each(['posted', 'entry'])(
    '[C10] %s first: the draft becomes the message once, under one key',
    async (first) => {
      live();
      await write('hello');
      expect(pending()).toEqual(['hello: sending']);
      const key = lobby().items.at(-1)?.key;
      const { ref, draftId = '' } = await nextPost();
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
      expect(await keptTexts()).toEqual([]);
    },
  );

  test('[C8] one at a time, in order', async () => {
    live();
    for (const text of ['one', 'two', 'three']) await write(text);
    expect(pending()).toEqual(['one: sending', 'two: queued', 'three: queued']);
    const one = await nextPost();
    expect(network.latest.take()).toBeUndefined();
    posted(one.ref, one.draftId ?? '', 4);
    expect((await nextPost()).text).toBe('two');
  });

  test('[C8] cut off before the answer, a draft is sent again under its id, and the first answer ends it', async () => {
    live();
    await write('hello');
    const first = await nextPost();
    reconnect();
    letIn([], { resume: 'caught-up', position: { epoch, seq: 3 } });
    const second = await nextPost();
    expect(second.draftId).toBe(first.draftId);
    posted(second.ref, second.draftId ?? '', 2);
    expect(pending()).toEqual([]);
  });

  test('[C8] cut off after the commit, the entry that catches up is the answer', async () => {
    live();
    await write('hello');
    const { draftId } = await nextPost();
    reconnect();
    letIn([message(4, 'hello', ada, draftId)], { resume: 'caught-up' });
    expect(network.latest.take()).toBeUndefined();
    expect(shown()).toEqual(['text 1', 'text 2', 'text 3', 'hello']);
    expect(pending()).toEqual([]);
  });

  test('[C10] a message that is found by scrolling up ends its draft, though the answer to it is still out', async () => {
    live();
    await write('hello');
    const { draftId } = await nextPost();
    chat.close();
    renew();
    chat.resume();
    greet();
    letIn(messages(5, 6));
    await nextPost();
    chat.room('lobby').loadOlder();
    const page = network.latest.next('page');
    const entries = [...messages(1, 3), message(4, 'hello', ada, draftId)];
    network.latest.say({ type: 'page', ref: page.ref, roomId, entries, hasMore: false });
    expect(pending()).toEqual([]);
    expect(shown().filter((text) => text === 'hello')).toHaveLength(1);
  });

  test('[C9] refused for now: it waits as long as asked, and those behind it too', async () => {
    live();
    await write('one');
    await write('two');
    const one = await nextPost();
    network.latest.say(refused(one.ref, 'rate-limited', 2000));
    expect(pending()).toEqual(['one: queued', 'two: queued']);
    expect(lobby().items.at(-2)).toMatchObject({ error: { code: 'rate-limited' } });
    clock.pass(1999);
    expect(network.latest.take()).toBeUndefined();
    clock.pass(200);
    expect((await nextPost()).draftId).toBe(one.draftId);
  });

  test('[C9] refused for good: it fails with its reason, and the next one goes', async () => {
    live();
    await write('one');
    await write('two');
    const one = await nextPost();
    network.latest.say(refused(one.ref, 'text-too-long'));
    expect(pending()).toEqual(['one: failed', 'two: sending']);
    expect(lobby().items.at(-2)).toMatchObject({ error: { code: 'text-too-long' } });
    await nextPost();
    if (one.draftId) chat.room('lobby').retry(one.draftId);
    expect(pending()).toEqual(['one: queued', 'two: sending']);
    if (one.draftId) chat.room('lobby').cancel(one.draftId);
    expect(pending()).toEqual(['two: sending']);
  });

  test('[C9] a code of a newer server is for now if it says after how long', async () => {
    live();
    await write('one');
    network.latest.say(refused((await nextPost()).ref, 'moon-phase', 100));
    expect(pending()).toEqual(['one: queued']);
    clock.pass(1000);
    network.latest.say(refused((await nextPost()).ref, 'moon-phase'));
    expect(pending()).toEqual(['one: failed']);
  });

  test('[C10] an acknowledged entry that does not come is asked for', async () => {
    live();
    await write('hello');
    const { ref, draftId = '' } = await nextPost();
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

  test('[C10] an acknowledged entry that this version cannot read ends its draft all the same', async () => {
    live();
    await write('hello');
    const { ref, draftId = '' } = await nextPost();
    posted(ref, draftId, 4);
    network.latest.sayText(
      JSON.stringify({ type: 'entry', entry: { ...message(4, 'hello', ada), draftId, v: 2 } }),
    );
    expect(pending()).toEqual([]);
    expect(lobby().status).toBe('live');
  });

  test('[C10] an acknowledged entry that comes in time is not asked for', async () => {
    live();
    await write('hello');
    const { ref, draftId = '' } = await nextPost();
    posted(ref, draftId, 4);
    hear(message(4, 'hello', ada));
    clock.pass(10_000);
    expect(network.latest.take()).toBeUndefined();
  });
});
