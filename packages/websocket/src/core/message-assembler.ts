// Data frames in, messages out (RFC 6455 sections 5.4, 5.6 and 8.1; RFC 7692 section 6): order of fragments, size limits
// checked when a header claims them and again while a message inflates, UTF-8 checked while it comes. Who wants a message
// piece by piece gives a sink for it. Control frames do not come here.
import type { FramePart } from './frame-parser.ts';
import { compressedBytesMaxFor, InflationMeter } from './inflation-meter.ts';
import { Message, type MessageKind } from './message.ts';
import { OPCODE, RSV1 } from './opcode.ts';
import { PayloadCollector } from './payload-collector.ts';
import { isCompleteUtf8, nextUtf8State, UTF8_INVALID, UTF8_START, type Utf8State } from './utf8.ts';
import { WireError } from './wire-error.ts';

/** The limits of a message, as in WebSocketLimits. */
export interface MessageBounds {
  readonly messageBytesMax: number;
  readonly fragmentsPerMessageMax: number;
  /** Payload bytes of one frame. Default: 0, no such bound beside that of the message. */
  readonly frameBytesMax?: number;
  /** Default: 0, no such bound. */
  readonly inflationRatioMax?: number;
}

/** Takes one message while it comes, so that it may be larger than memory. */
export interface MessageSink {
  /** Bytes that this message may have. Default: no bound, since nothing is kept of it. */
  readonly bytesMax?: number;
  /** The next bytes, never none; they are the taker's. Of a text they are valid so far, but may end inside a character. */
  piece(bytes: Buffer): void;
  /** The message is complete. */
  end(): void;
  /** It never will be: the connection is over. */
  abort?(): void;
}

/** Undoes the compression of messages; who does it is net/deflate.ts. */
export interface MessageInflater {
  /**
   * Takes the next piece of a compressed message and gives `take` what comes out of it, block by block, telling the meter
   * before each. The blocks are the taker's. Throws what meter and taker throw, and the WireError `deflate-data-invalid`.
   */
  inflate(piece: Buffer, isEnd: boolean, meter: InflationMeter, take: (block: Buffer) => void): void;
}

const NOTHING = Buffer.alloc(0);

/** Whether a part is a message all by itself: the usual case, for which no assembler is needed. */
export function isWholeMessage(part: FramePart): boolean {
  return part.isFirst && part.isLast && part.fin && part.rsv === 0 && part.opcode !== OPCODE.continuation;
}

/** That message, which lies in the part's memory. Throws WireErrors. */
export function wholeMessage(part: FramePart, bounds: MessageBounds): Message {
  if (part.frameLength > bounds.messageBytesMax) throw messageTooLarge(bounds.messageBytesMax);
  checkFrameLength(part.frameLength, bounds);
  const kind = part.opcode === OPCODE.text ? 'text' : 'binary';
  if (kind === 'text' && !part.isAscii && !isCompleteUtf8(part.payload)) throw new WireError('utf8-invalid');
  return new Message(kind, part, true);
}

function messageTooLarge(bytesMax: number): WireError {
  return new WireError('message-too-large', `A message may have ${bytesMax} bytes at most.`);
}

function checkFrameLength(length: number, { frameBytesMax = 0 }: MessageBounds): void {
  if (frameBytesMax === 0 || length <= frameBytesMax) return;
  throw new WireError('frame-too-large', `A frame may have ${frameBytesMax} bytes at most.`);
}

/** Puts the messages of one connection together from the parts of their frames. */
export class MessageAssembler {
  readonly #bounds: MessageBounds;
  readonly #inflater: MessageInflater | undefined;
  /** Asked at the beginning of each message: a sink takes it piece by piece, undefined leaves it whole. */
  begin: ((kind: MessageKind) => MessageSink | undefined) | undefined;

  // Both made for the first compressed message.
  #meter: InflationMeter | undefined;
  #take: ((block: Buffer) => void) | undefined;
  #openKind: MessageKind | undefined;
  #sink: MessageSink | undefined;
  #isCompressed = false;
  #claimedBytes = 0;
  #fragments = 0;
  #utf8: Utf8State = UTF8_START;
  #collector: PayloadCollector | undefined;

  // What one piece inflates to, as long as it is one block: a small message need not be collected.
  #inflated: Buffer | undefined;

  /** @param inflater for a connection that agreed on permessage-deflate */
  constructor(bounds: MessageBounds, inflater?: MessageInflater) {
    this.#bounds = bounds;
    this.#inflater = inflater;
  }

  /** Whether a message has begun and not ended. */
  get isInsideMessage(): boolean {
    return this.#openKind !== undefined;
  }

