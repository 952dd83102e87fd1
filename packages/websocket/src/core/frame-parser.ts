// Bytes in, frames out (RFC 6455 section 5). Knows one frame at a time: header grammar, masking, length.
// Not the order of frames: that is message-assembler.ts, which comes next.
//
//   byte 0      byte 1       then              then                 then
//  +-+---+----+ +-+-------+ +---------------+ +------------------+ +---------------------+
//  |F|RSV| op | |M| len 7 | | 2 or 8 bytes  | | mask key, 4      | | payload, `length`   |
//  |I|   |code| |A|       | | of length, if | | bytes, if MASK   | | bytes, each XOR-ed  |
//  |N|123|    | |S|       | | len 7 is 126  | | (client to       | | with a byte of the  |
//  | |   |    | |K|       | | or 127        | | server only)     | | key, if MASK        |
//  +-+---+----+ +-+-------+ +---------------+ +------------------+ +---------------------+
//   1  3   4     1    7
//
//   0 … 125: len 7 is the length    126 … 65535: len 7 = 126, 16 bits    65536 …: len 7 = 127, 64 bits
import { applyMask, rotateMaskKey } from './mask.ts';
import { isControlOpcode, isDefinedOpcode, OPCODE, opcodeName, type Role } from './opcode.ts';
import { WireError } from './wire-error.ts';

/** A frame, or the piece of it that has come. A frame that is complete in one chunk is one part. */
export interface FramePart {
  readonly fin: boolean;
  /** RSV1, RSV2, RSV3 as 4, 2, 1. */
  readonly rsv: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** The four key bytes as one number; 0 when not masked. */
  readonly maskKey: number;
  /** Payload bytes of the whole frame, as its header claims. */
  readonly frameLength: number;
  /** This part's payload, unmasked in place: a view of the chunk. Empty when only the header has come. */
  readonly payload: Buffer;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const NOTHING = Buffer.alloc(0);
const HEADER_BYTES_MAX = 14;
const CONTROL_PAYLOAD_BYTES_MAX = 125;

/**
 * Push a chunk, then call `next` until it returns undefined. The chunk is the parser's from then on: it unmasks in
 * place and hands out views. A header is judged byte by byte as it comes; `next` throws a WireError at the first byte
 * that cannot be, and must not be called again after that.
 */
export class FrameParser {
  readonly #mustBeMasked: boolean;
  readonly #rsvAllowed: number;

  #chunk: Buffer = NOTHING;
  #at = 0;

  // A header that a chunk's end has cut; made when that happens for the first time.
  #held: Buffer | undefined;
  #heldBytes = 0;

  // The frame whose payload is being read.
  #firstByte = 0;
  #maskKey = 0;
  #frameLength = 0;
  #missingBytes = 0;

  /**
   * @param role our end: a server demands masks, a client refuses them
   * @param rsvAllowed the reserved bits to which an extension gave a meaning, as 4, 2, 1
   */
  constructor(role: Role, rsvAllowed = 0) {
    this.#mustBeMasked = role === 'server';
    this.#rsvAllowed = rsvAllowed;
  }

  /** Whether a frame has begun and not ended. */
  get isInsideFrame(): boolean {
    return this.#missingBytes > 0 || this.#heldBytes > 0;
  }

  /** Whether pushed bytes wait for `next`. */
  get hasUnread(): boolean {
    return this.#at < this.#chunk.length;
  }

  push(chunk: Buffer): void {
    this.#chunk = this.hasUnread ? Buffer.concat([this.#chunk.subarray(this.#at), chunk]) : chunk;
    this.#at = 0;
  }

