import { expect, test } from 'vitest';
import { ada, bob } from './events.fixture.ts';
import { FakeClock, fixedRandom, tick } from './fake-clock.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { Outbox } from './outbox.ts';
import type { NewDraft, OutboxNews, OutboxStore } from './outbox-store.ts';
import { Postings } from './postings.ts';

const at = '2026-01-01T00:00:00.000Z';
const text = (what: string) => ({ type: 'message', text: what }) as const;

async function outbox(
  store: OutboxStore = memoryOutbox(),
  postings = new Postings(),
  clock = new FakeClock(),
): Promise<Outbox> {
  const box = new Outbox({
    ...{ store, postings, clock, random: fixedRandom() },
    changed: () => {},
    loaded: () => {},
  });
  await tick();
  return box;
}

const texts = (box: Outbox, slug = 'lobby'): string[] =>
  box.of(slug).map(({ content }) => ('text' in content ? content.text : content.type));
const states = (box: Outbox): string[] => box.of('lobby').map(({ state }) => state);

/** A store that another tab shares, in a test's hand. */
class SharedStore {
  readonly store = memoryOutbox();
  changed: () => void = () => {};
  hear: (news: OutboxNews) => void = () => {};
  readonly told: OutboxNews[] = [];

  constructor() {
    this.store.watch = (changed) => {
      this.changed = changed;
      return () => {};
    };
    this.store.hear = (hear) => {
      this.hear = hear;
      return () => {};
    };
    this.store.tell = (news) => void this.told.push(news);
  }
}

const ofOther = (draftId: string, more: Partial<NewDraft> = {}): NewDraft => ({
  ...{ slug: 'lobby', draftId: draftId as NewDraft['draftId'], content: text(draftId), createdAt: 1 },
  ...{ state: 'queued', ...more },
});

test('[C1] what was written is there after a reload, in its order, and waits', async () => {
  const store = memoryOutbox();
  const before = await outbox(store);
  const [one] = ['one', 'two', 'three'].map((each) => before.add('lobby', text(each)));
  before.add('garden', text('elsewhere'));
  await tick();
  if (one) void before.claim(one.draftId);
  const after = await outbox(store);
  expect(texts(after)).toEqual(['one', 'two', 'three']);
  expect(after.of('lobby')[0]?.draftId).toBe(one?.draftId);
  expect(states(after)).toEqual(['queued', 'queued', 'queued']);
  expect(after.slugs).toEqual(['lobby', 'garden']);
});

test('[C1] the acknowledged is not stored any more; the failed is, with its reason', async () => {
  const store = memoryOutbox();
  const before = await outbox(store);
  const one = before.add('lobby', text('one'));
  const two = before.add('lobby', text('two'));
  await tick();
  before.acknowledged({ draftId: one.draftId, seq: 1, at });
  before.failed(two.draftId, { code: 'no-room', message: 'gone' });
  expect(texts(before)).toEqual(['one', 'two']);
  await tick();
  const after = await outbox(store);
  expect(after.of('lobby')).toMatchObject([
    { draftId: two.draftId, state: 'failed', error: { code: 'no-room', message: 'gone' } },
  ]);
  expect(after.cancel(two.draftId)).toBe(true);
  await tick();
  expect(await store.load()).toEqual([]);
});

test('[C1] the outbox is bounded in drafts, and drops nothing', async () => {
  const box = await outbox();
  for (let n = 0; n < CLIENT_LIMITS.outboxDraftsMax; n += 1) box.add(`room-${n % 3}`, text('x'));
  expect(() => box.add('lobby', text('x'))).toThrow(expect.objectContaining({ code: 'busy' }));
  expect(box.slugs).toEqual(['room-0', 'room-1', 'room-2']);
});

test('[C1] where the drafts of other tabs leave no room, the promise says so', async () => {
  const shared = new SharedStore();
  const postings = new Postings();
  const box = await outbox(shared.store, postings);
  for (let n = 0; n < CLIENT_LIMITS.outboxDraftsMax; n += 1)
    await shared.store.add(ofOther(`other-${1000 + n}`));
  const { draftId } = box.add('lobby', text('one too many'));
  const posted = postings.begin(draftId);
  await expect(posted).rejects.toMatchObject({ code: 'busy' });
  expect(texts(box)).not.toContain('one too many');
});

