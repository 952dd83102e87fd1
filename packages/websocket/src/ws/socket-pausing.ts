// `_socket.pause()` and its kin: programs used them before a WebSocket had them, and some still do. They are passed on to the
// WebSocket, so that there is one pause and not two. The engine itself calls the stream's own (net/stream-wire.ts).
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
  Object.assign(socket, { [READER]: reader, pause, resume, isPaused });
}
