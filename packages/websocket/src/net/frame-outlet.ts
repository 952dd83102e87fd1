// The way out of one connection: messages and control frames become bytes on the pump, and what waits there is counted.
// Decides how much may wait; that the connection is open has been checked by connection.ts.
import { writeClosePayload } from '../core/close-code.ts';
import {
  COMPRESSED,
  encodeFrameBytes,
  encodeHeader,
  FRAME_OVERHEAD_MAX,
  type FrameBytes,
  firstByteOf,
  opcodeOf,
  writeFrame,
  writeMessage,
  writeText,
} from '../core/frame-writer.ts';
import { isBorrowed, Message, type MessageKind } from '../core/message.ts';
import { OPCODE, type Role } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import { SLAB_BYTES, type WebSocketLimits } from '../limits.ts';
import type { ConnectionDeflate } from './deflate.ts';
import type { SharedFrame } from './frame-batch.ts';
import { nextMaskKey } from './mask-keys.ts';
import type { PreparedMessage, PreparedRun } from './prepared-message.ts';
import { repeats } from './repeats.ts';
import type { SocketPump } from './socket-pump.ts';
import { type ConnectionTap, tapEncoded, tapOutgoing } from './tap.ts';
import { turn } from './turn.ts';

// From here on a payload that needs no mask leaves from where it lies, instead of being copied behind its header.
const UNCOPIED_BYTES_MIN = 8 * 1024;
// Up to here a message whose memory is only lent goes into the slab; copying it twice would be dearer.
const RELAYED_BYTES_MAX = 64 * 1024;
// The longest text that fits into the turn's slab whatever its characters are.
const SLAB_TEXT_UNITS_MAX = Math.floor((SLAB_BYTES - FRAME_OVERHEAD_MAX) / 3);

/** What can be sent: text, bytes, or a message that came and goes on as it is. */
export type Sendable = string | Uint8Array | Message;

/** What an outlet belongs to. */
export interface OutletParts {
  readonly role: Role;
  readonly pump: SocketPump;
  readonly limits: WebSocketLimits;
  readonly tap: ConnectionTap | undefined;
  readonly deflate: ConnectionDeflate | undefined;
}

/** One frame of a message that is sent in several. */
export interface MessagePart {
  /** What the message is; the first part decides. Default: by the data, as for a whole message. */
  readonly kind?: MessageKind | undefined;
  readonly isLast: boolean;
  /** Of the first part: whether the message is compressed, where that was agreed on. Default: if this part is large enough. */
  readonly compress?: boolean | undefined;
}

/** Called once: without an error when the bytes are with the kernel, with one when that has become impossible. */
export type Flushed = (error?: WireError) => void;

interface FlushWaiter {
  readonly untilBytes: number;
  readonly done: Flushed;
}

export class FrameOutlet {
  readonly #mustMask: boolean;
  readonly #pump: SocketPump;
  readonly #limits: WebSocketLimits;
  readonly #tap: ConnectionTap | undefined;
  readonly #deflate: ConnectionDeflate | undefined;
  #givenBytes = 0;
  #writtenBytes = 0;
  #needsDrain = false;
  #isInsideMessage = false;
  #isInsideCompressed = false;
  /** Of messages that are taken together or not at all, and are being taken. */
  #isInsideRun = false;
  #waiters: FlushWaiter[] | undefined;

  constructor({ role, pump, limits, tap, deflate }: OutletParts) {
    this.#mustMask = role === 'client';
    this.#pump = pump;
    this.#limits = limits;
    this.#tap = tap?.frame === undefined ? undefined : tap;
    this.#deflate = deflate;
  }

