// Exercise 05: a frame in two reads, or in ten. What is not whole yet has to wait for the rest.
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { readFrameHead, sendShortText } from '../solutions/02-frame-head.ts';
import { payloadOf, TEXT } from '../solutions/03-unmask.ts';
import { type Frame, SHORT_HEAD_BYTES } from '../solutions/04-two-frames.ts';

// #region yours
/** Makes frames of the bytes of one connection, however they are cut into reads. */
export class ShortFrameReader {
  #waiting: Buffer = Buffer.alloc(0);

  /** The frames that are whole now that these bytes have come. */
  push(bytes: Buffer): Frame[] {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    const frames: Frame[] = [];
    while (this.#waiting.length >= 2) {
      const head = readFrameHead(this.#waiting);
      const size = SHORT_HEAD_BYTES + head.length;
      if (this.#waiting.length < size) break;
      frames.push({ ...head, payload: payloadOf(this.#waiting, head.length) });
      this.#waiting = this.#waiting.subarray(size);
    }
    return frames;
  }
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    const reader = new ShortFrameReader();
    const read = (bytes: Buffer): void => {
      for (const { opcode, payload } of reader.push(bytes)) {
        if (opcode === TEXT) sendShortText(socket, payload);
      }
    };
    read(rest);
    socket.on('data', read);
  }),
);
