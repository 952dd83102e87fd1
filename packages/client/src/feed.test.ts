import { type Epoch, epochSchema } from '@wireroom/protocol';
import { expect, test } from 'vitest';
import { epoch, joined, message, messages, unknown } from './events.fixture.ts';
import { Feed, type FeedStep } from './feed.ts';
import * as CLIENT_LIMITS from './limits.ts';

const seqs = ({ entries }: FeedStep): number[] => entries.map(({ seq }) => seq);

/** A feed that has everything up to `head`. */
function feedAt(head: number): Feed {
  const feed = new Feed();
  feed.joined(joined(1, messages(Math.max(1, head - 4), head)));
  return feed;
}

const position = (seq: number, at: Epoch = epoch) => ({ position: { epoch: at, seq } });

test('[C11] [F4] a fresh join gives the newest entries, and the cursor stands at the position', () => {
  const feed = new Feed();
  const step = feed.joined(joined(1, messages(41, 50)));
  expect(step.isRestart).toBe(true);
  expect(seqs(step)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
  expect(feed.cursor).toEqual({ epoch, seq: 50 });
  expect(feed.isBehind).toBe(false);
});

test('[C11] an empty room is at 0, and its first entry is the next', () => {
  const feed = new Feed();
  feed.joined(joined(1, []));
  expect(feed.cursor?.seq).toBe(0);
  expect(seqs(feed.heard(message(1)))).toEqual([1]);
});

test('[C11] [F1] caught-up goes on from the cursor', () => {
  const feed = feedAt(10);
  const step = feed.joined(joined(2, messages(11, 13), { resume: 'caught-up' }));
  expect(step.isRestart).toBe(false);
  expect(seqs(step)).toEqual([11, 12, 13]);
  expect(seqs(feed.joined(joined(3, [], { resume: 'caught-up', ...position(13) })))).toEqual([]);
  expect(feed.isBehind).toBe(false);
});

test('[C11] [F1] reset starts again, in the new epoch', () => {
  const feed = feedAt(10);
  const other = epochSchema.parse('e2');
  const entries = messages(1, 2).map((entry) => ({ ...entry, epoch: other }));
  const step = feed.joined(joined(2, entries, { resume: 'reset', ...position(2, other) }));
  expect(step.isRestart).toBe(true);
  expect(seqs(step)).toEqual([1, 2]);
  expect(feed.cursor).toEqual({ epoch: other, seq: 2 });
});

test('[C11] nothing of the old epoch is left for the new one', () => {
  const feed = feedAt(10);
  feed.heard(message(13));
  const other = epochSchema.parse('e2');
  const entries = messages(11, 12).map((entry) => ({ ...entry, epoch: other }));
  expect(seqs(feed.joined(joined(2, entries, { resume: 'reset', ...position(12, other) })))).toEqual([
    11, 12,
  ]);
});

test.each([
  ['another epoch', joined(2, [], { resume: 'caught-up', ...position(10, epochSchema.parse('e2')) })],
  ['a position before our cursor', joined(2, messages(1, 3), { resume: 'caught-up' })],
])('[C11] whatever the server calls it, %s is a new start', (_, event) => {
  expect(feedAt(10).joined(event).isRestart).toBe(true);
});

test('[C12] [F2] a duplicate is dropped, a jump is kept aside and makes the room behind', () => {
  const feed = feedAt(10);
  expect(seqs(feed.heard(message(10)))).toEqual([]);
  expect(seqs(feed.heard(message(3)))).toEqual([]);
  expect(feed.isBehind).toBe(false);
  expect(seqs(feed.heard(message(13)))).toEqual([]);
  expect(feed.isBehind).toBe(true);
  expect(seqs(feed.heard(message(11)))).toEqual([11]);
  expect(seqs(feed.paged([message(12)]))).toEqual([12, 13]);
  expect(feed.isBehind).toBe(false);
});

test('[C12] an unknown entry counts', () => {
  const feed = feedAt(10);
  expect(seqs(feed.heard(unknown(11)))).toEqual([11]);
  expect(seqs(feed.heard(message(12)))).toEqual([12]);
});

test('[C12] what does not fit beside the hole is known to be missing', () => {
  const feed = feedAt(10);
  const head = 12 + CLIENT_LIMITS.bufferedEntriesMax;
  for (const entry of messages(12, head)) feed.heard(entry);
  expect(seqs(feed.heard(message(11))).at(-1)).toBe(head - 1);
  expect(feed.isBehind).toBe(true);
  expect(seqs(feed.paged([message(head)]))).toEqual([head]);
  expect(feed.isBehind).toBe(false);
});

test('[C13] an announced gap is jumped over; live entries go on', () => {
  const feed = feedAt(10);
  const step = feed.joined(joined(2, messages(50, 51), { resume: 'gap' }));
  expect(step.isRestart).toBe(false);
  expect(seqs(step)).toEqual([50, 51]);
  expect(seqs(feed.heard(message(52)))).toEqual([52]);
  expect(feed.isBehind).toBe(false);
});

test('[C14] too far behind for pages, the room is joined again', () => {
  const feed = feedAt(10);
  feed.heardHead({ epoch, seq: 10 + CLIENT_LIMITS.behindEntriesMax });
  expect(feed.isLost).toBe(false);
  feed.heardHead({ epoch, seq: 11 + CLIENT_LIMITS.behindEntriesMax });
  expect(feed.isLost).toBe(true);
});

test('[C27] a head of another epoch means that we are lost, a smaller one nothing', () => {
  const feed = feedAt(10);
  feed.heardHead({ epoch, seq: 9 });
  expect(feed.isBehind).toBe(false);
  feed.heardHead({ epoch: epochSchema.parse('e2'), seq: 1 });
  expect(feed.isLost).toBe(true);
});

test('[C14] pages that bring nothing, three in a row, mean that we are lost', () => {
  const feed = feedAt(10);
  feed.heard(message(20));
  feed.paged([]);
  feed.paged([]);
  feed.paged([message(11)]);
  feed.paged([message(11)]);
  feed.paged([]);
  expect(feed.isLost).toBe(false);
  feed.paged([message(30)]);
  expect(feed.isLost).toBe(true);
  feed.joined(joined(2, messages(12, 30), { resume: 'caught-up' }));
  expect(feed.isLost).toBe(false);
});

test('[C14] an entry of another epoch is not taken, and means that we are lost', () => {
  const feed = feedAt(10);
  expect(seqs(feed.heard({ ...message(11), epoch: epochSchema.parse('e2') }))).toEqual([]);
  expect(feed.isLost).toBe(true);
});

test('[C10] a seq that was acknowledged and not seen makes the room behind', () => {
  const feed = feedAt(10);
  feed.learned(10);
  expect(feed.isBehind).toBe(false);
  feed.learned(11);
  expect(feed.isBehind).toBe(true);
});
