// Exercise 08: a message in several frames. The program sends back whole messages, each in one frame.
import { isUtf8 } from 'node:buffer';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import type { Frame } from '../solutions/04-two-frames.ts';
import { CLOSE, Ending, eachFrame, frameOf, PAYLOAD_BYTES_MAX } from '../solutions/06-lengths.ts';
import { obey } from '../solutions/07-ping.ts';

export interface Message {
  /** TEXT or BINARY: the opcode of its first frame. */
  readonly opcode: number;
  readonly payload: Buffer;
}

// #region yours
/** Puts the data frames of one connection together to messages. Control frames never get here. */
export class MessageJoiner {
  /** The message that this frame completes; undefined if it is not the last one. */
  push({ fin, opcode, payload }: Frame): Message | undefined {
    // Yours: this takes every frame for a whole message.
    return { opcode, payload };
  }
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    const joiner = new MessageJoiner();
    eachFrame(socket, rest, (frame) => {
      if (frame.opcode >= CLOSE) return obey(socket, frame);
      const message = joiner.push(frame);
      if (message) socket.write(frameOf(message.opcode, message.payload));
    });
  }),
);
