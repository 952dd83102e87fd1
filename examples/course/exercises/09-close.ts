// Exercise 09: close properly. Later exercises hold their conversations with this file.
import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import { CLOSE, Ending, eachFrame, frameOf } from '../solutions/06-lengths.ts';
import { obey } from '../solutions/07-ping.ts';
import { MessageJoiner } from '../solutions/08-fragments.ts';

// #region yours
/** The payload of our Close frame in answer to theirs. */
export function closeAnswer(payload: Buffer): Buffer {
  // Yours: their code comes back. An empty payload, one byte, a code that never travels: what then?
  return payload;
}

/** Holds a whole conversation. Every text goes to `take`; after a Close frame nothing does. */
export function converse(socket: Socket, rest: Buffer, take: (text: string) => void): void {
  const joiner = new MessageJoiner();
  eachFrame(socket, rest, (frame) => {
    if (frame.opcode === CLOSE) {
      socket.destroy(); // Yours: this is hanging up, not saying goodbye.
      return;
    }
    if (frame.opcode > CLOSE) return obey(socket, frame);
    const message = joiner.push(frame);
    if (message?.opcode === TEXT) take(message.payload.toString());
  });
}
// #endregion

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    converse(socket, rest, (text) => socket.write(frameOf(TEXT, Buffer.from(text))));
  }),
);
