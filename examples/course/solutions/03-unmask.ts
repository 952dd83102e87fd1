// Exercise 03: take the mask off. The program sends every text back, so what you have unmasked can be seen.
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { readFrameHead, sendShortText } from '../solutions/02-frame-head.ts';

// #region yours
/** The payload of the frame at the start of these bytes, as it was before it was masked. */
export function payloadOf(bytes: Buffer, length: number): Buffer {
  const key = bytes.subarray(2, 6);
  const payload = Buffer.alloc(length);
  for (let i = 0; i < length; i += 1) {
    payload[i] = bytes.readUInt8(6 + i) ^ key.readUInt8(i % 4);
  }
  return payload;
}
// #endregion

export const TEXT = 0x1;

serve(import.meta.url, (socket) =>
  shakeHands(socket, () => {
    socket.on('data', (bytes) => {
      const { opcode, length } = readFrameHead(bytes);
      if (opcode === TEXT) sendShortText(socket, payloadOf(bytes, length));
    });
  }),
);
