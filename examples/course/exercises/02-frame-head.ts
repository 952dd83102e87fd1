// Exercise 02: read the head of one frame, the two bytes that say what follows. The program answers every frame with
// what you have read, as JSON.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';

export interface FrameHead {
  /** Is this the last frame of its message? */
  readonly fin: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  readonly rsv: number;
  /** What kind of frame it is, from 0 to 15. */
  readonly opcode: number;
  readonly isMasked: boolean;
  /** How many bytes the payload has; in this exercise at most 125. */
  readonly length: number;
}

// #region yours
/** Reads the first two bytes of a frame. */
export function readFrameHead(bytes: Buffer): FrameHead {
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  // Yours: take the five fields out of the two bytes, by & and >>.
  return { fin: false, rsv: 0, opcode: first, isMasked: false, length: second };
}
// #endregion

/** Sends a text of at most 125 bytes: one frame, not masked, since a server's frames never are. */
export function sendShortText(socket: Socket, text: string | Buffer): void {
  const payload = Buffer.from(text);
  socket.write(Buffer.concat([Buffer.from([0x81, payload.length]), payload]));
}

serve(import.meta.url, (socket) =>
  shakeHands(socket, () => {
    socket.on('data', (bytes) => sendShortText(socket, JSON.stringify(readFrameHead(bytes))));
  }),
);
