// The reader's days as instants. The time zone is this machine's, whatever it is: days are compared with its own.
import { describe, expect, it } from 'vitest';
import { instantsOf, isBackwards, type Span, WHOLE } from './span.ts';

const NOW = new Date(2026, 10, 26, 14, 30);
const days = (first: string, last: string): Span => ({ kind: 'days', first, last });
const local = (year: number, month: number, date: number): string =>
  new Date(year, month, date).toISOString();

describe('instantsOf', () => {
  it('asks for everything by asking for nothing', () => {
    expect(instantsOf(WHOLE, NOW)).toEqual({});
    expect(instantsOf(days('', ''), NOW)).toEqual({});
  });

  it('counts today among the last seven days, and begins a month on its first', () => {
    expect(instantsOf({ ...WHOLE, kind: 'week' }, NOW)).toEqual({ from: local(2026, 10, 20) });
    expect(instantsOf({ ...WHOLE, kind: 'month' }, NOW)).toEqual({ from: local(2026, 10, 1) });
  });

  it('has both days in it, and leaves a side open that was not filled in', () => {
    expect(instantsOf(days('2026-10-31', '2026-10-31'), NOW)).toEqual({
      from: local(2026, 9, 31),
      to: local(2026, 10, 1),
    });
    expect(instantsOf(days('', '2026-12-31'), NOW)).toEqual({ to: local(2027, 0, 1) });
    expect(instantsOf(days('2026-02-30x', ''), NOW)).toEqual({});
  });

  it('knows a span that ends before it begins', () => {
    expect(isBackwards(days('2026-10-31', '2026-10-30'))).toBe(true);
    expect(isBackwards(days('2026-10-31', '2026-10-31'))).toBe(false);
    expect(isBackwards(days('2026-10-31', ''))).toBe(false);
    expect(isBackwards({ kind: 'all', first: '2026-10-31', last: '2026-10-30' })).toBe(false);
  });
});
