import { expect, test } from 'vitest';
import { areApart, median, rounded, spread } from './statistics.ts';

test('the median is the middle one, or the mean of the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([])).toBeNaN();
});

test('the spread is half the distance between the ends, as a part of the median', () => {
  expect(spread([90, 100, 110])).toBeCloseTo(0.1);
  expect(spread([5])).toBe(0);
  expect(spread([])).toBeNaN();
});

test('runs are apart when no value of one lies among the other’s, and single runs never are', () => {
  expect(areApart([1, 2, 3], [4, 5, 6])).toBe(true);
  expect(areApart([4, 5, 6], [1, 2, 3])).toBe(true);
  expect(areApart([1, 2, 5], [4, 5, 6])).toBe(false);
  expect(areApart([1], [4])).toBe(false);
});

test('four digits of a figure are kept', () => {
  expect(rounded(123456)).toBe(123500);
  expect(rounded(0.0123456)).toBe(0.01235);
  expect(rounded(Number.NaN)).toBeNaN();
});
