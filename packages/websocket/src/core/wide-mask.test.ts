// The WebAssembly function against the rule itself, at every border of its sixteen bytes.
import { describe, expect, it } from 'vitest';
import { applyMask } from './mask.ts';
import { makeWideMask, wideMask } from './wide-mask.ts';

const KEY = 0x9c31e7a2;
const keyByte = (i: number): number => (KEY >>> (24 - 8 * (i % 4))) & 0xff;

describe('wide mask', () => {
  it('is there on this Node', () => {
    expect(makeWideMask()).toBeDefined();
    expect(wideMask?.reading).toHaveLength(256 * 1024);
  });

  it('masks in the reading memory at every length and place, touches nothing else, and tells ASCII', () => {
    if (wideMask === undefined) throw new Error('no WebAssembly here');
    const { reading } = wideMask;
    for (let length = 0; length <= 70; length++) {
      for (const start of [0, 1, 7, 16, reading.length - length]) {
        const plain = Buffer.from(Array.from({ length }, (_, i) => (i * 11 + length) & 0x7f));
        reading.fill(0x55);
        plain.forEach((byte, i) => {
          reading[start + i] = byte ^ keyByte(i);
        });
        expect(applyMask(reading, start, start + length, KEY)).toBe(true);
        expect(reading.subarray(start, start + length).equals(plain)).toBe(true);
        const before = reading.subarray(Math.max(0, start - 20), start);
        const after = reading.subarray(start + length, start + length + 20);
        expect([...before, ...after].every((byte) => byte === 0x55)).toBe(true);
      }
    }
  });

  it('notices a byte that is not ASCII wherever it stands', () => {
    if (wideMask === undefined) throw new Error('no WebAssembly here');
    const { reading } = wideMask;
    for (const length of [1, 3, 15, 16, 17, 31, 32, 33, 47]) {
      for (let place = 0; place < length; place++) {
        for (let i = 0; i < length; i++) reading[i] = (i === place ? 0x80 : 0x41) ^ keyByte(i);
        expect(applyMask(reading, 0, length, KEY), `${place} of ${length}`).toBe(false);
      }
    }
  });

  it('masks other memory in blocks, also far beyond one', () => {
    for (const length of [127, 128, 129, 65_535, 65_536, 65_537, 200_001]) {
      const bytes = Buffer.from(Array.from({ length }, (_, i) => i & 0xff));
      const expected = Buffer.from(bytes.map((byte, i) => byte ^ keyByte(i)));
      const memory = Buffer.alloc(length + 7, 0x55);
      bytes.copy(memory, 3);
      applyMask(memory, 3, 3 + length, KEY);
      expect(memory.subarray(3, 3 + length).equals(expected)).toBe(true);
      expect([...memory.subarray(0, 3), ...memory.subarray(3 + length)]).toEqual([
        85, 85, 85, 85, 85, 85, 85,
      ]);
    }
  });
});
