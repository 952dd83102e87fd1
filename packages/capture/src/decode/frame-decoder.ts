// Bytes of one direction in, frames out, however the bytes are cut. Tolerant: a frame against the rules is shown with its
// faults. It knows single frames only; what they make together is message-joiner.ts's.
import { concat, EMPTY, masked as unmasked } from '../bytes.ts';
import type { DecodedFrame, FrameFields, FrameHeader, WireFault } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { Direction, Micros } from '../record.ts';
import { HEADER_BYTES_MAX, type HeaderBits, headerLength, readHeader } from './frame-header.ts';
import { closeFaults, headerFaults, type Rsv1, readClose } from './frame-rules.ts';

export interface FrameChunk {
  readonly bytes: Uint8Array;
  readonly at: Micros;
  /** Of the chunk in its direction. */
  readonly index: number;
}

export interface FrameDecoderOptions {
  readonly direction: Direction;
  /** Where in the stream its first byte stands. */
  readonly offset?: number;
  /** Number of its first frame. */
  readonly firstIndex?: number;
  /** Asked for each frame: what RSV1 may mean at this moment. */
  readonly rsv1?: () => Rsv1;
  readonly frameBytesMax?: number;
}

interface Pending {
  readonly header: FrameHeader;
  readonly pieces: Uint8Array[];
  readonly chunks: number[];
  keptLength: number;
  seenLength: number;
  isKeeping: boolean;
}

export class FrameDecoder {
  readonly #options: FrameDecoderOptions;
  readonly #frameBytesMax: number;
  readonly #head = new Uint8Array(HEADER_BYTES_MAX);
  #headLength = 0;
  #headChunks: number[] = [];
  #headAt: Micros = 0;
  #pending: Pending | undefined;
  #offset: number;
  #index: number;

  constructor(options: FrameDecoderOptions) {
    this.#options = options;
    this.#frameBytesMax = options.frameBytesMax ?? CAPTURE_LIMITS.frameBytesMax;
    this.#offset = options.offset ?? 0;
    this.#index = options.firstIndex ?? 0;
  }

  /** Place in the stream of the next byte. */
  get offset(): number {
    return this.#offset;
  }

  get isBetweenFrames(): boolean {
    return this.#headLength === 0 && this.#pending === undefined;
  }

  /** Number of the frame that is coming or comes next. */
  get nextIndex(): number {
    return this.#index;
  }

  /** Where the frame begins that has not come whole. */
  get unfinishedFrom(): number {
    return this.#pending?.header.fields.head.from ?? this.#offset - this.#headLength;
  }

  /** Its header, once that is there. */
  get unfinished(): FrameHeader | undefined {
    return this.#pending?.header;
  }

  push(chunk: FrameChunk): DecodedFrame[] {
    const frames: DecodedFrame[] = [];
    let at = 0;
    while (at < chunk.bytes.length) {
      const { next, frame } = this.pushOne(chunk, at);
      at = next;
      if (frame) frames.push(frame);
    }
    return frames;
  }