test('[C8] one draft of a room at a time, and a failed one does not stop the next', async () => {
  const box = await outbox();
  const one = box.add('lobby', text('one'));
  const two = box.add('lobby', text('two'));
  expect(box.next('lobby')).toBeUndefined();
  await tick();
  expect(box.next('lobby')?.draftId).toBe(one.draftId);
  void box.claim(one.draftId);
  expect(box.next('lobby')).toBeUndefined();
  box.failed(one.draftId, { code: 'bad-command', message: '' });
  expect(box.next('lobby')?.draftId).toBe(two.draftId);
});

test('[C8] a retry keeps the draftId, except after a conflict', async () => {
  const store = memoryOutbox();
  const box = await outbox(store);
  const { draftId } = box.add('lobby', text('one'));
  await tick();
  box.failed(draftId, { code: 'internal', message: '' });
  box.retry(draftId);
  expect(box.of('lobby')[0]).toMatchObject({ draftId, state: 'queued' });
  box.failed(draftId, { code: 'draft-conflict', message: '' });
  box.retry(draftId);
  expect(box.of('lobby')[0]?.state).toBe('queued');
  expect(box.of('lobby')[0]?.draftId).not.toBe(draftId);
  await tick();
  expect((await store.load()).map((draft) => draft.draftId)).toEqual([box.of('lobby')[0]?.draftId]);
});

test('[C28] what is on its way cannot be cancelled; what waits can, and its promise says so', async () => {
  const postings = new Postings();
  const box = await outbox(memoryOutbox(), postings);
  const one = box.add('lobby', text('one'));
  const two = box.add('lobby', text('two'));
  const posted = postings.begin(two.draftId);
  await tick();
  void box.claim(one.draftId);
  expect(box.cancel(one.draftId)).toBe(false);
  expect(box.cancel(two.draftId)).toBe(true);
  await expect(posted).rejects.toMatchObject({ code: 'cancelled' });
  expect(texts(box)).toEqual(['one']);
});

test('[C10] an acknowledged draft is shown until the feed has passed it', async () => {
  const box = await outbox();
  const { draftId } = box.add('lobby', text('one'));
  await tick();
  box.acknowledged({ draftId, seq: 7, at });
  box.passed('lobby', 6);
  expect(states(box)).toEqual(['acknowledged']);
  box.passed('lobby', 7);
  expect(texts(box)).toEqual([]);
});

test('[C1] an interrupted draft waits again', async () => {
  const box = await outbox();
  const { draftId } = box.add('lobby', text('one'));
  await tick();
  void box.claim(draftId);
  box.interrupted('lobby');
  expect(box.next('lobby')?.draftId).toBe(draftId);
});

test('[C29] what another tab writes is here, what it sends shows as sending, and what it got through goes with the feed', async () => {
  const shared = new SharedStore();
  const box = await outbox(shared.store);
  await shared.store.add(ofOther('theirs-0001'));
  shared.changed();
  await tick();
  expect(states(box)).toEqual(['queued']);
  const { draftId } = ofOther('theirs-0001');
  shared.hear({ draftId, state: 'sending' });
  expect(states(box)).toEqual(['sending']);
  shared.hear({ draftId, state: 'acknowledged', seq: 4 });
  await shared.store.remove([draftId]);
  shared.changed();
  await tick();
  expect(states(box)).toEqual(['acknowledged']);
  box.passed('lobby', 4);
  expect(texts(box)).toEqual([]);
});

test('[C29] what another tab drops goes; who leads tells what it sends', async () => {
  const shared = new SharedStore();
  const box = await outbox(shared.store);
  const { draftId } = box.add('lobby', text('one'));
  await tick();
  box.sent(draftId);
  expect(shared.told).toEqual([{ draftId, state: 'sending' }]);
  await shared.store.remove([draftId]);
  shared.changed();
  await tick();
  expect(texts(box)).toEqual([]);
});

test('[C29] drafts of another person in the same browser are neither shown nor sent', async () => {
  const shared = new SharedStore();
  await shared.store.add(ofOther('of-bob-0001', { authorId: bob.authorId }));
  await shared.store.add(ofOther('of-ada-0001', { authorId: ada.authorId }));
  const box = await outbox(shared.store);
  box.connected(ada.authorId, undefined);
  await tick();
  expect(texts(box)).toEqual(['of-ada-0001']);
  box.clear();
  await tick();
  expect((await shared.store.load()).map(({ draftId }) => draftId)).toEqual(['of-bob-0001']);
});

test('[C5] [C29] under a new author, what the old one wrote is ours', async () => {
  const store = memoryOutbox();
  await store.add(ofOther('of-ada-0001', { authorId: ada.authorId }));
  const box = await outbox(store);
  box.connected(bob.authorId, ada.authorId);
  await tick();
  expect(texts(box)).toEqual(['of-ada-0001']);
  expect((await store.load())[0]?.authorId).toBe(bob.authorId);
});

