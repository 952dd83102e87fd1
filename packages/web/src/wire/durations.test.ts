// Durations and amounts: the unit that fits, and never more figures than mean something.
import { describe, expect, it } from 'vitest';
import { bytesText, durationText, sinceText } from './durations.ts';

describe('durationText', () => {
  it('chooses the unit, and changes it where rounding would', () => {
    expect([0, 7, 312, 999, 1000, 1420, 85_300, 999_499].map(durationText)).toEqual([
      '0 µs',
      '7 µs',
      '312 µs',
      '999 µs',
      '1.00 ms',
      '1.42 ms',
      '85.3 ms',
      '999 ms',
    ]);
    expect([999_600, 1_240_000, 59_900_000, 200_000_000].map(durationText)).toEqual([
      '1.00 s',
      '1.24 s',
      '59.9 s',
      '3 min 20 s',
    ]);
  });

  it('shows that a clock was off: a negative duration keeps its sign', () => {
    expect(durationText(-1500)).toBe('−1.50 ms');
  });
});

describe('sinceText and bytesText', () => {
  it('count from the start, and group thousands', () => {
    expect(sinceText(3_250_400, 1_000_000)).toBe('+2.250');
    expect(sinceText(0, 1_500)).toBe('−0.002');
    expect(
      [7, 1044, 1234567].map((bytes) => bytesText(bytes).replaceAll('\u2009', ' ').replaceAll('\u00a0', '_')),
    ).toEqual(['7_B', '1 044_B', '1 234 567_B']);
  });
});
