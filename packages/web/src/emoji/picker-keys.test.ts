import { describe, expect, it } from 'vitest';
import { pickerStep } from './picker-keys.ts';

describe('pickerStep', () => {
  const step = (key: string, from: number) => pickerStep(key, { from, count: 24, columns: 8 });

  it('goes one on, or one row, and no further than the edges', () => {
    expect(step('ArrowRight', 7)).toBe(8);
    expect(step('ArrowLeft', 8)).toBe(7);
    expect(step('ArrowDown', 3)).toBe(11);
    expect(step('ArrowUp', 11)).toBe(3);
    expect(step('ArrowUp', 3)).toBeUndefined();
    expect(step('ArrowDown', 20)).toBeUndefined();
    expect(step('ArrowRight', 23)).toBeUndefined();
    expect(step('ArrowLeft', 0)).toBeUndefined();
  });

  it('goes to either end, and leaves other keys alone', () => {
    expect(step('Home', 9)).toBe(0);
    expect(step('End', 9)).toBe(23);
    expect(step('End', 23)).toBeUndefined();
    expect(step('Enter', 9)).toBeUndefined();
  });
});
