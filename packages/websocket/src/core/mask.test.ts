import { describe, expect, it } from 'vitest';
import { applyMask, rotateMaskKey } from './mask.ts';

/** The rule itself, byte by byte. */
function slowly(bytes: Buffer, key: number, phase: number): Buffer {
  return Buffer.from(bytes.map((byte, i) => byte ^ ((key >>> (24 - 8 * ((i + phase) % 4))) & 0xff)));
}

describe('mask', () => {
  it('masks the example of section 5.7', () => {
    const bytes = Buffer.from('Hello');
    applyMask(bytes, 0, 5, 0x37fa213d);
    expect(bytes.toString('hex')).toBe('7f9f4d5158');
  });

  it('gives the same at every alignment, length and phase, and touches nothing else', () => {
    const key = 0x9c31e7a2;
    for (const length of [0, 1, 3, 4, 5, 63, 64, 65, 66, 67, 68, 127, 1000]) {
      for (let offset = 0; offset < 4; offset++) {
        for (let phase = 0; phase < 8; phase++) {
          const memory = Buffer.from(Array.from({ length: length + 8 }, (_, i) => (i * 7 + 3) & 0xff));
          const expected = Buffer.from(memory);
          slowly(memory.subarray(offset, offset + length), key, phase).copy(expected, offset);
          applyMask(memory, offset, offset + length, rotateMaskKey(key, phase));
          expect(memory.equals(expected), `length ${length} offset ${offset} phase ${phase}`).toBe(true);
        }
      }
    }
  });

  it('works on a view that begins at an odd place of its memory', () => {
    const memory = new ArrayBuffer(205);
    const view = Buffer.from(memory, 3, 200).fill(0x55);
    const expected = slowly(view, 0x01020304, 0);
    applyMask(view, 0, 200, 0x01020304);
    expect(view.equals(expected)).toBe(true);
    expect([...new Uint8Array(memory, 0, 3), ...new Uint8Array(memory, 203, 2)]).toEqual([0, 0, 0, 0, 0]);
  });
});
