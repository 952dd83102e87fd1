// A dump of bytes: rows of so many, and of which field each half byte of a frame is. Pure; HexDump.tsx draws it.
import type { DecodedFrame } from '@wireroom/capture';
import { KEY_BYTES } from './bit-layout.ts';
import type { FieldLook } from './field-look.ts';

export interface HexByte {
  readonly at: number;
  readonly value: number;
  /** The looks of its first and its second digit; absent: of no frame. */
  readonly looks?: readonly [FieldLook, FieldLook];
  /** The fields that lie in it, by their ids in the bit grid. */
  readonly fields: readonly string[];
}

/** The bytes of a whole frame, each with its fields. */
export function frameHex(
  frame: Pick<DecodedFrame, 'lengthForm' | 'masked'>,
  bytes: Uint8Array,
): readonly HexByte[] {
  const extended = frame.lengthForm === 7 ? 0 : frame.lengthForm / 8;
  const keyAt = 2 + extended;
  const payloadAt = keyAt + (frame.masked ? KEY_BYTES : 0);
  return Array.from(bytes, (value, at): HexByte => {
    if (at === 0)
      return { at, value, looks: ['flag', 'opcode'], fields: ['fin', 'rsv1', 'rsv2', 'rsv3', 'opcode'] };
    if (at === 1) return { at, value, looks: ['mask', 'length'], fields: ['mask', 'length'] };
    if (at < keyAt) return { at, value, looks: ['length', 'length'], fields: ['extended'] };
    if (at < payloadAt) return { at, value, looks: ['key', 'key'], fields: [`key-${at - keyAt}`] };
    return { at, value, looks: ['payload', 'payload'], fields: [`payload-${at - payloadAt}`] };
  });
}

/** Bytes of a payload alone; `fields` link them to the same bytes of the frame, where there are such. */
export function payloadHex(bytes: Uint8Array, isLinked: 'linked' | 'apart'): readonly HexByte[] {
  return Array.from(bytes, (value, at) => ({
    at,
    value,
    ...(isLinked === 'linked' && { looks: ['payload', 'payload'] as const }),
    fields: isLinked === 'linked' ? [`payload-${at}`] : [],
  }));
}

export function hexRows(bytes: readonly HexByte[], perRow: number): readonly (readonly HexByte[])[] {
  const rows: (readonly HexByte[])[] = [];
  for (let at = 0; at < bytes.length; at += perRow) rows.push(bytes.slice(at, at + perRow));
  return rows;
}
