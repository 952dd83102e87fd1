// Where each field of a frame stands in a figure of so many bits a row, as RFC 6455 section 5.2 draws it. Pure: from the
// frame and its bytes. BitGrid.tsx draws it.
import type { DecodedFrame } from '@wireroom/capture';

export type FieldName =
  | 'fin'
  | 'rsv1'
  | 'rsv2'
  | 'rsv3'
  | 'opcode'
  | 'mask'
  | 'length'
  | 'extended'
  | 'key'
  | 'payload';

/** A field, or one byte of a field that is a row of bytes (key and payload). */
export interface Field {
  /** Unique in its frame: `opcode`, `key-2`, `payload-17`. */
  readonly id: string;
  readonly name: FieldName;
  /** In bits from the frame's first bit. */
  readonly from: number;
  readonly bits: number;
  /** Of key and payload: which byte of it, from 0. */
  readonly byte?: number;
}

/** The part of a field that lies in one row of the figure. */
export interface Segment {
  readonly field: Field;
  readonly column: number;
  readonly bits: readonly (0 | 1)[];
  /** Here the field's name and value are written. */
  readonly isNamed: boolean;
  readonly startsField: boolean;
  readonly endsField: boolean;
}

/** Head of a frame, in the order of the bits. */
const HEAD = [
  ['fin', 1],
  ['rsv1', 1],
  ['rsv2', 1],
  ['rsv3', 1],
  ['opcode', 4],
  ['mask', 1],
  ['length', 7],
] as const satisfies readonly (readonly [FieldName, number])[];

export const KEY_BYTES = 4;

/** The frame's fields, with at most `payloadMax` bytes of its payload. */
export function fieldsOf(
  frame: Pick<DecodedFrame, 'lengthForm' | 'masked' | 'raw'>,
  payloadMax: number,
): readonly Field[] {
  const fields: Field[] = [];
  let from = 0;
  const add = (name: FieldName, bits: number, byte?: number): void => {
    fields.push({
      id: byte === undefined ? name : `${name}-${byte}`,
      ...{ name, from, bits },
      ...(byte !== undefined && { byte }),
    });
    from += bits;
  };
  for (const [name, bits] of HEAD) add(name, bits);
  if (frame.lengthForm !== 7) add('extended', frame.lengthForm);
  if (frame.masked) for (let byte = 0; byte < KEY_BYTES; byte++) add('key', 8, byte);
  const shown = Math.min(frame.raw.length, payloadMax);
  for (let byte = 0; byte < shown; byte++) add('payload', 8, byte);
  return fields;
}

/** The fields cut into rows of `columns` bits. `bytes` are the frame's own, from its first. */
export function rowsOf(
  fields: readonly Field[],
  bytes: Uint8Array,
  columns: number,
): readonly (readonly Segment[])[] {
  const rows: Segment[][] = [];
  for (const field of fields) {
    const pieces = piecesOf(field, columns);
    const widest = Math.max(...pieces.map(({ bits }) => bits));
    const named = pieces.findIndex(({ bits }) => bits === widest);
    pieces.forEach(({ from, bits }, at) => {
      const row = Math.floor(from / columns);
      rows[row] ??= [];
      rows[row].push({
        field,
        column: from % columns,
        bits: Array.from({ length: bits }, (_, bit) => bitAt(bytes, from + bit)),
        isNamed: at === named,
        startsField: at === 0,
        endsField: at === pieces.length - 1,
      });
    });
  }
  return rows;
}

function piecesOf(
  field: Field,
  columns: number,
): readonly { readonly from: number; readonly bits: number }[] {
  const pieces: { readonly from: number; readonly bits: number }[] = [];
  const end = field.from + field.bits;
  for (let from = field.from; from < end; ) {
    const bits = Math.min(end - from, columns - (from % columns));
    pieces.push({ from, bits });
    from += bits;
  }
  return pieces;
}

function bitAt(bytes: Uint8Array, bit: number): 0 | 1 {
  const byte = bytes[bit >> 3] ?? 0;
  return ((byte >> (7 - (bit & 7))) & 1) === 1 ? 1 : 0;
}

/** The frame's bytes that a field touches, [from, to). */
export function bytesOfField(field: Field): { readonly from: number; readonly to: number } {
  return { from: field.from >> 3, to: (field.from + field.bits + 7) >> 3 };
}

/** How many bits fit in a row of this width: as the RFC draws them, or half, or a byte. */
export function columnsFor(widthPx: number): 8 | 16 | 32 {
  if (widthPx >= 32 * BIT_PX_MIN) return 32;
  return widthPx >= 16 * BIT_PX_MIN ? 16 : 8;
}

/** The narrowest that a bit can be read in, in CSS pixels. */
export const BIT_PX_MIN = 17;
