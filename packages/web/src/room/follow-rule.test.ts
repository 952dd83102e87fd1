import { describe, expect, it } from 'vitest';
import { AT_END_PX, follows, type ScrollState } from './follow-rule.ts';

const atEnd: ScrollState = { top: 400, height: 1000, viewport: 600, at: 10_000, touchedAt: 0, changedAt: 0 };
const long: ScrollState = { ...atEnd, top: 5_000, height: 9_000 };

describe('follows', () => {
  it('stays at the end while the list grows, however fast', () => {
    const grown = { ...atEnd, height: 90_000, changedAt: 9_990 };
    expect(follows(true, atEnd, grown)).toBe(true);
    expect(follows(true, grown, { ...grown, top: 5_000 })).toBe(true);
  });

  it('lets go when the reader scrolls up, and follows again once they are back', () => {
    const up = { ...atEnd, top: 300 };
    expect(follows(true, atEnd, up)).toBe(false);
    expect(follows(false, up, { ...up, top: 320 })).toBe(false);
    expect(follows(false, up, { ...up, top: 400 - AT_END_PX })).toBe(true);
  });

  it('tells the reader’s hand from the corrections of a list that is changing', () => {
    const changing = { ...long, changedAt: 9_900 };
    expect(follows(true, changing, { ...changing, top: 4_000, height: 9_500 })).toBe(true);
    expect(follows(true, changing, { ...changing, top: 4_900, height: 9_500, touchedAt: 9_800 })).toBe(false);
    // Rows that turn out lower than they were taken for do not hide that the reader moved.
    expect(follows(true, changing, { ...changing, top: 4_900, height: 8_900, touchedAt: 9_800 })).toBe(false);
  });

  it('does not take rounding, a field that shrinks or rows that are dropped for scrolling', () => {
    expect(follows(true, long, { ...long, top: 4_999 })).toBe(true);
    expect(follows(true, long, { ...long, top: 4_000, height: 8_000 })).toBe(true);
    expect(follows(true, atEnd, { ...atEnd, top: 380, viewport: 620 })).toBe(true);
  });
});
