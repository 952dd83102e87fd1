// The header of one frame, bit by bit (RFC 6455 section 5.2). What follows from it is frame-decoder.ts's and frame-rules.ts's.
import type { FrameHeader } from '../decoded.ts';

/** The bits of a header, before its place in the stream. */
export type HeaderBits = Pick<
  FrameHeader,
  'fin' | 'rsv1' | 'rsv2' | 'rsv3' | 'opcode' | 'masked' | 'lengthForm' | 'isShortestForm' | 'payloadLength'
> & { readonly hasTopBit: boolean };

export const HEADER_BYTES_MAX = 14;
/** A payload longer than this never ends. */
const LENGTH_MAX = Number.MAX_SAFE_INTEGER;
const TOP_BIT = 2n ** 63n;

/** How long the header is, as far as its first `length` bytes tell. */
export function headerLength(head: Uint8Array, length: number): number {
  if (length < 2) return 2;
  const second = head[1] ?? 0;
  const form = second & 0x7f;
  return 2 + (form === 126 ? 2 : form === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0);
}

export function readHeader(head: Uint8Array): HeaderBits {
  const first = head[0] ?? 0;
  const second = head[1] ?? 0;
  const short = second & 0x7f;
  const long = short === 127 ? new DataView(head.buffer, head.byteOffset).getBigUint64(2) : 0n;
  const short16 = ((head[2] ?? 0) << 8) | (head[3] ?? 0);
  const length = short === 126 ? short16 : short === 127 ? Number(long) : short;
  return {
    fin: (first & 0x80) !== 0,
    rsv1: (first & 0x40) !== 0,
    rsv2: (first & 0x20) !== 0,
    rsv3: (first & 0x10) !== 0,
    opcode: first & 0x0f,
    masked: (second & 0x80) !== 0,
    lengthForm: short === 126 ? 16 : short === 127 ? 64 : 7,
    isShortestForm: short < 126 || (short === 126 ? length > 125 : long > 0xffffn),
    payloadLength: Math.min(length, LENGTH_MAX),
    hasTopBit: long >= TOP_BIT,
  };
}
