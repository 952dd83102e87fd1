// Arrow keys in the bit grid: along the rows like reading, up and down by column, never out of the figure.
import { describe, expect, it } from 'vitest';
import { fieldsOf, rowsOf } from './bit-layout.ts';
import { moveInGrid } from './grid-move.ts';

const raw = Uint8Array.of(1, 2, 3, 4, 5);
const rows = rowsOf(fieldsOf({ lengthForm: 7, masked: true, raw }, 16), new Uint8Array(11), 32);
const idAfter = (row: number, at: number, key: string): string | undefined => {
  const place = moveInGrid(rows, { row, at }, key);
  return place && rows[place.row]?.[place.at]?.field.id;
};

describe('moveInGrid', () => {
  it('goes along the fields in the order of the bits, over the ends of rows', () => {
    expect(idAfter(0, 0, 'ArrowRight')).toBe('rsv1');
    expect(idAfter(0, 8, 'ArrowRight')).toBe('key-2');
    expect(idAfter(1, 0, 'ArrowLeft')).toBe('key-1');
  });

  it('goes to the cell that stands under or over it', () => {
    expect(idAfter(0, 4, 'ArrowDown')).toBe('key-2');
    expect(idAfter(0, 7, 'ArrowDown')).toBe('payload-0');
    expect(idAfter(1, 3, 'ArrowUp')).toBe('key-1');
    expect(idAfter(1, 3, 'ArrowDown')).toBe('payload-4');
  });

  it('goes to the ends of its row', () => {
    expect(idAfter(0, 4, 'Home')).toBe('fin');
    expect(idAfter(0, 4, 'End')).toBe('key-1');
  });

  it('stays inside, and leaves other keys alone', () => {
    for (const [row, at, key] of [
      [0, 0, 'ArrowLeft'],
      [0, 0, 'ArrowUp'],
      [2, 0, 'ArrowDown'],
      [0, 0, 'Tab'],
      [0, 0, 'a'],
    ] as const)
      expect(moveInGrid(rows, { row, at }, key)).toBeUndefined();
  });
});
