// What a WebSocket sends, in the order of the calls, also where a Blob has to be read first; and `bufferedAmount`, the
// bytes of it that have not left.
import { types } from 'node:util';
import type { Connection } from '../net/connection.ts';

/** What `send` takes. Everything else is made a string of. */
export type SendData = string | Blob | ArrayBuffer | ArrayBufferView;

type Payload = string | Uint8Array;

export class Outgoing {
  #connection: Connection | undefined;
  #bufferedBytes = 0;
  /** What waits for the Blob that is being read; undefined: none is. */
  #waiting: (() => void)[] | undefined;
  readonly #blobFailed: (cause: unknown) => void;

  /** @param blobFailed called when a Blob cannot be read, which ends the connection */
  constructor(blobFailed: (cause: unknown) => void) {
    this.#blobFailed = blobFailed;
  }

  /** Application bytes that are not with the kernel, those included that never will be. */
  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  open(connection: Connection): void {
    this.#connection = connection;
  }

  /** @param isLate after the end of sending: counted and dropped */
  send(data: SendData, isLate: boolean): void {
    const payload = typeof data === 'string' || data instanceof Blob ? data : bytesOf(data);
    const bytes = byteLength(payload);
    this.#bufferedBytes += bytes;
    if (isLate) return;
    if (payload instanceof Blob) this.#readFirst(payload, bytes);
    else if (this.#waiting === undefined) this.#sendNow(payload, bytes);
    else this.#later(typeof payload === 'string' ? payload : Uint8Array.from(payload), bytes);
  }

  close(code: number | 'none', reason: string): void {
    this.#inTurn(() => this.#connection?.close(code, reason));
  }

  #sendNow(payload: Payload, bytes: number): void {
    const connection = this.#connection;
    if (connection?.state !== 'open') return;
    connection.send(payload);
    // Else it was one too many, and the connection is given up.
    if (connection.state !== 'open') return;
    connection.whenFlushed((error) => {
      if (error === undefined) this.#bufferedBytes -= bytes;
    });
  }

  #later(payload: Payload, bytes: number): void {
    this.#inTurn(() => this.#sendNow(payload, bytes));
  }

  #readFirst(blob: Blob, bytes: number): void {
    this.#inTurn(() => {
      this.#waiting ??= [];
      blob.arrayBuffer().then(
        (buffer) => this.#goOn(() => this.#sendNow(new Uint8Array(buffer), bytes)),
        (cause: unknown) => this.#goOn(() => this.#blobFailed(cause)),
      );
    });
  }

  #inTurn(act: () => void): void {
    if (this.#waiting === undefined) act();
    else this.#waiting.push(act);
  }

  #goOn(act: () => void): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    act();
    for (const next of waiting) this.#inTurn(next);
  }
}

/** By the rules of Web IDL for `(BufferSource or Blob or USVString)`. Throws a TypeError for shared memory. */
export function toSendData(value: unknown): SendData {
  if (value instanceof Blob || types.isArrayBuffer(value)) return value;
  if (!ArrayBuffer.isView(value)) return `${value}`;
  if (types.isSharedArrayBuffer(value.buffer)) throw new TypeError('a view of shared memory cannot be sent');
  return value;
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function byteLength(payload: Payload | Blob): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return payload instanceof Blob ? payload.size : payload.length;
}
