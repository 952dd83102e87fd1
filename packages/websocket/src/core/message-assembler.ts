// Data frames in, messages out (RFC 6455 sections 5.4, 5.6 and 8.1; RFC 7692 section 6): order of fragments, size limits
// checked when a header claims them and again while a message inflates, UTF-8 checked while it comes. Control frames do
// not come here.
import type { FramePart } from './frame-parser.ts';
import { compressedBytesMaxFor, InflationMeter } from './inflation-meter.ts';
import { Message, type MessageKind } from './message.ts';
import { OPCODE, RSV1 } from './opcode.ts';
import { PayloadCollector } from './payload-collector.ts';
import { isCompleteUtf8, nextUtf8State, UTF8_INVALID, UTF8_START, type Utf8State } from './utf8.ts';
import { WireError } from './wire-error.ts';

export interface MessageBounds {
  readonly messageBytesMax: number;
  readonly fragmentsPerMessageMax: number;
  /** Default: 0, no such bound. */
  readonly inflationRatioMax?: number;
}

/** Undoes the compression of messages; who does it is net/deflate.ts. */
export interface MessageInflater {
  /**
   * Takes the next piece of a compressed message and gives `take` what comes out of it, block by block, telling the meter
   * before each. The blocks are the taker's. Throws what meter and taker throw, and the WireError `deflate-data-invalid`.
   */
  inflate(piece: Buffer, isEnd: boolean, meter: InflationMeter, take: (block: Buffer) => void): void;
}

// A message that is a small view of a large chunk is copied, so that keeping it does not keep the chunk.
const CHUNK_KEPT_BYTES_MAX = 4096;

export class MessageAssembler {
  readonly #bounds: MessageBounds;
  readonly #inflater: MessageInflater | undefined;
  // Both made for the first compressed message.
  #meter: InflationMeter | undefined;
  #take: ((block: Buffer) => void) | undefined;
  #openKind: MessageKind | undefined;
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

  /** Takes the next part of a data frame; returns the message that it completes, if it does. Throws WireErrors. */
  add(part: FramePart): Message | undefined {
    if (part.isFirst) {
      this.#begin(part);
      const isWhole = part.isLast && part.fin && part.opcode !== OPCODE.continuation;
      if (isWhole && !this.#isCompressed) return this.#wholeMessage(part);
    }
    const kind = this.#openKind;
    if (kind === undefined) throw new Error('a frame part came without the beginning of its frame');
    const isEnd = part.isLast && part.fin;
    if (this.#isCompressed) {
      this.#inflate(part.payload, isEnd);
    } else if (part.payload.length > 0) {
      if (kind === 'text') this.#checkText(part.payload);
      this.#collect(part.payload);
    }
    if (!isEnd) return undefined;
    if (this.#utf8 !== UTF8_START) throw new WireError('utf8-invalid', 'The text ends inside a character.');
    this.#openKind = undefined;
    return new Message(kind, this.#takeCollected());
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
    this.#collector ??= new PayloadCollector();
    this.#collector.append(payload);
  }

  #takeCollected(): Buffer {
    const only = this.#inflated;
    this.#inflated = undefined;
    return only ?? this.#collector?.take() ?? Buffer.alloc(0);
  }

  #begin(part: FramePart): void {
    if (part.opcode === OPCODE.continuation) {
      if (this.#openKind === undefined) throw new WireError('continuation-unexpected');
      this.#fragments += 1;
    } else {
      if (this.#openKind !== undefined) throw new WireError('continuation-missing');
      this.#openKind = part.opcode === OPCODE.text ? 'text' : 'binary';
      this.#claimedBytes = 0;
      this.#fragments = 1;
      this.#utf8 = UTF8_START;
      this.#isCompressed = (part.rsv & RSV1) !== 0;
      if (this.#isCompressed) this.#beginCompressed();
    }
    this.#claimedBytes += part.frameLength;
    const { messageBytesMax, fragmentsPerMessageMax } = this.#bounds;
    const claimMax = this.#isCompressed ? compressedBytesMaxFor(messageBytesMax) : messageBytesMax;
    if (this.#claimedBytes > claimMax) {
      throw new WireError('message-too-large', `A message may have ${messageBytesMax} bytes at most.`);
    }
    if (this.#fragments > fragmentsPerMessageMax) {
      throw new WireError(
        'too-many-fragments',
        `A message may come in ${fragmentsPerMessageMax} frames at most.`,
      );
    }
  }

  #beginCompressed(): void {
    const { messageBytesMax, inflationRatioMax = 0 } = this.#bounds;
    this.#meter ??= new InflationMeter({ messageBytesMax, inflationRatioMax });
    this.#meter.begin();
  }

  /** The usual case: the whole message in one frame in one chunk. */
  #wholeMessage(part: FramePart): Message {
    const kind = this.#openKind ?? 'binary';
    if (kind === 'text' && !isCompleteUtf8(part.payload)) throw new WireError('utf8-invalid');
    this.#openKind = undefined;
    return new Message(kind, detached(part.payload));
  }

  #checkText(payload: Buffer): void {
    this.#utf8 = nextUtf8State(this.#utf8, payload);
    if (this.#utf8 === UTF8_INVALID) throw new WireError('utf8-invalid');
  }
}

function detached(payload: Buffer): Buffer {
  const heldBytes = payload.buffer.byteLength;
  return heldBytes > CHUNK_KEPT_BYTES_MAX && heldBytes > payload.length * 2 ? Buffer.from(payload) : payload;
}
