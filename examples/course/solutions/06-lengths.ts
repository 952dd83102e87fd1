// Exercise 06: payloads of more than 125 bytes, both ways. Lengths 126 and 127 mean: the real one comes next.
// Later exercises read and write all their frames with this file.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { readFrameHead } from '../solutions/02-frame-head.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import type { Frame } from '../solutions/04-two-frames.ts';

/** This server takes no larger payload: what one connection may cost has an end. */
export const PAYLOAD_BYTES_MAX = 1024 * 1024;

/** Thrown when the conversation cannot go on; the other side is told the code and the reason. */
export class Ending extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(reason);
    this.code = code;
  }
}

// #region yours
export interface Length {
  /** Bytes of payload. */
  readonly length: number;
  /** How many bytes of the frame come before the masking key: 2, 4 or 10. */
  readonly keyAt: number;
}

/** The length of the frame at the start of these (two or more) bytes; undefined while more are needed to know it. */
export function readLength(bytes: Buffer): Length | undefined {
  const short = bytes.readUInt8(1) & 0b0111_1111;
  if (short < 126) return { length: short, keyAt: 2 };
  const keyAt = short === 126 ? 4 : 10;
  if (bytes.length < keyAt) return undefined;
  const length = short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > PAYLOAD_BYTES_MAX) throw new Ending(1009, 'this message is too big');
  return { length, keyAt };
}

/** A whole frame as a server sends it: final, not masked, its length in the shortest form. */
export function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head.writeUInt8(0x80 | opcode, 0);
  if (head.length === 2) head.writeUInt8(length, 1);
  if (head.length === 4) {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(length, 2);
  }
  if (head.length === 10) {
    head.writeUInt8(127, 1);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}
// #endregion

export const CLOSE = 0x8;

/** The reader of exercise 05, for all lengths. A generator: what comes before a mistake still gets through. */
export class FrameReader {
  #waiting: Buffer = Buffer.alloc(0);

  *push(bytes: Buffer): Iterable<Frame> {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) yield frame;
  }

  #take(): Frame | undefined {
    const bytes = this.#waiting;
    if (bytes.length < 2) return undefined;
    const head = readFrameHead(bytes);
    if (!head.isMasked) throw new Ending(1002, 'a client masks its frames');
    if (head.rsv !== 0) throw new Ending(1002, 'no extension was agreed on');
    const found = readLength(bytes);
    if (found === undefined) return undefined;
    const { length, keyAt } = found;
    const end = keyAt + 4 + length;
    if (bytes.length < end) return undefined;
    this.#waiting = bytes.subarray(end);
    const key = bytes.subarray(keyAt, keyAt + 4);
    const payload = Buffer.from(bytes.subarray(keyAt + 4, end));
    for (let i = 0; i < length; i += 1) payload[i] = payload.readUInt8(i) ^ key.readUInt8(i % 4);
    return { ...head, length, payload };
  }
}

/** Says goodbye with a code and a reason, and ends TCP. */
export function endWith(socket: Socket, { code, message }: Ending): void {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(message)]);
  socket.end(frameOf(CLOSE, payload));
}

/** Passes on every frame that comes, `rest` first. Whoever throws an Ending in there ends the conversation. */
export function eachFrame(socket: Socket, rest: Buffer, take: (frame: Frame) => void): void {
  const reader = new FrameReader();
  const read = (bytes: Buffer): void => {
    if (!socket.writable) return; // goodbye has been said
    try {
      for (const frame of reader.push(bytes)) take(frame);
    } catch (error) {
      if (!(error instanceof Ending)) throw error;
      endWith(socket, error);
    }
  };
  read(rest);
  socket.on('data', read);
}

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    eachFrame(socket, rest, ({ opcode, payload }) => {
      if (opcode === TEXT) socket.write(frameOf(TEXT, payload));
    });
  }),
);