  /** Takes the chunk's bytes from `from` up to the end of one frame, or all of them. `next`: what was not taken. */
  pushOne(
    chunk: FrameChunk,
    from: number,
  ): { readonly next: number; readonly frame: DecodedFrame | undefined } {
    const { bytes, at, index } = chunk;
    let next = from;
    while (next < bytes.length && this.#pending === undefined) {
      if (this.#headLength === 0) this.#headAt = at;
      if (this.#headChunks.at(-1) !== index) this.#headChunks.push(index);
      this.#head[this.#headLength++] = bytes[next++] ?? 0;
      this.#offset += 1;
      if (this.#headLength === headerLength(this.#head, this.#headLength)) this.#begin();
    }
    const pending = this.#pending;
    if (pending === undefined) return { next, frame: undefined };
    const end = Math.min(bytes.length, next + pending.header.payloadLength - pending.seenLength);
    if (end > next) this.#take(pending, bytes.subarray(next, end), index);
    const isWhole = pending.seenLength >= pending.header.payloadLength;
    return { next: end, frame: isWhole ? this.#finish(pending, at) : undefined };
  }

  /**
   * `count` bytes are missing here. True: they all belong to the payload of a frame whose header is known, so decoding
   * goes on; that frame keeps what came before. False: the next frame's place is lost.
   */
  skip(count: number, at: Micros): { readonly isLost: boolean; readonly frame?: DecodedFrame } {
    const pending = this.#pending;
    if (!pending || count > pending.header.payloadLength - pending.seenLength) return { isLost: true };
    pending.isKeeping = false;
    pending.seenLength += count;
    this.#offset += count;
    if (pending.seenLength < pending.header.payloadLength) return { isLost: false };
    return { isLost: false, frame: this.#finish(pending, at) };
  }

  #begin(): void {
    const bits = readHeader(this.#head);
    const start = this.#offset - this.#headLength;
    const fields = fieldsOf(bits, start);
    const rsv1 = this.#options.rsv1?.() ?? 'unknown';
    const headerBytes = this.#head.slice(0, this.#headLength);
    const header: FrameHeader = {
      fin: bits.fin,
      rsv1: bits.rsv1,
      rsv2: bits.rsv2,
      rsv3: bits.rsv3,
      opcode: bits.opcode,
      masked: bits.masked,
      lengthForm: bits.lengthForm,
      isShortestForm: bits.isShortestForm,
      payloadLength: bits.payloadLength,
      direction: this.#options.direction,
      index: this.#index,
      firstAt: this.#headAt,
      headerBytes,
      fields,
      faults: headerFaults(bits, this.#options.direction, rsv1),
      ...(bits.masked && { maskingKey: headerBytes.subarray(-4) }),
    };
    this.#pending = {
      header,
      pieces: [],
      chunks: this.#headChunks,
      keptLength: 0,
      seenLength: 0,
      isKeeping: true,
    };
    this.#headLength = 0;
    this.#headChunks = [];
  }

  #take(pending: Pending, piece: Uint8Array, chunkIndex: number): void {
    const room = this.#frameBytesMax - pending.keptLength;
    if (pending.isKeeping && room > 0) {
      const kept = piece.length > room ? piece.subarray(0, room) : piece;
      pending.pieces.push(kept);
      pending.keptLength += kept.length;
    }
    // A frame of gigabytes lies in very many reads; past the bytes that are kept only the last one is added.
    if (pending.chunks.at(-1) !== chunkIndex) {
      if (pending.chunks.length >= CAPTURE_LIMITS.fragmentsMax) pending.chunks.pop();
      pending.chunks.push(chunkIndex);
    }
    pending.seenLength += piece.length;
    this.#offset += piece.length;
  }

  #finish(pending: Pending, at: Micros): DecodedFrame {
    this.#pending = undefined;
    this.#index += 1;
    const { header } = pending;
    const raw = pending.keptLength === 0 ? EMPTY : concat(pending.pieces);
    const payload = header.maskingKey ? unmasked(raw, header.maskingKey) : raw;
    const span = { from: header.fields.head.from, to: header.fields.payload.to };
    const frame = frameOf(header, { at, raw, payload, span, chunks: pending.chunks });
    return header.opcode === 8 ? withClose(frame) : frame;
  }
}

/** Written out: frames are many, and spreading an object of this size is slow. */
function frameOf(
  header: FrameHeader,
  { at, raw, payload, span, chunks }: Pick<DecodedFrame, 'at' | 'raw' | 'payload' | 'span' | 'chunks'>,
): DecodedFrame {
  const { direction, index, firstAt, fin, rsv1, rsv2, rsv3, opcode, masked, maskingKey } = header;
  const { lengthForm, isShortestForm, payloadLength, headerBytes, fields, faults } = header;
  const frame: DecodedFrame & { maskingKey?: Uint8Array } = {
    direction,
    index,
    firstAt,
    at,
    fin,
    rsv1,
    rsv2,
    rsv3,
    opcode,
    masked,
    lengthForm,
    isShortestForm,
    payloadLength,
    headerBytes,
    raw,
    payload,
    fields,
    span,
    chunks,
    faults,
  };
  if (maskingKey) frame.maskingKey = maskingKey;
  return frame;
}

function withClose(frame: DecodedFrame): DecodedFrame {
  const found: WireFault[] = closeFaults(frame.payload, frame.payloadLength);
  return { ...frame, close: readClose(frame.payload), faults: [...frame.faults, ...found] };
}

function fieldsOf(bits: HeaderBits, start: number): FrameFields {
  const head = { from: start, to: start + 2 };
  const lengthEnd = head.to + (bits.lengthForm === 7 ? 0 : bits.lengthForm / 8);
  const keyEnd = lengthEnd + (bits.masked ? 4 : 0);
  const payload = { from: keyEnd, to: keyEnd + bits.payloadLength };
  const extendedLength = { from: head.to, to: lengthEnd };
  const maskingKey = { from: lengthEnd, to: keyEnd };
  // Written out: frames are many, and spreading is slow.
  if (bits.lengthForm === 7) return bits.masked ? { head, maskingKey, payload } : { head, payload };
  return bits.masked ? { head, extendedLength, maskingKey, payload } : { head, extendedLength, payload };
}