  next(): FramePart | undefined {
    const isFirst = this.#missingBytes === 0;
    if (isFirst) {
      if (!this.#readHeader()) return this.#exhausted();
    } else if (this.#at === this.#chunk.length) {
      return this.#exhausted();
    }
    const start = this.#at;
    const end = Math.min(start + this.#missingBytes, this.#chunk.length);
    if (this.#mustBeMasked) {
      const key = rotateMaskKey(this.#maskKey, this.#frameLength - this.#missingBytes);
      applyMask(this.#chunk, start, end, key);
    }
    this.#at = end;
    this.#missingBytes -= end - start;
    return {
      fin: (this.#firstByte & 0x80) !== 0,
      rsv: (this.#firstByte >>> 4) & 0x7,
      opcode: this.#firstByte & 0xf,
      masked: this.#mustBeMasked,
      maskKey: this.#maskKey,
      frameLength: this.#frameLength,
      payload: end === start ? NOTHING : this.#chunk.subarray(start, end),
      isFirst,
      isLast: this.#missingBytes === 0,
    };
  }

  /** The chunk is used up: let go of it. */
  #exhausted(): undefined {
    this.#chunk = NOTHING;
    this.#at = 0;
    return undefined;
  }

  #readHeader(): boolean {
    const chunk = this.#chunk;
    if (this.#heldBytes === 0) {
      const size = this.#decodeHeader(chunk, this.#at, chunk.length);
      this.#at += size;
      if (size > 0) return true;
    }
    this.#held ??= Buffer.alloc(HEADER_BYTES_MAX);
    const held = this.#held;
    while (this.#at < chunk.length) {
      held[this.#heldBytes++] = chunk[this.#at++] ?? 0;
      if (this.#decodeHeader(held, 0, this.#heldBytes) === 0) continue;
      this.#heldBytes = 0;
      return true;
    }
    return false;
  }

  /** Returns the size of the header that begins at `at`, or 0 when it is not all there yet. */
  #decodeHeader(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return 0;
    const first = bytes[at] ?? 0;
    this.#checkFirstByte(first);
    if (at + 1 >= end) return 0;
    const second = bytes[at + 1] ?? 0;
    this.#checkSecondByte(first, second);

    const length7 = second & 0x7f;
    const lengthBytes = length7 < 126 ? 0 : length7 === 126 ? 2 : 8;
    const keyAt = at + 2 + lengthBytes;
    if (keyAt > end) return 0;
    const length = lengthBytes === 0 ? length7 : readLongLength(bytes, at + 2, lengthBytes);
    const size = 2 + lengthBytes + (this.#mustBeMasked ? 4 : 0);
    if (at + size > end) return 0;

    this.#firstByte = first;
    this.#frameLength = length;
    this.#missingBytes = length;
    this.#maskKey = this.#mustBeMasked ? bytes.readUInt32BE(keyAt) : 0;
    return size;
  }

  #checkFirstByte(first: number): void {
    const rsv = (first >>> 4) & 0x7;
    const opcode = first & 0xf;
    if ((rsv & ~this.#rsvAllowed) !== 0) {
      throw new WireError('reserved-bits', `Reserved bits ${rsv.toString(2).padStart(3, '0')} are set.`);
    }
    if (!isDefinedOpcode(opcode)) {
      throw new WireError('opcode-reserved', `Opcode 0x${opcode.toString(16)} is not defined.`);
    }
    if (opcode === OPCODE.continuation && rsv !== 0) {
      // RFC 7692 section 6.1: the first frame says it for the whole message.
      throw new WireError('reserved-bits', 'A reserved bit is set on a continuation frame.');
    }
    if (!isControlOpcode(opcode)) return;
    if (rsv !== 0) throw new WireError('reserved-bits', 'A reserved bit is set on a control frame.');
    if ((first & 0x80) === 0) {
      throw new WireError('control-fragmented', `A ${opcodeName(opcode)} frame has FIN = 0.`);
    }
  }

  #checkSecondByte(first: number, second: number): void {
    const isMasked = (second & 0x80) !== 0;
    if (isMasked !== this.#mustBeMasked) {
      throw new WireError(this.#mustBeMasked ? 'mask-missing' : 'mask-unexpected');
    }
    if (isControlOpcode(first & 0xf) && (second & 0x7f) > CONTROL_PAYLOAD_BYTES_MAX) {
      throw new WireError('control-too-long');
    }
  }
}

function readLongLength(bytes: Buffer, at: number, lengthBytes: number): number {
  if (lengthBytes === 2) {
    const length = bytes.readUInt16BE(at);
    if (length < 126) throw new WireError('length-not-shortest', `Length ${length} came in 16 bits.`);
    return length;
  }
  const high = bytes.readUInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  if (high >= 0x8000_0000) throw new WireError('length-impossible');
  if (high === 0 && low < 0x1_0000) {
    throw new WireError('length-not-shortest', `Length ${low} came in 64 bits.`);
  }
  // Above 2^53 the number loses its last digits; by then it is past every message limit anyway.
  return high * 0x1_0000_0000 + low;
}
