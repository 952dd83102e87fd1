import { expect, test } from 'vitest';
import {
  ada,
  author,
  bob,
  draft,
  edit,
  epoch,
  joined,
  message,
  messages,
  notice,
  reaction,
  removal,
  unknown,
} from './events.fixture.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { Members } from './members.ts';
import type { MessageItem } from './snapshot.ts';
import { Timeline } from './timeline.ts';

const seqs = (timeline: Timeline): (number | string)[] =>
  timeline.items.map((item) =>
    'seq' in item ? item.seq : item.kind === 'gap' ? `${item.from}-${item.to}` : '',
  );
const messageAt = (timeline: Timeline, seq: number): MessageItem | undefined =>
  timeline.items.find((item): item is MessageItem => item.kind === 'message' && item.seq === seq);
const at = (seq: number) => ({ epoch, seq });

test('[C15] firstItemIndex falls by each item put before the first', () => {
  const timeline = new Timeline();
  timeline.append(messages(10, 12));
  expect(timeline.firstItemIndex).toBe(1_000_000);
  expect(timeline.insert({ entries: [message(7), unknown(8), notice(9, 'join')] })).toBe('taken');
  expect(timeline.firstItemIndex).toBe(999_998);
  expect(seqs(timeline)).toEqual([7, 9, 10, 11, 12]);
  expect(timeline.oldestSeq).toBe(7);
});

test('[C12] older entries that do not join on are not taken', () => {
  const timeline = new Timeline();
  timeline.append(messages(10, 12));
  for (const page of [[], messages(5, 8), messages(9, 10), [message(7), message(9)]]) {
    expect(timeline.insert({ entries: page })).toBe('misfit');
  }
  expect(timeline.oldestSeq).toBe(10);
  expect(seqs(timeline)).toEqual([10, 11, 12]);
});

test('[C15] beyond the bound the oldest go, several at once, and firstItemIndex rises by as many', () => {
  const { timelineItemsMax: most, timelineTrimItems: step } = CLIENT_LIMITS;
  const timeline = new Timeline();
  timeline.append(messages(1, most + step - 1));
  timeline.trim(most);
  expect(timeline.items).toHaveLength(most + step - 1);
  timeline.append([message(most + step)]);
  timeline.trim(most);
  expect(timeline.items).toHaveLength(most);
  expect(timeline.oldestSeq).toBe(step + 1);
  expect(timeline.firstItemIndex).toBe(1_000_000 + step);
  expect(timeline.insert({ entries: messages(1, step) })).toBe('taken');
  expect(timeline.firstItemIndex).toBe(1_000_000);
});

test('[C10] one’s own message bears its draftId as key; nobody can borrow it', () => {
  const timeline = new Timeline();
  timeline.setMine(ada.authorId);
  timeline.append([message(1, 'mine', ada, draft('same')), message(2, 'forged', bob, draft('same'))]);
  expect(timeline.items.map(({ key }) => key)).toEqual([draft('same'), '#2']);
  expect(timeline.items).toMatchObject([{ isMine: true }, { isMine: false }]);
});

test('[C5] another author than before has other messages', () => {
  const timeline = new Timeline();
  timeline.setMine(ada.authorId);
  timeline.append([message(1, '', ada), message(2, '', bob), notice(3, 'join')]);
  const [, , join] = timeline.items;
  timeline.setMine(bob.authorId);
  expect(timeline.items).toMatchObject([{ isMine: false }, { isMine: true }, { what: 'join' }]);
  expect(timeline.items[2]).toBe(join);
});

test('[C20] items stay the same objects, and the list changes only with them', () => {
  const timeline = new Timeline();
  timeline.append([message(1)]);
  const before = timeline.items;
  timeline.append([unknown(2)]);
  expect(timeline.items).toBe(before);
  timeline.append([message(3)]);
  expect(timeline.items).not.toBe(before);
  expect(timeline.items[0]).toBe(before[0]);
});

