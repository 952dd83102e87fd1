import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PayloadCollector } from './payload-collector.ts';

describe('payload collector', () => {
  it('gives back what it got, and is empty again', () => {
    const collector = new PayloadCollector();
    for (const piece of ['ab', 'c', '', 'def']) collector.append(Buffer.from(piece));
    expect(collector.length).toBe(6);
    expect(collector.take().toString()).toBe('abcdef');
    expect(collector.length).toBe(0);
    expect(collector.take()).toHaveLength(0);
    collector.append(Buffer.from('x'));
    expect(collector.take().toString()).toBe('x');
  });

  it('keeps any mixture of small and large pieces in order', () => {
    const sizes = fc.array(fc.oneof(fc.nat(5), fc.nat(2000), fc.integer({ min: 8000, max: 70_000 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const collector = new PayloadCollector();
        const pieces = lengths.map((length, i) => Buffer.alloc(length, i + 1));
        for (const piece of pieces) collector.append(piece);
        expect(collector.take().equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('[W22] never keeps the memory of a piece, which is only lent', () => {
    const chunk = Buffer.allocUnsafeSlow(64 * 1024).fill('x');
    for (const piece of [chunk.subarray(0, 10), chunk]) {
      const collector = new PayloadCollector();
      collector.append(piece);
      const taken = collector.take();
      expect(taken.buffer === chunk.buffer).toBe(false);
      expect(taken.equals(piece)).toBe(true);
    }
  });

  it('[W22] believes a claim only as far as four times what has come, and gives away no spare memory', () => {
    const collector = new PayloadCollector();
    collector.append(Buffer.alloc(1000), 100_000_000);
    const small = collector.take();
    expect(small.buffer.byteLength).toBeLessThanOrEqual(4000);
    collector.append(Buffer.alloc(3000), 12_000);
    collector.append(Buffer.alloc(9000), 12_000);
    const whole = collector.take();
    expect(whole).toHaveLength(12_000);
    expect(whole.buffer.byteLength).toBe(12_000);
  });

  it('[W22] a million single bytes cost no copy of the whole each (this would not end)', () => {
    const collector = new PayloadCollector();
    const byte = Buffer.from('a');
    for (let i = 0; i < 1_000_000; i++) collector.append(byte);
    const whole = collector.take();
    expect(whole).toHaveLength(1_000_000);
    expect(whole.equals(Buffer.alloc(1_000_000, 'a'))).toBe(true);
  });
});
