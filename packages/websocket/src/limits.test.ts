import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS, tickMsFor, withDefaults } from './limits.ts';

describe('limits', () => {
  it('are filled with defaults', () => {
    expect(withDefaults()).toEqual(DEFAULT_LIMITS);
    expect(withDefaults({ messageBytesMax: 5 })).toEqual({ ...DEFAULT_LIMITS, messageBytesMax: 5 });
  });

  it('are whole numbers from 0 up', () => {
    for (const bad of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => withDefaults({ closeTimeoutMs: bad })).toThrow(/closeTimeoutMs.*whole number/);
    }
  });

  it('say how often time-outs are looked at: a quarter of the shortest, within bounds', () => {
    expect(tickMsFor(DEFAULT_LIMITS)).toBe(500);
    expect(tickMsFor(withDefaults({ closeTimeoutMs: 100 }))).toBe(25);
    expect(tickMsFor(withDefaults({ pongTimeoutMs: 1 }))).toBe(5);
    expect(tickMsFor(withDefaults({ pingIntervalMs: 0, pongTimeoutMs: 0 }))).toBe(500);
  });
});
