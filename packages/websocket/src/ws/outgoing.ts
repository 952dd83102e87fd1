// What a WebSocket of the ws API sends, in order: while a Blob is being read everything after it waits; else it goes to the
// connection at once. Knows no events and no ready state; websocket.ts asks before it sends.
import type { Connection } from '../net/connection.ts';
import { byteLength, type Payload } from './payload.ts';

/** Called when what was sent is with the kernel, or with the error that keeps it from getting there. */
export type SendCallback = (error?: Error) => void;

/** How a message is sent. */
export interface SendOptions {
  /** Whether it travels as binary. Default: a string does not, everything else does. */
  readonly binary?: boolean | undefined;
  /** Whether it ends the message. Default: it does. */
  readonly fin?: boolean | undefined;
  /** Whether it is compressed, where that was agreed on; the first part of a message decides. Default: it is. */
  readonly compress?: boolean | undefined;
  /** Taken and ignored: a client always masks, a server never does. */
  readonly mask?: boolean | undefined;
}

type Act = () => void;

const PLAIN: SendOptions = {};
const UNCOMPRESSED = { compress: false } as const;
const LAST_PARTS = {
  text: { kind: 'text', isLast: true },
  binary: { kind: 'binary', isLast: true },
} as const;

export class Outgoing {
  readonly #connection: Connection;
  readonly #blobFailed: (cause: unknown) => void;
  #isInsideMessage = false;
  /** Undefined while nothing is being read. */
  #waiting: Act[] | undefined;
  #waitingBytes = 0;

  /** @param blobFailed told of what stopped the reading of a Blob, after the callbacks */
  constructor(connection: Connection, blobFailed: (cause: unknown) => void) {
    this.#connection = connection;
    this.#blobFailed = blobFailed;
  }

  /** Bytes given here that are not yet with the kernel. */
  get bufferedBytes(): number {
    return this.#connection.bufferedBytes + this.#waitingBytes;
  }

  /** Sends a string as text and bytes as binary: the usual case, and the short way. */
  message(data: string | Uint8Array, done: SendCallback | undefined): void {
    if (this.#waiting !== undefined || this.#isInsideMessage) {
      this.send(data, PLAIN, done);
      return;
    }
    this.#connection.send(data);
    if (done !== undefined) this.#connection.whenFlushed(done);
  }

  send(payload: Payload | Blob, options: SendOptions, done: SendCallback | undefined): void {
    if (payload instanceof Blob) {
      this.#afterReading(payload, done, (bytes) => this.#put(bytes, options));
    } else if (this.#waiting === undefined) {
      this.#put(payload, options);
      if (done !== undefined) this.#connection.whenFlushed(done);
    } else {
      this.#wait(byteLength(payload), done, () => this.#put(payload, options));
    }
  }

  control(type: 'ping' | 'pong', payload: Payload | Blob, done: SendCallback | undefined): void {
    const put = (bytes: Payload): void => this.#connection[type](bytes);
    if (payload instanceof Blob) {
      this.#afterReading(payload, done, put);
    } else if (this.#waiting === undefined) {
      put(payload);
      if (done !== undefined) this.#connection.whenFlushed(done);
    } else {
      this.#wait(byteLength(payload), done, () => put(payload));
    }
  }

  /** Does something else in its turn: closing, say. */
  inTurn(act: Act): void {
    if (this.#waiting === undefined) act();
    else this.#waiting.push(act);
  }

  #put(payload: Payload, { binary, fin = true, compress }: SendOptions): void {
    const isBinary = typeof payload !== 'string';
    const isWhole = fin && !this.#isInsideMessage && (binary ?? isBinary) === isBinary;
    if (isWhole) {
      this.#connection.send(payload, compress === false ? UNCOMPRESSED : undefined);
    } else {
      const kind = (binary ?? isBinary) ? 'binary' : 'text';
      const isUsual = fin && compress === undefined;
      this.#connection.sendPart(payload, isUsual ? LAST_PARTS[kind] : { kind, isLast: fin, compress });
    }
    this.#isInsideMessage = !fin;
  }

  #wait(bytes: number, done: SendCallback | undefined, put: Act): void {
    this.#waitingBytes += bytes;
    this.#waiting?.push(() => {
      this.#waitingBytes -= bytes;
      this.#putOrTell(put, done);
    });
  }

  #afterReading(blob: Blob, done: SendCallback | undefined, put: (bytes: Buffer) => void): void {
    this.#waitingBytes += blob.size;
    this.inTurn(() => {
      this.#waiting ??= [];
      blob.arrayBuffer().then(
        (bytes) => this.#goOn(blob, () => this.#putOrTell(() => put(Buffer.from(bytes)), done)),
        (cause: unknown) => this.#goOn(blob, () => this.#giveUp(cause, done)),
      );
    });
  }

  /** Callbacks may throw: outside of the promise, so that it is an exception and not a rejection. */
  #goOn(blob: Blob, act: Act): void {
    process.nextTick(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      this.#waitingBytes -= blob.size;
      act();
      for (const next of waiting) this.inTurn(next);
    });
  }

  #putOrTell(put: Act, done: SendCallback | undefined): void {
    if (this.#connection.state !== 'open') {
      done?.(new Error('The socket was closed while the blob was being read'));
      return;
    }
    put();
    if (done !== undefined) this.#connection.whenFlushed(done);
  }

  #giveUp(cause: unknown, done: SendCallback | undefined): void {
    done?.(cause instanceof Error ? cause : new Error('The blob could not be read', { cause }));
    this.#blobFailed(cause);
  }
}
