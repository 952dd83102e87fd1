// The simulator over many worlds, and first of all the proof that it can fail: code that breaks a promise must be caught.
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations.ts';
import { run } from './simulate.ts';

describe('the simulator', () => {
  it('tells the same story for the same seed, byte for byte', { timeout: 60_000 }, async () => {
    for (const seed of [3, 7, 11]) {
      const [one, other] = [await run({ seed, isTraced: true }), await run({ seed, isTraced: true })];
      expect(one.trace.length).toBeGreaterThan(100);
      expect(one.trace.join('\n')).toBe(other.trace.join('\n'));
      expect(one.broken).toBeUndefined();
    }
  });

  it('tells another story for another seed', async () => {
    const [one, other] = [await run({ seed: 3, isTraced: true }), await run({ seed: 4, isTraced: true })];
    expect(one.trace.join('\n')).not.toBe(other.trace.join('\n'));
  });

  it.each(MUTATIONS)('catches $name', { timeout: 120_000 }, async (mutation) => {
    const caught: (string | undefined)[] = [];
    for (let seed = 1; seed <= 300 && caught.length === 0; seed += 1) {
      const { broken } = await run({ seed, mutation });
      if (broken !== undefined) caught.push(broken);
    }
    expect(caught).toHaveLength(1);
  });
});
