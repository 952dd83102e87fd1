// The figure of a frame: which bit stands where, for each form of the length, masked and not, in rows of 32, 16 and 8 bits.
import { describe, expect, it } from 'vitest';
import { bytesOfField, columnsFor, type Field, fieldsOf, rowsOf } from './bit-layout.ts';

const names = (fields: readonly Field[]): string[] => fields.map(({ id, bits }) => `${id}:${bits}`);
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const shape = (given: { lengthForm?: 7 | 16 | 64; masked?: boolean; raw?: Uint8Array }) => ({
  lengthForm: 7 as const,
  masked: false,
  raw: new Uint8Array(),
  ...given,
});

describe('fieldsOf', () => {
  it('has the two bytes that every frame has', () => {
    expect(names(fieldsOf(shape({}), 16))).toEqual([
      'fin:1',
      'rsv1:1',
      'rsv2:1',
      'rsv3:1',
      'opcode:4',
      'mask:1',
      'length:7',
    ]);
  });

  it('adds the longer length, the key byte by byte, and the payload up to the bound', () => {
    const fields = fieldsOf(shape({ lengthForm: 16, masked: true, raw: hex('0102030405') }), 3);
    expect(names(fields.slice(7))).toEqual([
      'extended:16',
      'key-0:8',
      'key-1:8',
      'key-2:8',
      'key-3:8',
      'payload-0:8',
      'payload-1:8',
      'payload-2:8',
    ]);
    expect(fields.at(-1)?.from).toBe(16 + 16 + 32 + 16);
  });
});

describe('rowsOf', () => {
  // A masked text frame "Hi" with the key 01 02 03 04.
  const bytes = hex('81 82 01020304 496b');
  const fields = fieldsOf(shape({ masked: true, raw: hex('496b') }), 16);

  it('draws rows of 32 bits as the RFC does: two bytes of head, then half of the key', () => {
    const rows = rowsOf(fields, bytes, 32);
    expect(rows.map((row) => row.map(({ field, column }) => `${field.id}@${column}`))).toEqual([
      ['fin@0', 'rsv1@1', 'rsv2@2', 'rsv3@3', 'opcode@4', 'mask@8', 'length@9', 'key-0@16', 'key-1@24'],
      ['key-2@0', 'key-3@8', 'payload-0@16', 'payload-1@24'],
    ]);
    expect(rows[0]?.find(({ field }) => field.id === 'opcode')?.bits).toEqual([0, 0, 0, 1]);
    expect(rows[0]?.find(({ field }) => field.id === 'length')?.bits).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });

  it('fills every row without a gap, whatever its width', () => {
    for (const columns of [8, 16, 32]) {
      for (const row of rowsOf(fields, bytes, columns)) {
        let next = 0;
        for (const { column, bits } of row) {
          expect(column).toBe(next);
          next += bits.length;
        }
        expect(next).toBe(columns);
      }
    }
  });

  it('writes the name of a field that is cut once, into its widest piece', () => {
    const long = fieldsOf(shape({ lengthForm: 64 }), 0);
    const pieces = rowsOf(long, hex('82 7f 00000000 00010000'), 32)
      .flat()
      .filter(({ field }) => field.name === 'extended');
    expect(pieces.map(({ bits, isNamed }) => [bits.length, isNamed])).toEqual([
      [16, false],
      [32, true],
      [16, false],
    ]);
    expect(pieces.map(({ startsField, endsField }) => [startsField, endsField])).toEqual([
      [true, false],
      [false, false],
      [false, true],
    ]);
  });
});

describe('bytesOfField', () => {
  it('names the bytes that a field shares with others', () => {
    const [fin, , , , opcode, mask] = fieldsOf(shape({}), 0);
    for (const field of [fin, opcode]) expect(field && bytesOfField(field)).toEqual({ from: 0, to: 1 });
    expect(mask && bytesOfField(mask)).toEqual({ from: 1, to: 2 });
  });
});

describe('columnsFor', () => {
  it('is the RFC figure where it fits, half of it on a phone, a byte where even that is too wide', () => {
    expect([700, 544, 543, 328, 272, 271, 100].map(columnsFor)).toEqual([32, 32, 16, 16, 16, 8, 8]);
  });
});
