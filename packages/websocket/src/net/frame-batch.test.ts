// Chains of shared frames: who shares what, and that a turn's end lets go of it.
import { describe, expect, it } from 'vitest';
import { SharedFrame } from './frame-batch.ts';
import { turn } from './turn.ts';

const frame = (text: string): SharedFrame => new SharedFrame(Buffer.from(text));

describe('frame batch', () => {
  it('[W40] the same frames in the same order are one chain, put together once', () => {
    const [one, two, three] = [frame('one'), frame('two'), frame('three')];
    const first = one.batch.with(two).with(three);
    const second = one.batch.with(two).with(three);
    expect(second).toBe(first);
    expect(first.bytes.toString()).toBe('onetwothree');
    expect(second.bytes).toBe(first.bytes);
    expect(first.byteLength).toBe(11);
  });

  it('[W40] chains that part ways do not see each other', () => {
    const [one, two, three] = [frame('1'), frame('2'), frame('3')];
    const all = one.batch.with(two).with(three);
    const without = one.batch.with(three);
    const again = one.batch.with(two);
    expect([all, without, again, two.batch].map(({ bytes }) => bytes.toString())).toEqual([
      '123',
      '13',
      '12',
      '2',
    ]);
  });

  it('[W40] a single frame leaves from its own memory, and the chain ends with the turn', () => {
    const one = frame('1');
    const { batch } = one;
    expect(batch.bytes).toBe(one.bytes);
    expect(one.batch).toBe(batch);
    turn.flush();
    expect(one.batch).not.toBe(batch);
    turn.flush();
  });
});
