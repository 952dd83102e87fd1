// What the bench says to each kind of server, and how it finds a message of its own in what comes: it ends with its number in a fixed
// number of digits, so that a million of them a second can be told apart without decoding their JSON. Connections and entering are
// those of `wireroom capacity`.
import {
  type Dialect,
  type Entered,
  enter as enterDoor,
  type Place,
  socketioDialect,
  type WireEvents,
  wireroomDialect,
} from '@wireroom/capacity/load';
import type { Server } from './servers.ts';

export type { Dialect, Entered } from '@wireroom/capacity/load';

const DIGITS = 8;
export const ROOM = 'lobby';

export const wireroom = wireroomDialect(ROOM);
export const socketio = socketioDialect('m');

export function placeOf(port: number, { path }: Dialect): Place {
  return { host: '127.0.0.1', port, isSecure: false, path };
}

/** A text of so many bytes that ends with the number. */
export function textOf(id: number, bytes: number): string {
  return String(id).padStart(DIGITS, '0').padStart(bytes, 'm');
}

/** The number at the end of a message; -1 if there is none, as in an entry of another type. */
export function idAt(bytes: Buffer, to: number, { tail }: Dialect): number {
  let id = 0;
  const end = to - tail.length;
  for (let at = end - DIGITS; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    id = id * 10 + digit;
  }
  return id;
}

/** A connection that the server closes has no place in a measurement; one that ends with its server has. */
export const lost: WireEvents['lost'] = (reason, how) => {
  if (how === 'closed') throw new Error(reason);
};

/** Connects and enters the room. `onMessage` is told what comes beside what entering brings. */
export function enter(
  { dialect, port }: Pick<Server, 'dialect' | 'port'>,
  name: string,
  onMessage: (bytes: Buffer, from: number, to: number) => void,
): Promise<Entered> {
  return enterDoor(
    { place: placeOf(port, dialect), dialect, room: ROOM },
    { name },
    { text: onMessage, lost },
  );
}