  /** Whether less is waiting than the high-water mark. When not, `wrote` will tell once. */
  get hasRoom(): boolean {
    if (this.#pump.bufferedBytes <= this.#limits.bufferedBytesHighWaterMark) return true;
    this.#needsDrain = true;
    this.#pump.tellWhenWritten();
    return false;
  }

  /** Queues a message, compressed where that was agreed on. False: too much is waiting already, and it was not taken. */
  message(message: Sendable): boolean {
    const deflate = this.#deflate;
    if (deflate === undefined) return this.plainMessage(message);
    this.#assertBetweenMessages();
    const opcode = opcodeFor(message);
    const bytes = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
    if (bytes < deflate.thresholdBytes) return this.plainMessage(message);
    const repeated = message instanceof Message ? undefined : this.#repeated(message, opcode, deflate);
    if (repeated !== undefined) return repeated;
    const deflated = deflate.deflate(message instanceof Message ? message.data : asBuffer(message));
    return deflated === undefined
      ? this.#payload(opcode, message)
      : this.#payload(opcode | COMPRESSED, deflated);
  }

  /** The same, never compressed. */
  plainMessage(message: Sendable): boolean {
    this.#assertBetweenMessages();
    const opcode = opcodeFor(message);
    const repeated = message instanceof Message ? undefined : this.#repeated(message, opcode, undefined);
    return repeated ?? this.#payload(opcode, message);
  }

  /** Sends what was sent last, to somebody else say, as the message for many that it is; undefined if it is something else. */
  #repeated(
    data: string | Uint8Array,
    opcode: number,
    deflate: ConnectionDeflate | undefined,
  ): boolean | undefined {
    if (this.#mustMask || deflate?.keepsOurHistory) return undefined;
    const prepared = repeats.find(data, opcode);
    if (prepared === undefined) return undefined;
    return deflate === undefined
      ? this.#preparedPlain(prepared)
      : this.#preparedCompressed(prepared, deflate);
  }

  /** Queues a message that others are sent as well; compressed where that was agreed on and is wanted. */
  preparedMessage(message: PreparedMessage, isCompressible: boolean): boolean {
    this.#assertBetweenMessages();
    const deflate = isCompressible ? this.#deflate : undefined;
    if (deflate === undefined || message.length < deflate.thresholdBytes) return this.#preparedPlain(message);
    return this.#preparedCompressed(message, deflate);
  }

  /** Queues messages that others are sent as well: as one piece, unless each must be looked at. */
  preparedRun(run: PreparedRun): boolean {
    this.#assertBetweenMessages();
    const { frames } = run;
    if (!this.#hasSpaceFor(frames.bytes.length)) return false;
    if (this.#mustMask || this.#tap !== undefined || this.#deflate !== undefined)
      return this.#preparedApart(run.messages);
    this.#givenBytes += frames.bytes.length;
    this.#pump.writeShared(frames);
    return true;
  }

  /** There is room for all of them: what masks add does not count, and no form of a message is larger than the plain one. */
  #preparedApart(messages: readonly PreparedMessage[]): boolean {
    this.#isInsideRun = true;
    try {
      return messages.every((message) => this.preparedMessage(message, true));
    } finally {
      this.#isInsideRun = false;
    }
  }

  #preparedCompressed(message: PreparedMessage, deflate: ConnectionDeflate): boolean {
    const form = message.compressed(deflate.shared);
    if (form === undefined) return this.#preparedPlain(message);
    deflate.sentShared();
    return this.#shared(message.opcode | COMPRESSED, form.payload, form.frame);
  }

  #preparedPlain(message: PreparedMessage): boolean {
    return this.#shared(message.opcode, message.data, message.frame);
  }

  /** A payload whose frame is there already, unless it must be masked. */
  #shared(opcode: number, payload: string | Uint8Array, frame: SharedFrame): boolean {
    if (this.#mustMask) return this.#payload(opcode, payload);
    if (this.#tap !== undefined) tapOutgoing(this.#tap, { opcode, fin: true }, payload, undefined);
    if (!this.#hasSpaceFor(frame.bytes.length)) return false;
    this.#givenBytes += frame.bytes.length;
    this.#pump.writeShared(frame);
    return true;
  }

  #payload(opcode: number, data: Sendable): boolean {
    const maskKey = this.#mustMask ? nextMaskKey() : undefined;
    if (this.#tap !== undefined) {
      tapOutgoing(this.#tap, { opcode, fin: true }, data instanceof Message ? data.data : data, maskKey);
    }
    if (data instanceof Message) return this.#relay(data, maskKey);
    if (typeof data === 'string') return this.#text(data, maskKey);
    return this.#frame({ firstByte: firstByteOf(opcode), payload: asBuffer(data), maskKey });
  }

  #text(text: string, maskKey: number | undefined): boolean {
    if (text.length > SLAB_TEXT_UNITS_MAX) {
      return this.#frame({ firstByte: firstByteOf(OPCODE.text), payload: Buffer.from(text), maskKey });
    }
    const start = turn.reserve(text.length * 3 + FRAME_OVERHEAD_MAX);
    return this.#putRun(start, writeText(turn.slab, start, text, maskKey));
  }

  #relay(message: Message, maskKey: number | undefined): boolean {
    if (message.length >= (isBorrowed(message) ? RELAYED_BYTES_MAX : UNCOPIED_BYTES_MIN)) {
      return this.#frame({ firstByte: firstByteOf(OPCODE[message.kind]), payload: message.data, maskKey });
    }
    const start = turn.reserve(message.length + FRAME_OVERHEAD_MAX);
    return this.#putRun(start, writeMessage(turn.slab, start, message, maskKey));
  }

