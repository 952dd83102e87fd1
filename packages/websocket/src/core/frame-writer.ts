// Frames out (RFC 6455 section 5.2): a header written beside its payload, always in the shortest length form.
// Pure: the mask key is an argument, who draws it is net/mask-keys.ts.
import { applyMask } from './mask.ts';
import { OPCODE } from './opcode.ts';

const FIN = 0x80;
const MASK = 0x80;

/** Put beside an opcode, it says that the payload is compressed (RSV1; RFC 7692 section 6). */
export const COMPRESSED = 0x40;

/** Everything that a frame can say, for tests and tools; `encodeMessage` is the path of the engine itself. */
export interface FrameParts {
  readonly opcode: number;
  readonly payload?: Uint8Array;
  readonly fin?: boolean;
  /** RSV1, RSV2, RSV3 as 4, 2, 1. */
  readonly rsv?: number;
  /** The four key bytes as one number; absent: not masked. */
  readonly maskKey?: number | undefined;
}

export function encodeFrame(parts: FrameParts): Buffer {
  const { opcode, payload, fin = true, rsv = 0, maskKey } = parts;
  const firstByte = (fin ? FIN : 0) | (rsv << 4) | opcode;
  return encode(firstByte, payload ?? Buffer.alloc(0), maskKey);
}

/** A whole, unfragmented frame around a text or around bytes, in one new buffer. The opcode may bear COMPRESSED. */
export function encodeMessage(
  opcode: number,
  data: string | Uint8Array,
  maskKey: number | undefined,
): Buffer {
  return typeof data === 'string' ? encodeText(opcode, data, maskKey) : encode(FIN | opcode, data, maskKey);
}

/** The header alone, for a payload that is too large to be copied beside it. */
export function encodeHeader(opcode: number, payloadLength: number, fin = true): Buffer {
  const header = Buffer.alloc(headerLength(payloadLength, undefined));
  writeHeader(header, (fin ? FIN : 0) | opcode, payloadLength, undefined);
  return header;
}

function encodeText(opcode: number, text: string, maskKey: number | undefined): Buffer {
  const payloadLength = Buffer.byteLength(text);
  const payloadAt = headerLength(payloadLength, maskKey);
  // Every byte is written below: the header's first, the text's after it.
  const frame = Buffer.allocUnsafe(payloadAt + payloadLength);
  writeHeader(frame, FIN | opcode, payloadLength, maskKey);
  frame.write(text, payloadAt, 'utf8');
  if (maskKey !== undefined) applyMask(frame, payloadAt, frame.length, maskKey);
  return frame;
}

function encode(firstByte: number, payload: Uint8Array, maskKey: number | undefined): Buffer {
  const payloadAt = headerLength(payload.length, maskKey);
  const frame = Buffer.allocUnsafe(payloadAt + payload.length);
  writeHeader(frame, firstByte, payload.length, maskKey);
  frame.set(payload, payloadAt);
  if (maskKey !== undefined) applyMask(frame, payloadAt, frame.length, maskKey);
  return frame;
}

function headerLength(payloadLength: number, maskKey: number | undefined): number {
  const lengthBytes = payloadLength < 126 ? 0 : payloadLength < 0x1_0000 ? 2 : 8;
  return 2 + lengthBytes + (maskKey === undefined ? 0 : 4);
}

function writeHeader(target: Buffer, firstByte: number, payloadLength: number, maskKey?: number): void {
  const maskBit = maskKey === undefined ? 0 : MASK;
  let at = 2;
  target[0] = firstByte;
  if (payloadLength < 126) {
    target[1] = maskBit | payloadLength;
  } else if (payloadLength < 0x1_0000) {
    target[1] = maskBit | 126;
    at = target.writeUInt16BE(payloadLength, 2);
  } else {
    target[1] = maskBit | 127;
    target.writeUInt32BE(Math.floor(payloadLength / 0x1_0000_0000), 2);
    at = target.writeUInt32BE(payloadLength >>> 0, 6);
  }
  if (maskKey !== undefined) target.writeUInt32BE(maskKey >>> 0, at);
}

/** The opcode under which a message travels: text as text, bytes as binary. Throws a TypeError for anything else. */
export function opcodeOf(data: string | Uint8Array): number {
  if (typeof data === 'string') return OPCODE.text;
  if (ArrayBuffer.isView(data) && data.BYTES_PER_ELEMENT === 1) return OPCODE.binary;
  throw new TypeError('a message is a string or a Uint8Array');
}
