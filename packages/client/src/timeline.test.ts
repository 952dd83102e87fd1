import { expect, test } from 'vitest';
import { ada, bob, draft, joined, message, messages, notice, unknown } from './events.fixture.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { Members } from './members.ts';
import { Timeline } from './timeline.ts';

const seqs = (timeline: Timeline): number[] => timeline.items.map(({ seq }) => seq);

test('[C15] firstItemIndex falls by each item put before the first', () => {
  const timeline = new Timeline();
  timeline.append(messages(10, 12));
  expect(timeline.firstItemIndex).toBe(1_000_000);
  expect(timeline.prepend([message(7), unknown(8), notice(9, 'join')])).toBe(true);
  expect(timeline.firstItemIndex).toBe(999_998);
  expect(seqs(timeline)).toEqual([7, 9, 10, 11, 12]);
  expect(timeline.oldestSeq).toBe(7);
});

test('[C12] older entries that do not join on are not taken', () => {
  const timeline = new Timeline();
  timeline.append(messages(10, 12));
  for (const page of [[], messages(5, 8), messages(8, 10), [message(7), message(9)]]) {
    expect(timeline.prepend(page)).toBe(false);
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
  expect(timeline.prepend(messages(1, step))).toBe(true);
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
