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
  const frames: Frame[] = [];
  let at = 0;
  while (at < bytes.length) {
    const rest = bytes.subarray(at);
    const head = readFrameHead(rest);
    frames.push({ ...head, payload: payloadOf(rest, head.length) });
    at += SHORT_HEAD_BYTES + head.length;
  }
  return frames;
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
