// Exercise 04: two frames in one read. The program sends every text back, each as a frame of its own.
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { type FrameHead, readFrameHead, sendShortText } from '../solutions/02-frame-head.ts';
import { payloadOf, TEXT } from '../solutions/03-unmask.ts';

export interface Frame extends FrameHead {
  readonly payload: Buffer;
}

/** The bytes of a short frame before its payload: two of head, four of masking key. */
export const SHORT_HEAD_BYTES = 6;

// #region yours
/** All frames in these bytes, in their order. In this exercise the last one is always whole. */
export function framesOf(bytes: Buffer): Frame[] {
  if (bytes.length === 0) return [];
  const head = readFrameHead(bytes);
  // Yours: this is the first frame only. Where does the next one begin?
  return [{ ...head, payload: payloadOf(bytes, head.length) }];
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    const read = (bytes: Buffer): void => {
      for (const { opcode, payload } of framesOf(bytes)) {
        if (opcode === TEXT) sendShortText(socket, payload);
      }
    };
    read(rest); // a frame may come in the same read as the end of the request
    socket.on('data', read);
  }),
);