  /**
   * Takes the next part of a data frame; returns the message that it completes, if it does and has no sink. The message may
   * lie in the part's memory. Throws WireErrors, and what a sink throws.
   */
  add(part: FramePart): Message | undefined {
    if (part.isFirst) {
      const mayBeWhole = this.#openKind === undefined && this.begin === undefined;
      if (mayBeWhole && isWholeMessage(part)) return wholeMessage(part, this.#bounds);
      this.#beginFrame(part);
    }
    const kind = this.#openKind;
    if (kind === undefined) throw new Error('a frame part came without the beginning of its frame');
    const isEnd = part.isLast && part.fin;
    if (this.#isCompressed) {
      this.#inflate(part.payload, isEnd);
    } else if (part.end > part.start) {
      if (kind === 'text' && !(part.isAscii && this.#utf8 === UTF8_START)) this.#checkText(part.payload);
      this.#collect(part.payload);
    }
    if (!isEnd) return undefined;
    if (this.#utf8 !== UTF8_START) throw new WireError('utf8-invalid');
    this.#openKind = undefined;
    return this.#end(kind);
  }

  /** The connection is over: an open message will not be completed. */
  abort(): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.abort?.();
  }

  #end(kind: MessageKind): Message | undefined {
    const sink = this.#sink;
    if (sink === undefined) return ownMessage(kind, this.#takeCollected());
    this.#sink = undefined;
    if (this.#inflated !== undefined) sink.piece(this.#inflated);
    this.#inflated = undefined;
    sink.end();
    return undefined;
  }

  #inflate(piece: Buffer, isEnd: boolean): void {
    if (this.#inflater === undefined || this.#meter === undefined) throw new WireError('reserved-bits');
    this.#meter.came(piece.length);
    this.#take ??= (block) => this.#takeInflated(block);
    this.#inflater.inflate(piece, isEnd, this.#meter, this.#take);
    const isAllOfIt = isEnd && (this.#collector?.length ?? 0) === 0;
    if (isAllOfIt || this.#inflated === undefined) return;
    this.#collect(this.#inflated);
    this.#inflated = undefined;
  }

  #takeInflated(block: Buffer): void {
    if (this.#openKind === 'text') this.#checkText(block);
    if (this.#inflated !== undefined) this.#collect(this.#inflated);
    this.#inflated = block;
  }

  #collect(payload: Buffer): void {
    if (this.#sink !== undefined) {
      this.#sink.piece(this.#isCompressed ? payload : Buffer.from(payload));
      return;
    }
    this.#collector ??= new PayloadCollector();
    this.#collector.append(payload, this.#isCompressed ? 0 : this.#claimedBytes);
  }

  #takeCollected(): Buffer {
    const only = this.#inflated;
    this.#inflated = undefined;
    return only ?? this.#collector?.take() ?? NOTHING;
  }

  #beginFrame(part: FramePart): void {
    if (part.opcode === OPCODE.continuation) {
      if (this.#openKind === undefined) throw new WireError('continuation-unexpected');
      this.#fragments += 1;
    } else {
      if (this.#openKind !== undefined) throw new WireError('continuation-missing');
      this.#beginMessage(part);
    }
    this.#claimedBytes += part.frameLength;
    const { fragmentsPerMessageMax } = this.#bounds;
    const bytesMax = this.#messageBytesMax();
    const claimMax = this.#isCompressed ? compressedBytesMaxFor(bytesMax) : bytesMax;
    if (this.#claimedBytes > claimMax) throw messageTooLarge(bytesMax);
    checkFrameLength(part.frameLength, this.#bounds);
    if (this.#fragments > fragmentsPerMessageMax) {
      throw new WireError(
        'too-many-fragments',
        `A message may come in ${fragmentsPerMessageMax} frames at most.`,
      );
    }
  }

  #beginMessage(part: FramePart): void {
    const kind = part.opcode === OPCODE.text ? 'text' : 'binary';
    this.#openKind = kind;
    this.#claimedBytes = 0;
    this.#fragments = 1;
    this.#utf8 = UTF8_START;
    this.#isCompressed = (part.rsv & RSV1) !== 0;
    if (this.begin !== undefined) this.#sink = this.begin(kind);
    if (!this.#isCompressed) return;
    this.#meter ??= new InflationMeter(this.#bounds.inflationRatioMax ?? 0);
    this.#meter.begin(this.#messageBytesMax());
  }

  #messageBytesMax(): number {
    return this.#sink === undefined
      ? this.#bounds.messageBytesMax
      : (this.#sink.bytesMax ?? Number.MAX_SAFE_INTEGER);
  }

  #checkText(payload: Buffer): void {
    this.#utf8 = nextUtf8State(this.#utf8, payload);
    if (this.#utf8 === UTF8_INVALID) throw new WireError('utf8-invalid');
  }
}

function ownMessage(kind: MessageKind, memory: Buffer): Message {
  return new Message(kind, { memory, start: 0, end: memory.length, isAscii: false }, false);
}
