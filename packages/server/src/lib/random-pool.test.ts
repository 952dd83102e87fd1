// Portions of the pool do not overlap and do not repeat after it was filled anew.
import { expect, it } from 'vitest';
import { RandomPool } from './random-pool.ts';

it('gives every byte once, over many fillings', () => {
  const pool = new RandomPool();
  const portions = Array.from({ length: 2_000 }, () => Buffer.from(pool.take(16)).toString('hex'));
  expect(new Set(portions).size).toBe(2_000);
  expect(portions.every((portion) => portion.length === 32 && portion !== '0'.repeat(32))).toBe(true);
});
