import type { TimelineItem } from '@wireroom/client';
import { describe, expect, it } from 'vitest';
import { makeMessage, makeNotice, makePending } from '../fixture/timeline-items.ts';
import { newestSeq, pageTitle, unreadAfter } from './page-title.ts';

describe('pageTitle', () => {
  it('names the room, and the unread messages where there are any', () => {
    expect(pageTitle(undefined, 0)).toBe('Wireroom');
    expect(pageTitle('大厅', 0)).toBe('大厅 · Wireroom');
    expect(pageTitle('Lobby', 3)).toBe('(3) Lobby · Wireroom');
    expect(pageTitle('Lobby', 99)).toBe('(99) Lobby · Wireroom');
    expect(pageTitle('Lobby', 100)).toBe('(99+) Lobby · Wireroom');
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
    expect(unreadAfter(items, 4)).toBe(2);
    expect(unreadAfter(items, 7)).toBe(1);
    expect(unreadAfter(items, 8)).toBe(0);
    expect(unreadAfter([], 0)).toBe(0);
  });

  it('newestSeq looks past what is not in the log yet', () => {
    expect(newestSeq(items)).toBe(8);
    expect(newestSeq([makePending('only')])).toBe(0);
  });
});
