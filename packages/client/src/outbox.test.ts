import { expect, test } from 'vitest';
import { draft } from './events.fixture.ts';
import { fixedRandom } from './fake-clock.fixture.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { Outbox } from './outbox.ts';
import { type KeyValueStorage, memoryStorage } from './storage.ts';

function outbox(storage: KeyValueStorage = memoryStorage(), random = fixedRandom()): Outbox {
  return new Outbox({ storage, key: 'outbox', random });
}

const texts = (box: Outbox, slug = 'lobby'): string[] => box.of(slug).map(({ text }) => text);
const states = (box: Outbox): string[] => box.of('lobby').map(({ state }) => state);

test('[C1] what was written is there after a reload, in its order, and waits', () => {
  const storage = memoryStorage();
  const before = outbox(storage);
  const [one] = ['one', 'two', 'three'].map((text) => before.add('lobby', text));
  before.add('garden', 'elsewhere');
  if (one) before.sending('lobby', one.draftId);
  const after = outbox(storage);
  expect(texts(after)).toEqual(['one', 'two', 'three']);
  expect(after.of('lobby')[0]?.draftId).toBe(one?.draftId);
  expect(states(after)).toEqual(['waiting', 'waiting', 'waiting']);
  expect(after.slugs).toEqual(['lobby', 'garden']);
});

test('[C1] the acknowledged is not stored any more; the failed is, with its reason', () => {
  const storage = memoryStorage();
  const before = outbox(storage);
  const one = before.add('lobby', 'one');
  const two = before.add('lobby', 'two');
  before.acknowledged('lobby', one.draftId, 1);
  before.failed('lobby', two.draftId, { code: 'no-room', message: 'gone' });
  expect(texts(before)).toEqual(['one', 'two']);
  const after = outbox(storage);
  expect(after.of('lobby')).toEqual([
    { draftId: two.draftId, text: 'two', state: 'failed', error: { code: 'no-room', message: 'gone' } },
  ]);
  after.discard('lobby', two.draftId);
  expect(storage.get('outbox')).toBeUndefined();
});

test('[C1] the outbox is bounded in drafts and in bytes, and drops nothing', () => {
  const byCount = outbox();
  for (let n = 0; n < CLIENT_LIMITS.outboxDraftsMax; n += 1) byCount.add(`room-${n % 3}`, 'x');
  expect(() => byCount.add('lobby', 'x')).toThrow(expect.objectContaining({ code: 'busy' }));
  const byBytes = outbox();
  const text = 'é'.repeat(8 * 1024);
  for (let n = 0; n < CLIENT_LIMITS.outboxBytesMax / (16 * 1024); n += 1) byBytes.add('lobby', text);
  expect(() => byBytes.add('lobby', 'x')).toThrow(expect.objectContaining({ code: 'busy' }));
  expect(texts(byBytes)).toHaveLength(32);
});

test.each([
  ['', 'text-empty'],
  [' \n', 'text-empty'],
  ['x'.repeat(16 * 1024 + 1), 'text-too-long'],
  ['\ud800', 'text-characters'],
])('[C1] a text that the protocol refuses is refused at once: case %#', (text, code) => {
  const box = outbox();
  expect(() => box.add('lobby', text)).toThrow(expect.objectContaining({ code }));
  expect(box.slugs).toEqual([]);
});

test('[C8] one draft of a room at a time, and a failed one does not stop the next', () => {
  const box = outbox();
  const one = box.add('lobby', 'one');
  const two = box.add('lobby', 'two');
  expect(box.next('lobby')?.text).toBe('one');
  box.sending('lobby', one.draftId);
  expect(box.next('lobby')).toBeUndefined();
  box.failed('lobby', one.draftId, { code: 'bad-command', message: '' });
  expect(box.next('lobby')?.draftId).toBe(two.draftId);
});

test('[C8] a retry keeps the draftId, except after a conflict', () => {
  const box = outbox();
  const { draftId } = box.add('lobby', 'one');
  box.failed('lobby', draftId, { code: 'internal', message: '' });
  box.retry('lobby', draftId);
  expect(box.of('lobby')[0]).toMatchObject({ draftId, state: 'waiting' });
  box.failed('lobby', draftId, { code: 'draft-conflict', message: '' });
  box.retry('lobby', draftId);
  expect(box.of('lobby')[0]?.state).toBe('waiting');
  expect(box.of('lobby')[0]?.draftId).not.toBe(draftId);
});

test('[C10] what is on its way cannot be discarded', () => {
  const box = outbox();
  const { draftId } = box.add('lobby', 'one');
  box.sending('lobby', draftId);
  box.discard('lobby', draftId);
  expect(texts(box)).toEqual(['one']);
});

test('[C10] an acknowledged draft is shown until the feed has passed it', () => {
  const box = outbox();
  const { draftId } = box.add('lobby', 'one');
  box.acknowledged('lobby', draftId, 7);
  box.passed('lobby', 6);
  expect(states(box)).toEqual(['acknowledged']);
  box.passed('lobby', 7);
  expect(texts(box)).toEqual([]);
});

test('[C1] an interrupted draft waits again', () => {
  const box = outbox();
  const { draftId } = box.add('lobby', 'one');
  box.sending('lobby', draftId);
  box.interrupted('lobby');
  expect(box.next('lobby')?.draftId).toBe(draftId);
});

test('[C21] what in storage is no draft is left out', () => {
  const storage = memoryStorage();
  const good = { slug: 'lobby', draftId: draft('good'), text: 'good', state: 'waiting' };
  const bad = [null, 7, {}, { ...good, slug: '../x' }, { ...good, draftId: 'x' }, { ...good, text: 7 }, good];
  storage.set('outbox', JSON.stringify([...bad, good]));
  expect(texts(outbox(storage))).toEqual(['good']);
  storage.set('outbox', '{"not":"a list"}');
  expect(outbox(storage).slugs).toEqual([]);
});

test('[C20] a draft that changed is another object, the others are the same', () => {
  const box = outbox();
  const one = box.add('lobby', 'one');
  box.add('lobby', 'two');
  const before = box.of('lobby');
  box.sending('lobby', one.draftId);
  const after = box.of('lobby');
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});
