import { describe, expect, it } from 'vitest';
import { clockText, dayText, untilMidnightMs } from './time-text.ts';

const now = new Date(2026, 10, 23, 10, 30);
const at = (year: number, month: number, day: number): string =>
  new Date(year, month, day, 14, 5).toISOString();

describe('dayText', () => {
  it('says today and yesterday, then the weekday, then the year', () => {
    expect(dayText('en-GB', at(2026, 10, 23), now)).toBe('Today');
    expect(dayText('zh-CN', at(2026, 10, 23), now)).toBe('今天');
    expect(dayText('en-GB', at(2026, 10, 22), now)).toBe('Yesterday');
    expect(dayText('zh-CN', at(2026, 10, 22), now)).toBe('昨天');
    expect(dayText('en-GB', at(2026, 10, 20), now)).toMatch(/^Friday,? 20 November$/);
    expect(dayText('zh-CN', at(2026, 10, 20), now)).toBe('11月20日星期五');
    expect(dayText('zh-CN', at(2025, 10, 20), now)).toBe('2025年11月20日');
  });
});

describe('clockText', () => {
  it('writes the time as the locale does', () => {
    expect(clockText('en-GB', at(2026, 10, 23))).toBe('14:05');
    expect(clockText('zh-CN', at(2026, 10, 23))).toBe('14:05');
    expect(clockText('en-US', at(2026, 10, 23))).toMatch(/^02:05\sPM$/u);
  });
});

describe('untilMidnightMs', () => {
  it('is the rest of the day', () => {
    expect(untilMidnightMs(new Date(2026, 10, 23, 23, 59, 59, 990))).toBe(10);
    expect(untilMidnightMs(new Date(2026, 10, 23))).toBe(24 * 3600_000);
  });
});
