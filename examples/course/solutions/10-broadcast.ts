// Exercise 10: a chat for many. Whatever somebody says goes to everybody in the room, the speaker included.
import type { Socket } from 'node:net';
import { serve } from '../serve.ts';
import { shakeHands } from '../solutions/01-handshake.ts';
import { TEXT } from '../solutions/03-unmask.ts';
import { frameOf } from '../solutions/06-lengths.ts';
import { converse } from '../solutions/09-close.ts';

// #region yours
/** So many bytes may wait for one member who does not read. Past it, that member is cut off. */
const WAITING_BYTES_MAX = 1024 * 1024;

/** Who is there, and how all of them are told something. */
export class Room {
  readonly #members = new Set<Socket>();

  /** From now on this socket hears everything, until it closes. */
  join(socket: Socket): void {
    this.#members.add(socket);
    socket.once('close', () => this.#members.delete(socket));
  }

  /** Sends this text to everybody. */
  say(text: string): void {
    const frame = frameOf(TEXT, Buffer.from(text));
    for (const member of this.#members) {
      if (!member.writable) continue;
      member.write(frame);
      if (member.writableLength > WAITING_BYTES_MAX) member.destroy();
    }
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
