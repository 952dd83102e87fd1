// A frame as a grid of bits, 32 to a row, as the figure in RFC 6455 section 5.2 has it: which field, which bits, what value,
// and which bytes of the stream. Data only; the page paints it.
import { toHex } from '../bytes.ts';
import type { FrameHeader, Span } from '../decoded.ts';

export type BitField =
  | 'fin'
  | 'rsv1'
  | 'rsv2'
  | 'rsv3'
  | 'opcode'
  | 'mask'
  | 'length'
  | 'extendedLength'
  | 'maskingKey'
  | 'payload';

export interface BitCell {
  readonly field: BitField;
  /** [from, to) within the row, 0 to 32. */
  readonly from: number;
  readonly to: number;
  /** The bits of this cell, as `0` and `1`. */
  readonly bits: string;
  /** Of the whole field: a number, or hex for key and payload. The length is the seven bits, not what they lead to. */
  readonly value: number | string;
  /** Bytes of the stream that the whole field stands in. */
  readonly span: Span;
  /** A field that is longer than a row goes on in the next one. */
  readonly isContinued: boolean;
}

export interface BitRow {
  /** The first bit's number in the frame. */
  readonly firstBit: number;
  readonly cells: readonly BitCell[];
}

interface Field {
  readonly field: BitField;
  readonly bits: string;
  readonly value: number | string;
  readonly span: Span;
}

const ROW_BITS = 32;

/** `payloadBytesMax`: how much of the payload, as on the wire, is laid out below the header. A frame whose payload has not come has none. */
export function bitsOf(
  frame: FrameHeader & { readonly raw?: Uint8Array },
  { payloadBytesMax = 16 }: { readonly payloadBytesMax?: number } = {},
): readonly BitRow[] {
  const rows: BitRow[] = [];
  let cells: BitCell[] = [];
  let at = 0;
  for (const field of fieldsOf(frame, payloadBytesMax)) {
    let taken = 0;
    while (taken < field.bits.length) {
      const from = at % ROW_BITS;
      const length = Math.min(ROW_BITS - from, field.bits.length - taken);
      const bits = field.bits.slice(taken, taken + length);
      cells.push({ ...field, from, to: from + length, bits, isContinued: taken > 0 });
      taken += length;
      at += length;
      if (at % ROW_BITS === 0) {
        rows.push({ firstBit: at - ROW_BITS, cells });
        cells = [];
      }
    }
  }
  if (cells.length > 0) rows.push({ firstBit: at - (at % ROW_BITS), cells });
  return rows;
}

function fieldsOf(frame: FrameHeader & { readonly raw?: Uint8Array }, payloadBytesMax: number): Field[] {
  const { head, extendedLength, maskingKey, payload } = frame.fields;
  const first = { from: head.from, to: head.from + 1 };
  const second = { from: head.from + 1, to: head.to };
  const flag = (field: BitField, isSet: boolean, span: Span): Field => ({
    field,
    bits: isSet ? '1' : '0',
    value: isSet ? 1 : 0,
    span,
  });
  const length = (frame.headerBytes[1] ?? 0) & 0x7f;
  const fields: Field[] = [
    flag('fin', frame.fin, first),
    flag('rsv1', frame.rsv1, first),
    flag('rsv2', frame.rsv2, first),
    flag('rsv3', frame.rsv3, first),
    { field: 'opcode', bits: binary(frame.opcode, 4), value: frame.opcode, span: first },
    flag('mask', frame.masked, second),
    { field: 'length', bits: binary(length, 7), value: length, span: second },
  ];
  if (extendedLength)
    fields.push({
      field: 'extendedLength',
      bits: bitsOfBytes(frame.headerBytes.subarray(2, 2 + frame.lengthForm / 8)),
      value: frame.payloadLength,
      span: extendedLength,
    });
  if (maskingKey && frame.maskingKey) fields.push(bytesField('maskingKey', frame.maskingKey, maskingKey));
  const shown = frame.raw?.subarray(0, payloadBytesMax);
  if (shown && shown.length > 0)
    fields.push(bytesField('payload', shown, { from: payload.from, to: payload.from + shown.length }));
  return fields;
}

const binary = (value: number, width: number): string => value.toString(2).padStart(width, '0');
const bitsOfBytes = (bytes: Uint8Array): string => Array.from(bytes, (byte) => binary(byte, 8)).join('');

const bytesField = (field: BitField, bytes: Uint8Array, span: Span): Field => ({
  field,
  bits: bitsOfBytes(bytes),
  value: toHex(bytes),
  span,
});
