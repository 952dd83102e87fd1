import { expect, test } from 'vitest';
import { duration, figure, markdownTable, percent, timesBetter } from './table.ts';

test('figures have gaps between thousands, and a dash stands for none', () => {
  expect(figure(1234567)).toBe('1 234 567');
  expect(figure(1.005, 1)).toBe('1.0');
  expect([figure(undefined), figure(Number.NaN), percent(undefined)]).toEqual(['–', '–', '–']);
});

test('durations change their unit at ten milliseconds; none is no duration', () => {
  expect([duration(9999), duration(10_000), duration(0)]).toEqual(['9 999 µs', '10.0 ms', '–']);
});

test('half the cost is twice as good', () => {
  expect(timesBetter(10, 5)).toBe('2.00');
  expect(timesBetter(Number.NaN, 5)).toBe('–');
});

test('a table is aligned as text, its first column to the left', () => {
  const rows = [
    ['server', 'n'],
    ['ws', '12'],
    ['wireroom', '1 234'],
  ];
  expect(markdownTable(rows).split('\n')).toEqual([
    '| server   |     n |',
    '| -------- | ----: |',
    '| ws       |    12 |',
    '| wireroom | 1 234 |',
  ]);
});