test('[C5] [C29] what a tab wrote as the old author is ours as well, whichever tab heard of the new one first', async () => {
  const shared = new SharedStore();
  const box = await outbox(shared.store);
  box.connected(ada.authorId, undefined);
  await shared.store.add(ofOther('of-ada-0001', { authorId: ada.authorId }));
  // The storage says who we are by now: another tab has put it there.
  box.connected(bob.authorId, bob.authorId);
  await shared.store.add(ofOther('of-ada-0002', { authorId: ada.authorId }));
  shared.changed();
  await tick();
  expect(texts(box)).toEqual(['of-ada-0001', 'of-ada-0002']);
  expect((await shared.store.load()).map(({ authorId }) => authorId)).toEqual([bob.authorId, bob.authorId]);
});

test('[C29] a draft that another tab got through, or that failed there, settles the promise here', async () => {
  const shared = new SharedStore();
  const postings = new Postings();
  const box = await outbox(shared.store, postings);
  const [one, two] = [box.add('lobby', text('one')), box.add('lobby', text('two'))];
  const posted = postings.begin(one.draftId);
  const failed = postings.begin(two.draftId);
  await tick();
  // What it asked for was so already: no entry with its draftId will come.
  const news = { draftId: one.draftId, seq: 4, at };
  shared.hear({ ...news, state: 'acknowledged' });
  expect(await posted).toEqual(news);
  const [, kept] = await shared.store.load();
  const error = { code: 'target-deleted', message: 'It was deleted.' } as const;
  if (kept !== undefined) await shared.store.change({ ...kept, state: 'failed', error });
  shared.changed();
  await expect(failed).rejects.toMatchObject({ code: 'target-deleted' });
});

test('[C29] old news of what another tab sends does not hold up the tab that leads', async () => {
  const shared = new SharedStore();
  const box = await outbox(shared.store);
  const { draftId } = box.add('lobby', text('one'));
  box.connected(ada.authorId, undefined);
  await tick();
  expect(box.isLeading).toBe(true);
  shared.hear({ draftId, state: 'sending' });
  expect(box.next('lobby')?.draftId).toBe(draftId);
});

test('[C20] a draft that changed is another object, the others are the same', async () => {
  const box = await outbox();
  const one = box.add('lobby', text('one'));
  box.add('lobby', text('two'));
  await tick();
  const before = box.of('lobby');
  void box.claim(one.draftId);
  const after = box.of('lobby');
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test('[C28] what another tab cancelled is cancelled here at once; what it may have sent, when it does not come', async () => {
  const shared = new SharedStore();
  const postings = new Postings();
  const clock = new FakeClock();
  const box = await outbox(shared.store, postings, clock);
  const [one, two] = ['one', 'two'].map((each) => box.add('lobby', text(each)));
  if (one === undefined || two === undefined) throw new Error('two were written');
  const settled: string[] = [];
  for (const { draftId } of [one, two])
    postings
      .begin(draftId)
      .catch(({ code }: { code: string }) => settled.push(`${draftId === one.draftId} ${code}`));
  await tick();
  shared.hear({ draftId: one.draftId, state: 'cancelled' });
  await tick();
  expect(settled).toEqual(['true cancelled']);
  expect(texts(box)).toEqual(['two']);
  await shared.store.remove([one.draftId]);
  // Without a word, by a tab that died.
  await shared.store.remove([two.draftId]);
  shared.changed();
  await tick();
  expect(texts(box)).toEqual([]);
  expect(settled).toHaveLength(1);
  clock.pass(CLIENT_LIMITS.entryGraceMs);
  await tick();
  expect(settled).toEqual(['true cancelled', 'false cancelled']);
  // And the other way round.
  const three = box.add('lobby', text('three'));
  await tick();
  box.cancel(three.draftId);
  expect(shared.told.at(-1)).toEqual({ draftId: three.draftId, state: 'cancelled' });
});

test('[C8] ids begin with the time at which the draft was written', async () => {
  const clock = new FakeClock();
  const box = await outbox(memoryOutbox(), new Postings(), clock);
  const first = box.add('lobby', text('one'));
  clock.pass(1);
  const second = box.add('lobby', text('two'));
  expect(Number.parseInt(first.draftId.slice(0, 12), 16)).toBe(first.createdAt);
  expect(second.draftId > first.draftId).toBe(true);
});
