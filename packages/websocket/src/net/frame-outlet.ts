// The way out of one connection: messages and control frames become bytes on the pump, and what waits there is counted.
// Decides how much may wait; that the connection is open has been checked by connection.ts.
import { writeClosePayload } from '../core/close-code.ts';
import { COMPRESSED, encodeHeader, encodeMessage, opcodeOf } from '../core/frame-writer.ts';
import { OPCODE, type Role } from '../core/opcode.ts';
import { WireError } from '../core/wire-error.ts';
import type { WebSocketLimits } from '../limits.ts';
import type { ConnectionDeflate } from './deflate.ts';
import { nextMaskKey } from './mask-keys.ts';
import { PreparedMessage } from './prepared-message.ts';
import type { SocketPump } from './socket-pump.ts';
import { type ConnectionTap, tapOutgoing } from './tap.ts';

// From here on a payload that needs no mask leaves from where it lies, instead of being copied behind its header.
const UNCOPIED_BYTES_MIN = 8 * 1024;

/** What an outlet belongs to. */
export interface OutletParts {
  readonly role: Role;
  readonly pump: SocketPump;
  readonly limits: WebSocketLimits;
  readonly tap: ConnectionTap | undefined;
  readonly deflate: ConnectionDeflate | undefined;
}

interface FlushWaiter {
  readonly untilBytes: number;
  readonly resolve: () => void;
  readonly reject: (error: WireError) => void;
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
  #waiters: FlushWaiter[] = [];

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
    return false;
  }

  /** Queues a message, compressed where that was agreed on. False: too much is waiting already, and it was not taken. */
  message(message: string | Uint8Array | PreparedMessage): boolean {
    if (this.#deflate === undefined) return this.plainMessage(message);
    if (message instanceof PreparedMessage) return this.#sharedMessage(message, this.#deflate);
    const opcode = opcodeOf(message);
    const isText = typeof message === 'string';
    const bytes = isText ? Buffer.byteLength(message) : message.length;
    if (bytes < this.#deflate.thresholdBytes) return this.#payload(opcode, message);
    const deflated = this.#deflate.deflate(isText ? Buffer.from(message) : message);
    return deflated === undefined
      ? this.#payload(opcode, message)
      : this.#payload(opcode | COMPRESSED, deflated);
  }

  /** The same, never compressed. */
  plainMessage(message: string | Uint8Array | PreparedMessage): boolean {
    if (!(message instanceof PreparedMessage)) return this.#payload(opcodeOf(message), message);
    return this.#framed(message.opcode, message.data, message.frame);
  }

  #sharedMessage(message: PreparedMessage, deflate: ConnectionDeflate): boolean {
    const isWorthIt = message.length >= deflate.thresholdBytes;
    const form = isWorthIt ? message.compressed(deflate.shared) : undefined;
    if (form === undefined) return this.plainMessage(message);
    deflate.sentShared();
    return this.#framed(message.opcode | COMPRESSED, form.payload, form.frame);
  }

  /** A payload whose frame is there already, unless it must be masked. */
  #framed(opcode: number, payload: string | Uint8Array, frame: Buffer): boolean {
    if (this.#mustMask) return this.#payload(opcode, payload);
    if (this.#tap !== undefined) tapOutgoing(this.#tap, opcode, payload, undefined);
    return this.#put(frame);
  }

  #payload(opcode: number, data: string | Uint8Array): boolean {
    const maskKey = this.#mustMask ? nextMaskKey() : undefined;
    if (this.#tap !== undefined) tapOutgoing(this.#tap, opcode, data, maskKey);
    if (typeof data === 'string' || maskKey !== undefined || data.length < UNCOPIED_BYTES_MIN) {
      return this.#put(encodeMessage(opcode, data, maskKey));
    }
    const payload = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.length);
    return this.#put(encodeHeader(opcode, payload.length), payload);
  }

  /** Queues a ping or a pong. False: too much is waiting already, and it was not taken. */
  control(opcode: number, payload: Uint8Array): boolean {
    return this.#put(this.#encodeControl(opcode, payload));
  }

  /** Queues the Close frame, however much is waiting. */
  close(code: number, reason: string): void {
    this.#write(this.#encodeControl(OPCODE.close, writeClosePayload(code, reason)));
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

  flushed(): Promise<void> {
    const untilBytes = this.#givenBytes;
    const promise = new Promise<void>((resolve, reject) => {
      if (!this.#pump.isGone) this.#writtenBytes = untilBytes - this.#pump.bufferedBytes;
      if (untilBytes <= this.#writtenBytes) resolve();
      else if (this.#pump.isGone) reject(new WireError('connection-lost'));
      else this.#waiters.push({ untilBytes, resolve, reject });
    });
    // Whoever does not wait for the answer must not be ended by it as by an unhandled rejection.
    promise.catch(() => undefined);
    return promise;
  }

  /** The socket is gone: what still waits never leaves. */
  giveUp(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(new WireError('connection-lost'));
  }

  #encodeControl(opcode: number, payload: Uint8Array): Buffer {
    const maskKey = this.#mustMask ? nextMaskKey() : undefined;
    if (this.#tap !== undefined) tapOutgoing(this.#tap, opcode, payload, maskKey);
    return encodeMessage(opcode, payload, maskKey);
  }

  #put(frame: Buffer, payload?: Buffer): boolean {
    const waiting = this.#pump.bufferedBytes;
    const size = frame.length + (payload?.length ?? 0);
    if (waiting > 0 && waiting + size > this.#limits.bufferedBytesMax) return false;
    this.#write(frame);
    if (payload !== undefined) this.#write(payload);
    return true;
  }

  #write(bytes: Buffer): void {
    this.#givenBytes += bytes.length;
    this.#pump.write(bytes);
  }

  #settle(): void {
    while (this.#waiters.length > 0) {
      const [first] = this.#waiters;
      if (first === undefined || first.untilBytes > this.#writtenBytes) return;
      this.#waiters.shift();
      first.resolve();
    }
  }
}
