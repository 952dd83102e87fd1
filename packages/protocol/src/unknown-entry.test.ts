import { expect, test } from 'vitest';
import { decodeEvent } from './codec.ts';

const envelope = {
  v: 1,
  roomId: 'r_0123456789abcdef',
  epoch: 'e1',
  seq: 7,
  author: { authorId: 'a_0123456789abcdef', name: 'Ada' },
  at: '2026-01-01T00:00:00.000Z',
};
const message = { ...envelope, type: 'message', draftId: 'draft-01', text: 'hello' };
const decoded = (entry: object): unknown => decodeEvent(JSON.stringify({ type: 'entry', entry }));
const trace = (sentType: string) => ({
  type: 'entry',
  entry: { type: 'unknown', sentType, roomId: envelope.roomId, epoch: 'e1', seq: 7 },
});

test('an entry of a known type is itself', () => {
  expect(decoded(message)).toEqual({ type: 'entry', entry: message });
});

test.each([
  ['an unknown type', { ...envelope, type: 'reaction', emoji: 'x' }, 'reaction'],
  ['a newer envelope', { ...message, v: 2 }, 'message'],
  ['a shape that cannot be read', { ...message, text: 7 }, 'message'],
  ['the type that unknown entries get here', { ...envelope, type: 'unknown' }, 'unknown'],
])('an entry of %s still says where it stands in the log', (_, entry, sentType) => {
  expect(decoded(entry)).toEqual(trace(sentType));
});

test('an entry without its place in the log is no entry', () => {
  const { seq: _, ...placeless } = message;
  expect(decoded(placeless)).toBeUndefined();
  expect(decoded({ ...message, seq: 0 })).toBeUndefined();
});

test('one unknown entry does not spoil the page that it is in', () => {
  const entries = [message, { ...envelope, seq: 8, type: 'reaction' }];
  const page = { type: 'page', ref: 1, roomId: envelope.roomId, entries, hasMore: false };
  expect(decodeEvent(JSON.stringify(page))).toMatchObject({
    entries: [message, { type: 'unknown', sentType: 'reaction', seq: 8 }],
  });
});
