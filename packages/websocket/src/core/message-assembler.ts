// Data frames in, messages out (RFC 6455 sections 5.4, 5.6 and 8.1): order of fragments, size limits checked when a
// header claims them, UTF-8 checked while it comes. Control frames do not come here.
import type { FramePart } from './frame-parser.ts';
import { Message, type MessageKind } from './message.ts';
import { OPCODE } from './opcode.ts';
import { PayloadCollector } from './payload-collector.ts';
import { isCompleteUtf8, nextUtf8State, UTF8_INVALID, UTF8_START, type Utf8State } from './utf8.ts';
import { WireError } from './wire-error.ts';

export interface MessageBounds {
  readonly messageBytesMax: number;
  readonly fragmentsPerMessageMax: number;
}

// A message that is a small view of a large chunk is copied, so that keeping it does not keep the chunk.
const CHUNK_KEPT_BYTES_MAX = 4096;

export class MessageAssembler {
  readonly #bounds: MessageBounds;
  #openKind: MessageKind | undefined;
  #claimedBytes = 0;
  #fragments = 0;
  #utf8: Utf8State = UTF8_START;
  #collector: PayloadCollector | undefined;

  constructor(bounds: MessageBounds) {
    this.#bounds = bounds;
  }

  /** Whether a message has begun and not ended. */
  get isInsideMessage(): boolean {
    return this.#openKind !== undefined;
  }

  /** Takes the next part of a data frame; returns the message that it completes, if it does. Throws WireErrors. */
  add(part: FramePart): Message | undefined {
    if (part.isFirst) {
      this.#begin(part);
      if (part.isLast && part.fin && part.opcode !== OPCODE.continuation) return this.#wholeMessage(part);
    }
    const kind = this.#openKind;
    if (kind === undefined) throw new Error('a frame part came without the beginning of its frame');
    if (part.payload.length > 0) {
      if (kind === 'text') this.#checkText(part.payload);
      this.#collector ??= new PayloadCollector();
      this.#collector.append(part.payload);
    }
    if (!part.isLast || !part.fin) return undefined;
    if (this.#utf8 !== UTF8_START) throw new WireError('utf8-invalid', 'The text ends inside a character.');
    this.#openKind = undefined;
    return new Message(kind, this.#collector?.take() ?? Buffer.alloc(0));
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
    }
    this.#claimedBytes += part.frameLength;
    const { messageBytesMax, fragmentsPerMessageMax } = this.#bounds;
    if (this.#claimedBytes > messageBytesMax) {
      throw new WireError('message-too-large', `A message may have ${messageBytesMax} bytes at most.`);
    }
    if (this.#fragments > fragmentsPerMessageMax) {
      throw new WireError(
        'too-many-fragments',
        `A message may come in ${fragmentsPerMessageMax} frames at most.`,
      );
    }
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
