import { describe, expect, it } from 'vitest';
import { makeAuthor, makeGap, makeMessage, makeNotice, makePending } from '../fixture/timeline-items.ts';
import { GROUP_GAP_MS, layoutOf } from './message-layout.ts';

const start = new Date(2026, 10, 23, 14, 0);
const after = (ms: number): string => new Date(start.getTime() + ms).toISOString();
const ada = makeMessage(1, { at: after(0) });

describe('layoutOf', () => {
  it('puts one author’s messages together while they follow soon enough', () => {
    const soon = makeMessage(2, { at: after(GROUP_GAP_MS) });
    const late = makeMessage(2, { at: after(GROUP_GAP_MS + 1) });
    expect(layoutOf(ada, soon, undefined).isHead).toBe(false);
    expect(layoutOf(ada, late, undefined).isHead).toBe(true);
    expect(layoutOf(undefined, ada, soon)).toEqual({ isHead: true, isTail: false, opensDay: true });
    expect(layoutOf(undefined, ada, late).isTail).toBe(true);
  });

  it('begins anew with another author, another name, or after a notice', () => {
    const bob = makeMessage(2, { author: makeAuthor('Bob'), at: after(1) });
    const renamed = makeMessage(2, { author: { ...ada.author, name: 'Ada L.' }, at: after(1) });
    const left = makeNotice(2, 'leave', { at: after(1) });
    expect(layoutOf(ada, bob, undefined).isHead).toBe(true);
    expect(layoutOf(ada, renamed, undefined).isHead).toBe(true);
    expect(layoutOf(left, makeMessage(3, { at: after(2) }), undefined).isHead).toBe(true);
    expect(layoutOf(ada, left, undefined).isHead).toBe(false);
  });

  it('opens a day at midnight of the reader’s calendar, and a group with it', () => {
    const late = makeMessage(1, { at: new Date(2026, 10, 23, 23, 59, 50).toISOString() });
    const early = makeMessage(2, { at: new Date(2026, 10, 24, 0, 0, 10).toISOString() });
    expect(layoutOf(late, early, undefined)).toMatchObject({ opensDay: true, isHead: true });
    expect(layoutOf(early, makeMessage(3, { at: early.at }), undefined).opensDay).toBe(false);
  });

  it('joins what waits onto one’s own last message, not onto another’s', () => {
    const mine = makeMessage(2, { isMine: true, at: after(0) });
    const waiting = makePending('soon');
    expect(layoutOf(mine, waiting, undefined)).toEqual({ isHead: false, isTail: true, opensDay: false });
    expect(layoutOf(waiting, makePending('later on'), undefined).isHead).toBe(false);
    expect(layoutOf(ada, waiting, undefined).isHead).toBe(true);
    expect(layoutOf(undefined, waiting, undefined)).toMatchObject({ isHead: true, opensDay: false });
  });

  it('begins anew after a gap: nobody knows what was said before, nor on which day', () => {
    const gap = makeGap(2, 40);
    const later = makeMessage(41, { at: after(1) });
    expect(layoutOf(ada, gap, later)).toEqual({ isHead: false, isTail: true, opensDay: false });
    expect(layoutOf(gap, later, undefined)).toMatchObject({ isHead: true, opensDay: true });
    expect(layoutOf(undefined, ada, gap).isTail).toBe(true);
  });
});