test('[C12] [C13] a jump opens a gap; pages fill it from its lower end, and it closes', () => {
  const timeline = new Timeline();
  timeline.append(messages(1, 3));
  timeline.append(messages(10, 11));
  expect(seqs(timeline)).toEqual([1, 2, 3, '4-9', 10, 11]);
  const { key } = timeline.items[3] ?? {};
  expect(timeline.insert({ entries: messages(7, 9), position: at(11) })).toBe('taken');
  expect(seqs(timeline)).toEqual([1, 2, 3, '4-6', 7, 8, 9, 10, 11]);
  expect(timeline.items[3]?.key).toBe(key);
  // The newest keep their numbers: three more stand before them.
  expect(timeline.firstItemIndex).toBe(999_997);
  expect(timeline.insert({ entries: messages(2, 6), position: at(11) })).toBe('taken');
  expect(seqs(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(timeline.firstItemIndex).toBe(999_995);
  expect(timeline.gaps).toEqual([]);
});

test('[C15] what is trimmed takes its gaps with it, and there are never more than the bound', () => {
  const timeline = new Timeline();
  for (let n = 0; n <= CLIENT_LIMITS.gapsMax + 3; n += 1) timeline.append([message(1 + 10 * n)]);
  timeline.trim(1_000);
  expect(timeline.gaps).toHaveLength(CLIENT_LIMITS.gapsMax);
  expect(timeline.oldestSeq).toBe(31);
  expect(timeline.firstItemIndex).toBe(1_000_006);
  timeline.append(messages(1_000, 1_999));
  timeline.trim(500);
  expect(timeline.gaps).toEqual([]);
  expect(timeline.items).toHaveLength(500);
});

test('[C26] edits, deletions and reactions are applied once; of the deleted nothing stays', () => {
  const timeline = new Timeline();
  timeline.setMine(ada.authorId);
  timeline.append([message(1, 'one'), message(2, 'two'), edit(3, 1, 'uno'), reaction(4, 1, '🎈', ada)]);
  expect(messageAt(timeline, 1)).toMatchObject({
    text: 'uno',
    editedAt: '2026-01-01T00:00:00.000Z',
    reactions: [{ emoji: '🎈', count: 1, isMine: true, authors: [ada] }],
  });
  timeline.append([reaction(5, 1, '🎈', bob), { ...reaction(6, 1, '🎈', ada), type: 'unreact' }]);
  expect(messageAt(timeline, 1)?.reactions).toEqual([
    { emoji: '🎈', count: 1, isMine: false, authors: [bob] },
  ]);
  timeline.append([removal(7, 1), edit(8, 1, 'too late')]);
  expect(messageAt(timeline, 1)).toMatchObject({ text: '', isDeleted: true, reactions: [] });
  expect(messageAt(timeline, 1)).not.toHaveProperty('editedAt');
  expect(messageAt(timeline, 2)).toMatchObject({ text: 'two', isDeleted: false });
});

test('[C26] a page is as its states say; what they know already is not counted again, what they do not know is', () => {
  const timeline = new Timeline();
  timeline.append([message(5), reaction(6, 2, '🎈', bob), reaction(7, 2, '🎈', ada)]);
  const states = [{ seq: 2, reactions: [{ emoji: '🎈', count: 1, isMine: false, authors: [bob] }] }];
  // Read when the log was at 6: the reaction under 7 came after it.
  expect(timeline.insert({ entries: messages(1, 4), states, position: at(6) })).toBe('taken');
  expect(messageAt(timeline, 2)?.reactions).toMatchObject([{ count: 2, authors: [bob, ada] }]);
  // Read when it was at 9, of which we have not heard: nothing of that is applied when it comes.
  const later = [
    { seq: 2, reactions: [{ emoji: '🎈', count: 3, isMine: false, authors: [bob, ada, author('Cy')] }] },
  ];
  expect(timeline.refresh({ entries: messages(1, 4), states: later, position: at(9) })).toBe('taken');
  timeline.append([reaction(8, 2, '🎈', author('Cy')), reaction(9, 2, '👍', ada)]);
  expect(messageAt(timeline, 2)?.reactions).toMatchObject([{ count: 3 }]);
});

test('[C26] what was changed in a gap is stale once that is seen, until it is read again', () => {
  const timeline = new Timeline();
  timeline.append(messages(1, 3));
  timeline.append([message(6), edit(7, 2, 'after the gap')]);
  expect(messageAt(timeline, 2)?.text).toBe('after the gap');
  timeline.insert({ entries: [edit(4, 2, 'in the gap'), removal(5, 3)], position: at(7) });
  expect([...timeline.stale].sort()).toEqual([2, 3]);
  expect(messageAt(timeline, 2)?.text).toBe('after the gap');
  const entries = [message(2), { ...message(3, ''), deleted: true as const }];
  timeline.refresh({ entries, states: [{ seq: 2, text: 'after the gap', reactions: [] }], position: at(7) });
  expect(timeline.stale.size).toBe(0);
  expect(messageAt(timeline, 3)).toMatchObject({ text: '', isDeleted: true });
});

test('[C26] a page that is older than what is remembered since is not taken', () => {
  const timeline = new Timeline();
  timeline.append([message(1)]);
  const many = CLIENT_LIMITS.recentChangesMax + 1;
  timeline.append(Array.from({ length: many }, (_, n) => edit(2 + n, 1, `text ${n}`)));
  timeline.append([message(9_000)]);
  expect(timeline.insert({ entries: messages(8_000, 8_999), position: at(8_999) })).toBe('taken');
  timeline.append(Array.from({ length: many }, (_, n) => edit(9_001 + n, 1, `more ${n}`)));
  expect(timeline.insert({ entries: messages(7_000, 7_999), position: at(9_001) })).toBe('outdated');
});

test('[C26] where a name is missing among those who reacted, the server is asked', () => {
  const timeline = new Timeline();
  const people = Array.from({ length: 12 }, (_, n) => author(`p${n}_`));
  timeline.append([message(1), ...people.map((by, n) => reaction(2 + n, 1, '🎈', by))]);
  expect(messageAt(timeline, 1)?.reactions).toMatchObject([{ count: 12, authors: people.slice(0, 10) }]);
  const [first = bob] = people;
  timeline.append([{ ...reaction(14, 1, '🎈', first), type: 'unreact' }]);
  expect(messageAt(timeline, 1)?.reactions[0]?.count).toBe(11);
  expect([...timeline.stale]).toEqual([1]);
});

test('[C17] members follow the join and leave entries after the list', () => {
  const members = new Members();
  members.joined(joined(1, messages(1, 5), { members: [ada, bob], memberCount: 2 }), ada);
  members.apply(messages(1, 5));
  members.apply([
    notice(6, 'leave', bob),
    notice(7, 'leave', ada),
    notice(8, 'join', { ...ada, name: 'Ada L.' }),
  ]);
  expect(members.list).toEqual([{ ...ada, name: 'Ada L.' }]);
  expect(members.count).toBe(1);
});

test('[C17] a list that is older or newer than its entries comes right, and history changes nothing', () => {
  const entries = [notice(4, 'join', bob), notice(5, 'leave', ada)];
  for (const list of [[ada], [ada, bob], [bob]]) {
    const members = new Members();
    members.joined(joined(1, entries, { members: list, memberCount: list.length }), ada);
    members.apply([notice(2, 'join', { ...bob, name: 'Robert' }), notice(3, 'leave', ada)]);
    expect(members.list).toEqual(list);
    members.apply(entries);
    expect(members.list).toEqual([bob]);
    expect(members.count).toBe(1);
  }
});

test('[C17] of an incomplete list only what is newer changes the count', () => {
  const members = new Members();
  members.joined(joined(1, [notice(5, 'join', bob)], { members: [ada], memberCount: 150 }), ada);
  members.apply([notice(5, 'join', bob)]);
  expect(members.count).toBe(150);
  members.apply([notice(6, 'join', bob)]);
  expect(members.count).toBe(151);
  members.apply([notice(7, 'leave', bob)]);
  expect(members.count).toBe(150);
});
