// One long piece of work per turn of the event loop, in the order asked.
import { describe, expect, it } from 'vitest';
import { FairTurns } from './fair-turns.ts';

function setUp() {
  const scheduled: (() => void)[] = [];
  const turns = new FairTurns((run) => scheduled.push(run));
  const had: string[] = [];
  const take = (name: string): void => void turns.next().then(() => had.push(name));
  /** The event loop goes round once. */
  const goRound = async (): Promise<void> => {
    for (const run of scheduled.splice(0)) run();
    await Promise.resolve();
  };
  return { scheduled, had, take, goRound };
}

describe('fair turns', () => {
  it('[F1.6] the first has its turn at once, the others one per turn of the loop, in their order', async () => {
    const { scheduled, had, take, goRound } = setUp();
    for (const name of ['a', 'b', 'c']) take(name);
    await Promise.resolve();
    expect(had).toEqual(['a']);
    await goRound();
    expect(had).toEqual(['a', 'b']);
    take('d');
    await goRound();
    await goRound();
    expect(had).toEqual(['a', 'b', 'c', 'd']);
    await goRound();
    expect(scheduled).toEqual([]);
    take('e');
    await Promise.resolve();
    expect(had.at(-1)).toBe('e');
  });
});
