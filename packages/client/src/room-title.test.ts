// What counts more: what the server says of a room, or the entries that come with it.

import { entrySchema } from '@wireroom/protocol';
import { expect, it } from 'vitest';
import { RoomTitle } from './room-title.ts';

const entry = (seq: number, content: { type: 'rename'; title: string } | { type: 'topic'; topic: string }) =>
  entrySchema.parse({
    ...{ v: 1, roomId: 'r_0123456789abcdef', epoch: 'e', seq, at: '2026-01-01T00:00:00.000Z' },
    ...{ author: { authorId: 'a_0123456789abcdef', name: 'Ada' }, draftId: `draft-${seq}-of-ada` },
    ...content,
  });

it('[C35] an entry counts more than what a server, which had not heard of it, says beside it', () => {
  const title = new RoomTitle('den');
  title.told({ title: 'Old', topic: 'old' });
  title.apply([entry(3, { type: 'topic', topic: 'new' })]);
  expect([title.title, title.topic]).toEqual(['Old', 'new']);
});

it('[C35] what was changed inside a gap is told, and a server that does not tell changes nothing', () => {
  const title = new RoomTitle('den');
  title.apply([entry(1, { type: 'rename', title: 'One' })]);
  title.told({});
  expect(title.title).toBe('One');
  title.told({ title: 'Two' });
  title.apply([entry(9, { type: 'topic', topic: 'later' })]);
  expect([title.title, title.topic]).toEqual(['Two', 'later']);
});