  #frame(frame: FrameBytes): boolean {
    const { firstByte, payload, maskKey } = frame;
    const { length } = payload;
    if (length < UNCOPIED_BYTES_MIN || (maskKey !== undefined && length < SLAB_BYTES - FRAME_OVERHEAD_MAX)) {
      const start = turn.reserve(length + FRAME_OVERHEAD_MAX);
      return this.#putRun(start, writeFrame(turn.slab, start, frame));
    }
    if (maskKey !== undefined) return this.#put(encodeFrameBytes(frame));
    return this.#put(encodeHeader(firstByte, length), asBuffer(payload));
  }

  #assertBetweenMessages(): void {
    if (this.#isInsideMessage) throw new TypeError('a message that is sent in parts has not ended');
  }

  /** Queues one frame of a message. False: as for `message`; of a message that was begun the rest then never comes. */
  part(data: string | Uint8Array, { kind, isLast: fin, compress }: MessagePart): boolean {
    const first = kind === undefined ? opcodeOf(data) : OPCODE[kind];
    const bytes = asBuffer(data);
    const isFirst = !this.#isInsideMessage;
    if (isFirst) this.#isInsideCompressed = this.#mayCompress(bytes.length, compress);
    if (isFirst && fin) {
      const deflate = this.#isInsideCompressed ? this.#deflate : undefined;
      const repeated = this.#repeated(data, first, deflate);
      if (repeated !== undefined) return repeated;
    }
    const payload = this.#isInsideCompressed ? (this.#deflate?.deflatePart(bytes, fin) ?? bytes) : bytes;
    const opcode = isFirst ? first | (this.#isInsideCompressed ? COMPRESSED : 0) : OPCODE.continuation;
    const maskKey = this.#mustMask ? nextMaskKey() : undefined;
    this.#isInsideMessage = !fin;
    if (this.#tap !== undefined) tapOutgoing(this.#tap, { opcode, fin }, payload, maskKey);
    return this.#frame({ firstByte: firstByteOf(opcode, fin), payload, maskKey });
  }

  /** RSV1 of the first frame is said for all of them (RFC 7692 section 6.1), so it is decided by what is known then. */
  #mayCompress(bytes: number, asked: boolean | undefined): boolean {
    if (this.#deflate === undefined) return false;
    return asked ?? bytes >= this.#deflate.thresholdBytes;
  }

  /** Queues a message whose bytes lie in several places. They are put together only where they must be masked, compressed or looked at. */
  pieces(pieces: readonly Uint8Array[], kind: MessageKind): boolean {
    this.#assertBetweenMessages();
    const size = pieces.reduce((sum, { length }) => sum + length, 0);
    const mustJoin = this.#mustMask || this.#deflate !== undefined || this.#tap !== undefined;
    if (mustJoin || size < UNCOPIED_BYTES_MIN)
      return this.part(Buffer.concat(pieces, size), { kind, isLast: true });
    const header = encodeHeader(firstByteOf(OPCODE[kind]), size);
    if (!this.#hasSpaceFor(header.length + size)) return false;
    this.#write(header);
    for (const piece of pieces) this.#write(asBuffer(piece));
    return true;
  }

  /** Queues frames that were encoded by somebody else, all or none of them. False: as for `message`. */
  frames(frames: readonly Uint8Array[]): boolean {
    let size = 0;
    for (const bytes of frames) size += bytes.length;
    if (!this.#hasSpaceFor(size)) return false;
    if (this.#tap !== undefined) tapEncoded(this.#tap, this.#mustMask ? 'client' : 'server', frames);
    for (const bytes of frames) this.#write(asBuffer(bytes));
    return true;
  }

  /** Queues a ping or a pong. False: too much is waiting already, and it was not taken. */
  control(opcode: number, payload: Uint8Array): boolean {
    return this.#frame(this.#controlFrame(opcode, payload));
  }

  /** Queues the Close frame, however much is waiting. */
  close(code: number, reason: string): void {
    this.#write(encodeFrameBytes(this.#controlFrame(OPCODE.close, writeClosePayload(code, reason))));
  }

  /** Something has reached the kernel. True: the room that was missing is there again. */
  wrote(): boolean {
    const { bufferedBytes } = this.#pump;
    this.#writtenBytes = this.#givenBytes - bufferedBytes;
    this.#settle();
    if (!this.#needsDrain || bufferedBytes > this.#limits.bufferedBytesHighWaterMark / 2) return false;
    this.#needsDrain = false;
    return true;
  }

  /** Has `done` called, later, when what was queued so far has left, or cannot any more. */
  whenFlushed(done: Flushed): void {
    const untilBytes = this.#givenBytes;
    if (!this.#pump.isGone) this.#writtenBytes = untilBytes - this.#pump.bufferedBytes;
    if (untilBytes <= this.#writtenBytes) process.nextTick(done);
    else if (this.#pump.isGone) process.nextTick(done, new WireError('connection-lost'));
    else {
      this.#waiters ??= [];
      this.#waiters.push({ untilBytes, done });
      this.#pump.tellWhenWritten();
    }
  }

  flushed(): Promise<void> {
    const promise = new Promise<void>((resolve, reject) => {
      this.whenFlushed((error) => (error === undefined ? resolve() : reject(error)));
    });
    // Whoever does not wait for the answer must not be ended by it as by an unhandled rejection.
    promise.catch(() => undefined);
    return promise;
  }

  /** The socket is gone: what still waits never leaves. */
  giveUp(): void {
    const waiters = this.#waiters ?? [];
    this.#waiters = undefined;
    for (const { done } of waiters) done(new WireError('connection-lost'));
  }

  #controlFrame(opcode: number, payload: Uint8Array): FrameBytes {
    const maskKey = this.#mustMask ? nextMaskKey() : undefined;
    if (this.#tap !== undefined) tapOutgoing(this.#tap, { opcode, fin: true }, payload, maskKey);
    return { firstByte: firstByteOf(opcode), payload, maskKey };
  }

  #put(frame: Buffer, payload?: Buffer): boolean {
    if (!this.#hasSpaceFor(frame.length + (payload?.length ?? 0))) return false;
    this.#write(frame);
    if (payload !== undefined) this.#write(payload);
    return true;
  }

  /** A frame that has been written into the turn's slab. */
  #putRun(start: number, end: number): boolean {
    if (!this.#hasSpaceFor(end - start)) return false;
    this.#givenBytes += end - start;
    this.#pump.writeRun(start, end);
    return true;
  }

  #hasSpaceFor(size: number): boolean {
    if (this.#isInsideRun) return true;
    const waiting = this.#pump.bufferedBytes;
    return waiting === 0 || waiting + size <= this.#limits.bufferedBytesMax;
  }

  #write(bytes: Buffer): void {
    this.#givenBytes += bytes.length;
    this.#pump.write(bytes);
  }

  #settle(): void {
    const waiters = this.#waiters;
    while (waiters !== undefined && waiters.length > 0) {
      const [first] = waiters;
      if (first === undefined || first.untilBytes > this.#writtenBytes) return;
      waiters.shift();
      first.done();
    }
  }
}

function opcodeFor(message: Sendable): number {
  return message instanceof Message ? OPCODE[message.kind] : opcodeOf(message);
}

function asBuffer(data: string | Uint8Array): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.length);
}
