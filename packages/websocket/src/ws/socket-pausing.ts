// `_socket.pause()` and its kin: programs used them before a WebSocket had them, and some still do. Where the engine reads
// the socket by its handle, the stream's own would do nothing; so they are passed on to the WebSocket.
import type { Duplex } from 'node:stream';

interface Pausable {
  readonly isPaused: boolean;
  pause(): void;
  resume(): void;
}

const READER = Symbol('reader');

interface ReadSocket extends Duplex {
  [READER]?: Pausable;
}

function pause(this: ReadSocket): ReadSocket {
  this[READER]?.pause();
  return this;
}

function resume(this: ReadSocket): ReadSocket {
  this[READER]?.resume();
  return this;
}

function isPaused(this: ReadSocket): boolean {
  return this[READER]?.isPaused === true;
}

export function passPausingOn(socket: Duplex, reader: Pausable): void {
  // Who listens to the data reads by the stream, and pauses it.
  if (socket.listenerCount('data') > 0) return;
  Object.assign(socket, { [READER]: reader, pause, resume, isPaused });
}
