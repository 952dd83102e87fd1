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
/** May this code stand in a Close frame? 1004, 1005, 1006 and 1015 never travel, nor what is below 1000 or past 4999. */
const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || (code >= 3000 && code <= 4999);

/** The payload of our Close frame in answer to theirs. */
export function closeAnswer(payload: Buffer): Buffer {
  if (payload.length === 0) return payload;
  if (payload.length === 1) throw new Ending(1002, 'a close code has two bytes');
  if (!isCloseCode(payload.readUInt16BE(0))) throw new Ending(1002, 'this close code never travels');
  if (!isUtf8(payload.subarray(2))) throw new Ending(1007, 'a reason is UTF-8');
  return payload.subarray(0, 2);
}

/** Holds a whole conversation. Every text goes to `take`; after a Close frame nothing does. */
export function converse(socket: Socket, rest: Buffer, take: (text: string) => void): void {
  const joiner = new MessageJoiner();
  let isClosed = false;
  eachFrame(socket, rest, (frame) => {
    if (isClosed) return;
    if (frame.opcode === CLOSE) {
      isClosed = true;
      socket.end(frameOf(CLOSE, closeAnswer(frame.payload))); // our Close frame, and then the end of TCP
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
