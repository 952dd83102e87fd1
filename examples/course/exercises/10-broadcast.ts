// Exercise 10: a chat for many. Whatever somebody says goes to everybody in the room, the speaker included.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import { frameOf } from '../solutions/06-lengths.ts';
import { converse } from '../solutions/09-close.ts';

// #region yours
/** Who is there, and how all of them are told something. */
export class Room {
  #member: Socket | undefined;

  /** From now on this socket hears everything, until it closes. */
  join(socket: Socket): void {
    // Yours: there is room for one only, and nobody ever leaves.
    this.#member = socket;
  }

  /** Sends this text to everybody. */
  say(text: string): void {
    // Yours: and if a member does not read what we write?
    this.#member?.write(frameOf(TEXT, Buffer.from(text)));
  }
}
// #endregion

const room = new Room();

serve(import.meta.url, (socket) =>
  shakeHands(socket, (rest) => {
    room.join(socket);
    converse(socket, rest, (text) => room.say(text));
  }),
);
