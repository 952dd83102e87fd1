// Frames as bytes, well made and badly made, written without the engine's own writer, so that both cannot be wrong in the
// same way. And cutting. For tests only; wire-stream.ts makes random streams of them.
import { createHash } from 'node:crypto';
import zlib from 'node:zlib';
import { OPCODE, type Role } from '../core/core.ts';

/** How the length is written: as it should be, in more bytes than it needs, or another one than is there. */
export type LengthForm = 'shortest' | '16 bits' | '64 bits' | 'top bit' | 'too long' | 'too short';

export interface RawFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly fin?: boolean;
  /** RSV1, RSV2, RSV3 as 4, 2, 1. */
  readonly rsv?: number;
  readonly lengthForm?: LengthForm;
  /** Masked where it must not be, or not where it must. */
  readonly hasWrongMask?: boolean;
  readonly maskKey?: number;
}

/** The frame as it comes to an end of this role. */
export function frameFor(role: Role, frame: RawFrame): Buffer {
  const { opcode, payload, fin = true, rsv = 0, lengthForm = 'shortest' } = frame;
  const { hasWrongMask = false, maskKey = 0x37fa213d } = frame;
  const isMasked = (role === 'server') !== hasWrongMask;
  const header = Buffer.from([(fin ? 0x80 : 0) | ((rsv & 7) << 4) | (opcode & 0xf)]);
  const length = lengthBytes(payload.length, lengthForm);
  length.writeUInt8(length.readUInt8() | (isMasked ? 0x80 : 0));
  if (!isMasked) return Buffer.concat([header, length, payload]);
  const key = Buffer.alloc(4);
  key.writeUInt32BE(maskKey >>> 0);
  return Buffer.concat([header, length, key, payload.map((byte, i) => byte ^ (key[i % 4] ?? 0))]);
}

function lengthBytes(length: number, form: LengthForm): Buffer {
  switch (form) {
    case 'shortest':
      return length < 126
        ? Buffer.from([length])
        : lengthBytes(length, length < 65_536 ? '16 bits' : '64 bits');
    case '16 bits':
      return Buffer.from([126, (length >> 8) & 0xff, length & 0xff]);
    case '64 bits':
      return withBigLength(BigInt(length));
    case 'top bit':
      return withBigLength(BigInt(length) | (1n << 63n));
    case 'too long':
      return lengthBytes(length + 3, 'shortest');
    case 'too short':
      return lengthBytes(Math.max(0, length - 2), 'shortest');
  }
}

function withBigLength(length: bigint): Buffer {
  const bytes = Buffer.alloc(9, 127);
  bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

/** The payload of a Close frame, whatever the code. */
export function closePayload(code: number, reason: Uint8Array = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, reason]);
}

/** A message's payload, compressed without a history (RFC 7692 section 7.2.1), by zlib itself. */
export function deflated(data: Uint8Array, options: zlib.ZlibOptions = {}): Buffer {
  const flushed = zlib.deflateRawSync(data, { ...options, finishFlush: zlib.constants.Z_SYNC_FLUSH });
  // zlib writes nothing at all for nothing.
  return flushed.length < 4 ? Buffer.from([0]) : flushed.subarray(0, -4);
}

/** A data message in these pieces, one frame each. */
export function fragments(opcode: number, pieces: readonly Uint8Array[], rsv = 0): RawFrame[] {
  return pieces.map((payload, i) => ({
    opcode: i === 0 ? opcode : OPCODE.continuation,
    payload,
    fin: i === pieces.length - 1,
    rsv: i === 0 ? rsv : 0,
  }));
}

/**
 * The bytes in pieces, cut at these places (counted around the end). The pieces lie side by side in one memory of their
 * own, so they begin at every alignment.
 */
export function cutAt(bytes: Uint8Array, places: readonly number[]): Buffer[] {
  const copy = Buffer.from(bytes);
  const borders = [...new Set([0, ...places.map((place) => place % (copy.length + 1)), copy.length])];
  borders.sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => copy.subarray(borders[i], end));
}

/** Every byte for itself. */
export function bytewise(bytes: Uint8Array): Buffer[] {
  const copy = Buffer.from(bytes);
  return Array.from(copy, (_, i) => copy.subarray(i, i + 1));
}

/** In pieces of these sizes, over and over. */
export function inPiecesOf(bytes: Uint8Array, sizes: readonly number[]): Buffer[] {
  const places: number[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    at += Math.max(1, sizes[i % sizes.length] ?? bytes.length);
    if (at < bytes.length) places.push(at);
  }
  return cutAt(bytes, places);
}

/** Bytes as text, to be compared: hex, or of many bytes their beginning, their number and a digest. */
export function nameOf(bytes: Uint8Array): string {
  const data = Buffer.from(bytes);
  if (data.length <= 64) return data.toString('hex');
  const digest = createHash('sha1').update(data).digest('hex').slice(0, 12);
  return `${data.toString('hex', 0, 8)}…${data.length}…${digest}`;
}
