// Exercise 07: answer a ping. The program sends texts back as before.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import type { Frame } from '../solutions/04-two-frames.ts';
import { eachFrame, frameOf } from '../solutions/06-lengths.ts';

// #region yours
export const PING = 0x9;
export const PONG = 0xa;

/** Does what a control frame (other than Close) asks for. */
export function obey(socket: Socket, { opcode, payload }: Frame): void {
  if (opcode === PING) socket.write(frameOf(PONG, payload));
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    eachFrame(socket, rest, (frame) => {
      if (frame.opcode === TEXT) socket.write(frameOf(TEXT, frame.payload));
      else obey(socket, frame);
    });
  }),
);
