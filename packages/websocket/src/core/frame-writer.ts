// Frames out (RFC 6455 section 5.2): a header written beside its payload, always in the shortest length form.
// Pure: the mask key is an argument, who draws it is net/mask-keys.ts.
import { applyMask } from './mask.ts';
import { copyPayload, type Message } from './message.ts';
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

/** A frame in one new buffer, with whatever its parts say, valid or not. */
export function encodeFrame(parts: FrameParts): Buffer {
  const { opcode, payload, fin = true, rsv = 0, maskKey } = parts;
  const firstByte = (fin ? FIN : 0) | (rsv << 4) | opcode;
  return encodeFrameBytes({ firstByte, payload: payload ?? Buffer.alloc(0), maskKey });
}

/** A whole, unfragmented frame around a text or around bytes, in one new buffer. The opcode may bear COMPRESSED. */
export function encodeMessage(
  opcode: number,
  data: string | Uint8Array,
  maskKey: number | undefined,
): Buffer {
  const payload = typeof data === 'string' ? Buffer.from(data) : data;
  return encodeFrameBytes({ firstByte: FIN | opcode, payload, maskKey });
}

/** Whole frames one behind the other, not masked, in one new buffer. */
export function encodeMessages(
  messages: readonly (string | Uint8Array)[],
  opcodeFor: (data: string | Uint8Array) => number,
): Buffer {
  const payloads = messages.map((data) => (typeof data === 'string' ? Buffer.from(data) : data));
  let length = 0;
  for (const payload of payloads) length += headerLength(payload.length, undefined) + payload.length;
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  for (const [index, payload] of payloads.entries()) {
    const firstByte = FIN | opcodeFor(messages[index] ?? '');
    at = writeFrame(bytes, at, { firstByte, payload, maskKey: undefined });
  }
  return bytes;
}

/** The header alone, for a payload that is too large to be copied beside it. */
export function encodeHeader(firstByte: number, payloadLength: number): Buffer {
  const header = Buffer.alloc(headerLength(payloadLength, undefined));
  writeHeader(header, 0, firstByte, payloadLength);
  return header;
}

/** A frame in one new buffer. */
export function encodeFrameBytes(frame: FrameBytes): Buffer {
  const { payload, maskKey } = frame;
  // Every byte is written below: the header's first, the payload's after it.
  const bytes = Buffer.allocUnsafe(headerLength(payload.length, maskKey) + payload.length);
  writeFrame(bytes, 0, frame);
  return bytes;
}

// The same into memory that is there already, for the engine's path of many small frames. Each writes at `at` of the target
// and returns where the frame ends. There must be FRAME_OVERHEAD_MAX bytes more than the payload has.

/** Bytes of the longest header. */
export const FRAME_OVERHEAD_MAX = 14;
const KEY_BYTES = 4;

/** Up to so many UTF-16 units a text cannot reach the next form of the length: each is 3 bytes of UTF-8 at most. */
const UNITS_OF_7_BITS = 41;
const UNITS_OF_16_BITS_MIN = 126;
const UNITS_OF_16_BITS_MAX = 21_845;

export function writeText(target: Buffer, at: number, text: string, maskKey: number | undefined): number {
  const units = text.length;
  const isFormKnown =
    units <= UNITS_OF_7_BITS || (units >= UNITS_OF_16_BITS_MIN && units <= UNITS_OF_16_BITS_MAX);
  const payloadAt = at + headerLength(isFormKnown ? units : Buffer.byteLength(text), maskKey);
  const length = target.write(text, payloadAt, 'utf8');
  writeHeader(target, at, FIN | OPCODE.text, length);
  const end = payloadAt + length;
  if (maskKey !== undefined) mask(target, at, end, maskKey);
  return end;
}

export interface FrameBytes {
  readonly firstByte: number;
  readonly payload: Uint8Array;
  readonly maskKey: number | undefined;
}

export function writeFrame(target: Buffer, at: number, { firstByte, payload, maskKey }: FrameBytes): number {
  const headerEnd = writeHeader(target, at, firstByte, payload.length);
  const payloadAt = maskKey === undefined ? headerEnd : headerEnd + KEY_BYTES;
  target.set(payload, payloadAt);
  const end = payloadAt + payload.length;
  if (maskKey !== undefined) mask(target, at, end, maskKey);
  return end;
}

/** A message on its way to somebody else, as it came. */
export function writeMessage(
  target: Buffer,
  at: number,
  message: Message,
  maskKey: number | undefined,
): number {
  const headerEnd = writeHeader(target, at, FIN | OPCODE[message.kind], message.length);
  const payloadAt = maskKey === undefined ? headerEnd : headerEnd + KEY_BYTES;
  copyPayload(message, target, payloadAt);
  const end = payloadAt + message.length;
  if (maskKey !== undefined) mask(target, at, end, maskKey);
  return end;
}

/** FIN and the opcode, which may bear COMPRESSED, as a frame's first byte. */
export function firstByteOf(opcode: number, isLast = true): number {
  return (isLast ? FIN : 0) | opcode;
}

function headerLength(payloadLength: number, maskKey: number | undefined): number {
  const lengthBytes = payloadLength < 126 ? 0 : payloadLength < 0x1_0000 ? 2 : 8;
  return 2 + lengthBytes + (maskKey === undefined ? 0 : 4);
}

/** Returns where the payload begins. */
function writeHeader(target: Buffer, at: number, firstByte: number, payloadLength: number): number {
  target[at] = firstByte;
  if (payloadLength < 126) {
    target[at + 1] = payloadLength;
    return at + 2;
  }
  if (payloadLength < 0x1_0000) {
    target[at + 1] = 126;
    target[at + 2] = payloadLength >>> 8;
    target[at + 3] = payloadLength;
    return at + 4;
  }
  target[at + 1] = 127;
  target.writeUInt32BE(Math.floor(payloadLength / 0x1_0000_0000), at + 2);
  return target.writeUInt32BE(payloadLength >>> 0, at + 6);
}

/** Puts the key behind the header that begins at `at` and ends at `end`, and masks the payload, which lies behind the key. */
function mask(target: Buffer, at: number, end: number, maskKey: number): void {
  const second = target[at + 1] ?? 0;
  const length7 = second & 0x7f;
  const keyAt = at + (length7 < 126 ? 2 : length7 === 126 ? 4 : 10);
  target[at + 1] = MASK | second;
  target.writeUInt32BE(maskKey >>> 0, keyAt);
  applyMask(target, keyAt + 4, end, maskKey);
}

/** The opcode under which a message travels: text as text, bytes as binary. Throws a TypeError for anything else. */
export function opcodeOf(data: string | Uint8Array): number {
  if (typeof data === 'string') return OPCODE.text;
  if (ArrayBuffer.isView(data) && data.BYTES_PER_ELEMENT === 1) return OPCODE.binary;
  throw new TypeError('a message is a string or a Uint8Array');
}
