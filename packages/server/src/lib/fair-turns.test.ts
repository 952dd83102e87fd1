// What takes long: in the order asked, for a while in each turn of the event loop.
import { describe, expect, it } from 'vitest';
import { FairTurns } from './fair-turns.ts';

/** Each who has a turn needs so long for it. */
function setUp(stepMs: number) {
  const scheduled: (() => void)[] = [];
  let nowMs = 0;
  const turns = new FairTurns({ schedule: (run) => scheduled.push(run), nowMs: () => nowMs });
  const had: string[] = [];
  const take = async (name: string): Promise<void> => {
    await turns.next();
    had.push(name);
    nowMs += stepMs;
  };
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  /** The event loop goes round once. */
  const goRound = async (): Promise<void> => {
    for (const run of scheduled.splice(0)) run();
    await settled();
  };
  return { scheduled, had, take, settled, goRound };
}

describe('fair turns', () => {
  it('[F1.6] the first has its turn at once, the others one per turn of the loop, in their order, where each takes long', async () => {
    const { scheduled, had, take, settled, goRound } = setUp(2);
    for (const name of ['a', 'b', 'c']) void take(name);
    await settled();
    expect(had).toEqual(['a']);
    await goRound();
    expect(had).toEqual(['a', 'b']);
    void take('d');
    await goRound();
    await goRound();
    expect(had).toEqual(['a', 'b', 'c', 'd']);
    await goRound();
    expect(scheduled).toEqual([]);
    void take('e');
    await settled();
    expect(had.at(-1)).toBe('e');
  });

  it('[F1.6] those that take a moment share a turn of the loop, up to half a millisecond', async () => {
    const { had, take, settled, goRound } = setUp(0.15);
    for (const name of 'abcdefghi') void take(name);
    await settled();
    expect(had.join('')).toBe('a');
    await goRound();
    expect(had.join('')).toBe('abcde');
    await goRound();
    expect(had.join('')).toBe('abcdefghi');
  });

  it('[F1.6] whoever goes on after another wait stands at the end of the queue', async () => {
    const { had, take, goRound } = setUp(0);
    const twice = async (name: string): Promise<void> => {
      await take(`${name}1`);
      await take(`${name}2`);
    };
    for (const name of ['a', 'b', 'c']) void twice(name);
    await goRound();
    expect(had).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  });
});
