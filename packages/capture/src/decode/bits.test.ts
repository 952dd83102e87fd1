// The grid of bits of a frame.
import { expect, it } from 'vitest';
import type { DecodedFrame } from '../decoded.ts';
import { type FrameSketch, frame, Wire } from '../testing/wire.ts';
import { bitsOf } from './bits.ts';
import { decode } from './decode.ts';

const decoded = (sketch: FrameSketch): DecodedFrame => {
  const [first] = decode(new Wire().handshake().add('out', frame(sketch)).capture).frames;
  if (!first) throw new Error('no frame');
  return first;
};

it('[K13] has each field with its bits, its value and its bytes, 32 bits to a row', () => {
  const shown = decoded({ payload: 'a'.repeat(126), key: [1, 2, 3, 4] });
  const start = shown.span.from;
  const rows = bitsOf(shown, { payloadBytesMax: 2 });
  const cells = rows.map((row) =>
    row.cells.map(({ field, from, to, bits, value, isContinued }) => [
      field,
      from,
      to,
      bits,
      value,
      isContinued,
    ]),
  );
  expect(cells[0]).toEqual([
    ['fin', 0, 1, '1', 1, false],
    ['rsv1', 1, 2, '0', 0, false],
    ['rsv2', 2, 3, '0', 0, false],
    ['rsv3', 3, 4, '0', 0, false],
    ['opcode', 4, 8, '0001', 1, false],
    ['mask', 8, 9, '1', 1, false],
    ['length', 9, 16, '1111110', 126, false],
    ['extendedLength', 16, 32, '0000000001111110', 126, false],
  ]);
  expect(cells[1]).toEqual([['maskingKey', 0, 32, '00000001000000100000001100000100', '01020304', false]]);
  expect(cells[2]).toEqual([['payload', 0, 16, '0110000001100011', '6063', false]]);
  expect(rows[2]?.cells[0]?.span).toEqual({ from: start + 8, to: start + 10 });
});

it('[K13] a 64-bit length goes over three rows, with the bits as sent', () => {
  const rows = bitsOf(decoded({ payload: 'a', form: 64 }));
  const pieces = rows.flatMap((row) => row.cells.filter(({ field }) => field === 'extendedLength'));
  expect(pieces.map(({ from, to, isContinued }) => [from, to, isContinued])).toEqual([
    [16, 32, false],
    [0, 32, true],
    [0, 16, true],
  ]);
  expect(pieces.map(({ bits }) => bits).join('')).toBe('1'.padStart(64, '0'));
});

it('[K13] every bit of the header is the bit of the wire', () => {
  for (const sketch of [
    { opcode: 9, rsv: 7 },
    { payload: 'a'.repeat(70_000), fin: false },
    { key: [9, 8, 7, 6] },
  ]) {
    const shown = decoded(sketch);
    const bits = bitsOf(shown, { payloadBytesMax: 0 })
      .flatMap((row) => row.cells.map((cell) => cell.bits))
      .join('');
    expect(bits).toBe(Array.from(shown.headerBytes, (byte) => byte.toString(2).padStart(8, '0')).join(''));
  }
});
