// The part of ws's Sender that others build on: frames encoded once, before it is known to whom they go. Socket.IO's
// adapter makes them, Engine.IO sends them by `sendFrame`.
import { encodeFrame } from '../core/frame-writer.ts';
import { RSV1 } from '../core/opcode.ts';
import type { Connection } from '../net/connection.ts';
import { nextMaskKey } from '../net/mask-keys.ts';
import type { SendCallback } from './outgoing.ts';

/** What the header of a frame says. */
export interface FrameOptions {
  readonly opcode: number;
  readonly fin?: boolean | undefined;
  readonly rsv1?: boolean | undefined;
  /** Frames of a client are masked. Default: not masked. */
  readonly mask?: boolean | undefined;
  /** Whether the data must be left as it is; it always is. */
  readonly readOnly?: boolean | undefined;
}

/** Frames encoded by the program itself, as Socket.IO does for a broadcast. */
export class Sender {
  readonly #connection: () => Connection | undefined;

  /** @param connection where the frames go; undefined while there is none */
  constructor(connection: () => Connection | undefined) {
    this.#connection = connection;
  }

  /** A frame as its header and its payload. */
  static frame(data: string | Uint8Array, options: FrameOptions): Buffer[] {
    const { opcode, fin = true, rsv1 = false, mask = false } = options;
    const payload = typeof data === 'string' ? Buffer.from(data) : data;
    const maskKey = mask ? nextMaskKey() : undefined;
    const frame = encodeFrame({ opcode, payload, fin, rsv: rsv1 ? RSV1 : 0, maskKey });
    const payloadAt = frame.length - payload.length;
    return [frame.subarray(0, payloadAt), frame.subarray(payloadAt)];
  }

  /** Sends the pieces of whole frames as they are. */
  sendFrame(list: readonly Uint8Array[], callback?: SendCallback): void {
    const connection = this.#connection();
    if (connection?.state !== 'open') {
      if (callback !== undefined) process.nextTick(callback, new Error('The connection is not open.'));
      return;
    }
    connection.sendFrames(list);
    if (callback !== undefined) connection.whenFlushed(callback);
  }
}
