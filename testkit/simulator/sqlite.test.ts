// Worlds whose log is the server's own, on a disk: SQLite with its lanes, commits, rollbacks, backups and restorations keeps what the
// reference log keeps. In the end the file is proven as `wireroom verify` proves one.
import { describe, expect, it } from 'vitest';
import { DISK_MUTATION } from './mutations.ts';
import { run, STEPS } from './simulate.ts';

/** Few, since each commit waits for the disk. */
const SEEDS = Array.from({ length: 12 }, (_, index) => 9_001 + index);

describe('the log on a disk', () => {
  it.each(SEEDS)('keeps every promise in the world %i', { timeout: 120_000 }, async (seed) => {
    const { broken, steps } = await run({ seed, steps: STEPS, log: 'sqlite' });
    expect({ broken, steps }).toEqual({ broken: undefined, steps: STEPS });
  });

  it('is caught where it keeps what it refused', { timeout: 120_000 }, async () => {
    const caught: string[] = [];
    for (let seed = 9_001; seed <= 9_060 && caught.length === 0; seed += 1) {
      const { broken } = await run({ seed, log: 'sqlite', mutation: DISK_MUTATION });
      if (broken !== undefined) caught.push(broken);
    }
    expect(caught).toHaveLength(1);
  });
});
