import type { TimelineItem } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { makeGap, makeMessage, makeNotice, makePending } from '../fixture/timeline-items.ts';
import { NOTHING_UNREAD, newestSeq, pageTitle, unreadAfter } from './page-title.ts';

const exactly = (count: number) => ({ count, isMore: false });

describe('pageTitle', () => {
  it('names the room, and the unread messages where there are any', () => {
    expect(pageTitle(undefined, NOTHING_UNREAD)).toBe('Wireroom');
    expect(pageTitle('大厅', NOTHING_UNREAD)).toBe('大厅 · Wireroom');
    expect(pageTitle('Lobby', exactly(3))).toBe('(3) Lobby · Wireroom');
    expect(pageTitle('Lobby', exactly(99))).toBe('(99) Lobby · Wireroom');
    expect(pageTitle('Lobby', exactly(100))).toBe('(99+) Lobby · Wireroom');
    expect(pageTitle('Lobby', { count: 3, isMore: true })).toBe('(3+) Lobby · Wireroom');
  });
});

describe('unreadAfter', () => {
  const items: readonly TimelineItem[] = [
    makeMessage(4, { text: 'seen' }),
    makeMessage(5, { text: 'new' }),
    makeNotice(6, 'join'),
    makeMessage(7, { isMine: true }),
    makeMessage(8, { text: 'new too' }),
    makePending('not sent'),
  ];

  it('counts what others wrote after the last number that was seen', () => {
    expect(unreadAfter(items, 4)).toEqual(exactly(2));
    expect(unreadAfter(items, 7)).toEqual(exactly(1));
    expect(unreadAfter(items, 8)).toEqual(exactly(0));
    expect(unreadAfter([], 0)).toEqual(exactly(0));
  });

  it('newestSeq looks past what is not in the log yet', () => {
    expect(newestSeq(items)).toBe(8);
    expect(newestSeq([makePending('only')])).toBe(0);
  });

  it('says of what is not here only that there is more', () => {
    const later = [makeGap(9, 900), makeMessage(901), ...items.slice(-1)];
    const all = [...items.slice(0, -1), ...later];
    expect(unreadAfter(all, 7)).toEqual({ count: 2, isMore: true });
    expect(unreadAfter(all, 899)).toEqual({ count: 1, isMore: true });
    expect(unreadAfter(all, 900)).toEqual(exactly(1));
    expect(newestSeq(later)).toBe(901);
  });
});
