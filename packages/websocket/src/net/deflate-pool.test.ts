// What belongs to the process instead of to a connection: shared deflaters, lent inflaters.
import { describe, expect, it } from 'vitest';
import { borrowInflater, giveInflaterBack, sharedDeflater } from './deflate-pool.ts';

describe('the pool', () => {
  it('[D18] one deflater serves every connection with the same settings, each message without a history', () => {
    const settings = { windowBits: 15, level: 3, memLevel: 8 };
    const shared = sharedDeflater(settings);
    expect(sharedDeflater({ ...settings })).toBe(shared);
    expect(sharedDeflater({ ...settings, windowBits: 9 })).not.toBe(shared);
    const text = Buffer.from('the same words, the same words, the same words');
    expect(shared.deflate(text)).toEqual(shared.deflate(text));
  });

  it('[D18] an inflater that was given back is lent again', () => {
    const first = borrowInflater(15);
    giveInflaterBack(15, first);
    const again = borrowInflater(15);
    expect(again).toBe(first);
    giveInflaterBack(15, again);
  });

  it('[D18] sixteen inflaters are kept at most, however many messages came at once', () => {
    const lent = Array.from({ length: 40 }, () => borrowInflater(14));
    for (const inflater of lent) giveInflaterBack(14, inflater);
    const again = Array.from({ length: 40 }, () => borrowInflater(14));
    expect(again.filter((inflater) => lent.includes(inflater))).toHaveLength(16);
    for (const inflater of again) giveInflaterBack(14, inflater);
  });
});
