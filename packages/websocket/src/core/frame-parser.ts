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
  /** Where this part's payload lies, unmasked in place. The memory is the chunk's, or any when there is no payload. */
  readonly memory: Buffer;
  readonly start: number;
  readonly end: number;
  /** All bytes of this part are known to be ASCII; false says nothing. */
  readonly isAscii: boolean;
  /** The same payload as a view. Empty when only the header has come. */
  readonly payload: Buffer;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

const NOTHING = Buffer.alloc(0);
const HEADER_BYTES_MAX = 14;
const CONTROL_PAYLOAD_BYTES_MAX = 125;
// What nearly all first bytes are: FIN, no reserved bit, text or binary. Nothing about them needs to be judged.
const WHOLE_TEXT = 0x81;
const WHOLE_BINARY = 0x82;

/**
 * Push a chunk, then call `next` until it returns undefined. The parser unmasks in the chunk and hands out views of it. The
 * part that `next` returns is the parser itself, and what it says holds until the next call: there is no object per frame.
 * A header is judged byte by byte as it comes; `next` throws a WireError at the first byte that cannot be, and must not be
 * called again after that.
 */
export class FrameParser implements FramePart {
  readonly masked: boolean;
  readonly rsvAllowed: number;
  isFirst = false;
  isLast = false;
  start = 0;
  end = 0;
  isAscii = false;
  memory: Buffer = NOTHING;
  // The frame whose payload is being read.
  frameLength = 0;
  maskKey = 0;
  #firstByte = 0;
  #missingBytes = 0;

  #chunk: Buffer = NOTHING;
  #at = 0;
  #chunkEnd = 0;

  // A header that a chunk's end has cut; made when that happens for the first time.
  #held: Buffer | undefined;
  #heldBytes = 0;

  /**
   * @param role our end: a server demands masks, a client refuses them
   * @param rsvAllowed the reserved bits to which an extension gave a meaning, as 4, 2, 1
   */
  constructor(role: Role, rsvAllowed = 0) {
    this.masked = role === 'server';
    this.rsvAllowed = rsvAllowed;
  }

  /** The last frame of its message. */
  get fin(): boolean {
    return this.#firstByte >= 0x80;
  }

  get rsv(): number {
    return (this.#firstByte >>> 4) & 0x7;
  }

  /** As in `OPCODE`. */
  get opcode(): number {
    return this.#firstByte & 0xf;
  }

  get payload(): Buffer {
    return this.start === this.end ? NOTHING : this.memory.subarray(this.start, this.end);
  }

  /** Whether a frame has begun and not ended. */
  get isInsideFrame(): boolean {
    return this.#missingBytes > 0 || this.#heldBytes > 0;
  }

  /** Whether pushed bytes wait for `next`. */
  get hasUnread(): boolean {
    return this.#at < this.#chunkEnd;
  }

  /** Takes the bytes `chunk[0..end)`. They are the parser's until they are read, or until `keep`. */
  push(chunk: Buffer, end = chunk.length): void {
    if (this.#at < this.#chunkEnd) {
      this.#chunk = Buffer.concat([this.#chunk.subarray(this.#at, this.#chunkEnd), chunk.subarray(0, end)]);
      this.#chunkEnd = this.#chunk.length;
    } else {
      this.#chunk = chunk;
      this.#chunkEnd = end;
    }
    this.#at = 0;
  }

  /** Whoever pushed the chunk needs its memory back: what is not read yet is copied. */
  keep(): void {
    const unread = this.hasUnread ? Buffer.from(this.#chunk.subarray(this.#at, this.#chunkEnd)) : NOTHING;
    this.#exhausted();
    this.#chunk = unread;
    this.#chunkEnd = unread.length;
  }

  /** The next part of what was pushed, which is this parser; undefined: more must be pushed. Throws a WireError. */
  next(): FramePart | undefined {
    this.isFirst = this.#missingBytes === 0;
    if (this.isFirst) {
      if (!this.#readHeader()) return this.#exhausted();
    } else if (this.#at === this.#chunkEnd) {
      return this.#exhausted();
    }
    const start = this.#at;
    const end = Math.min(start + this.#missingBytes, this.#chunkEnd);
    this.isAscii = false;
    if (this.masked && end > start) {
      const key = rotateMaskKey(this.maskKey, this.frameLength - this.#missingBytes);
      this.isAscii = applyMask(this.#chunk, start, end, key);
    }
    this.#at = end;
    this.#missingBytes -= end - start;
    this.memory = this.#chunk;
    this.start = start;
    this.end = end;
    this.isLast = this.#missingBytes === 0;
    return this;
  }

  /** The chunk is used up: let go of it. */
  #exhausted(): undefined {
    this.#chunk = NOTHING;
    this.#at = 0;
    this.#chunkEnd = 0;
    this.memory = NOTHING;
    this.start = 0;
    this.end = 0;
  }

  #readHeader(): boolean {
    const chunk = this.#chunk;
    if (this.#heldBytes === 0) {
      const size = this.#decodeHeader(chunk, this.#at, this.#chunkEnd);
      this.#at += size;
      if (size > 0) return true;
    }
    if (this.#at === this.#chunkEnd) return false;
    this.#held ??= Buffer.alloc(HEADER_BYTES_MAX);
    const held = this.#held;
    while (this.#at < this.#chunkEnd) {
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
    if (first !== WHOLE_TEXT && first !== WHOLE_BINARY) this.#checkFirstByte(first);
    if (at + 1 >= end) return 0;
    const second = bytes[at + 1] ?? 0;
    this.#checkSecondByte(first, second);

    const length7 = second & 0x7f;
    const lengthBytes = length7 < 126 ? 0 : length7 === 126 ? 2 : 8;
    const keyAt = at + 2 + lengthBytes;
    if (keyAt > end) return 0;
    const length = lengthBytes === 0 ? length7 : readLongLength(bytes, at + 2, lengthBytes);
    const size = 2 + lengthBytes + (this.masked ? 4 : 0);
    if (at + size > end) return 0;

    this.#firstByte = first;
    this.frameLength = length;
    this.#missingBytes = length;
    this.maskKey = this.masked ? readKey(bytes, keyAt) : 0;
    return size;
  }

  #checkFirstByte(first: number): void {
    const rsv = (first >>> 4) & 0x7;
    const opcode = first & 0xf;
    if ((rsv & ~this.rsvAllowed) !== 0) {
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
    if (isMasked !== this.masked) {
      throw new WireError(this.masked ? 'mask-missing' : 'mask-unexpected');
    }
    if (isControlOpcode(first & 0xf) && (second & 0x7f) > CONTROL_PAYLOAD_BYTES_MAX) {
      throw new WireError('control-too-long');
    }
  }
}

/** As `readUInt32BE`, which asks more questions. */
function readKey(bytes: Buffer, at: number): number {
  const low = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
  return (bytes[at] ?? 0) * 0x100_0000 + low;
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
