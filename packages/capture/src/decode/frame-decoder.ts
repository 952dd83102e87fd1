// Bytes of one direction in, frames out, however the bytes are cut. Tolerant: a frame against the rules is shown with its
// faults. It knows single frames only; what they make together is message-joiner.ts's.
import { concat, EMPTY, masked } from '../bytes.ts';
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

  /** The first frames' end stops a caller that wants to look between them: `framesMax`. Returns what was eaten as well. */
  push(chunk: FrameChunk): DecodedFrame[] {
    const frames: DecodedFrame[] = [];
    let at = 0;
    while (at < chunk.bytes.length) {
      const step = this.pushOne({ ...chunk, bytes: chunk.bytes.subarray(at) });
      at += step.taken;
      if (step.frame) frames.push(step.frame);
    }
    return frames;
  }

  /** Takes bytes up to the end of one frame, or all of them. */
  pushOne(chunk: FrameChunk): { readonly taken: number; readonly frame?: DecodedFrame } {
    let taken = 0;
    while (taken < chunk.bytes.length && this.#pending === undefined) {
      if (this.#headLength === 0) this.#headAt = chunk.at;
      if (this.#headChunks.at(-1) !== chunk.index) this.#headChunks.push(chunk.index);
      this.#head[this.#headLength++] = chunk.bytes[taken++] ?? 0;
      this.#offset += 1;
      if (this.#headLength === headerLength(this.#head, this.#headLength)) this.#begin();
    }
    const pending = this.#pending;
    if (pending === undefined) return { taken };
    const wanted = pending.header.payloadLength - pending.seenLength;
    const piece = chunk.bytes.subarray(taken, Math.min(chunk.bytes.length, taken + wanted));
    if (piece.length > 0) this.#take(pending, piece, chunk.index);
    taken += piece.length;
    if (pending.seenLength < pending.header.payloadLength) return { taken };
    return { taken, frame: this.#finish(pending, chunk.at) };
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
    const header: FrameHeader = {
      ...bits,
      direction: this.#options.direction,
      index: this.#index,
      firstAt: this.#headAt,
      ...(bits.masked && { maskingKey: this.#head.slice(this.#headLength - 4, this.#headLength) }),
      headerBytes: this.#head.slice(0, this.#headLength),
      fields,
      faults: headerFaults(bits, this.#options.direction, rsv1),
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
    const payload = header.maskingKey ? masked(raw, header.maskingKey) : raw;
    const frame: DecodedFrame = {
      ...header,
      at,
      raw,
      payload,
      span: { from: header.fields.head.from, to: header.fields.payload.to },
      chunks: pending.chunks,
    };
    return header.opcode === 8 ? withClose(frame) : frame;
  }
}

function withClose(frame: DecodedFrame): DecodedFrame {
  const found: WireFault[] = closeFaults(frame.payload, frame.payloadLength);
  return { ...frame, close: readClose(frame.payload), faults: [...frame.faults, ...found] };
}

function fieldsOf(bits: HeaderBits, start: number): FrameFields {
  const head = { from: start, to: start + 2 };
  const lengthEnd = head.to + (bits.lengthForm === 7 ? 0 : bits.lengthForm / 8);
  const keyEnd = lengthEnd + (bits.masked ? 4 : 0);
  return {
    head,
    ...(lengthEnd > head.to && { extendedLength: { from: head.to, to: lengthEnd } }),
    ...(bits.masked && { maskingKey: { from: lengthEnd, to: keyEnd } }),
    payload: { from: keyEnd, to: keyEnd + bits.payloadLength },
  };
}
