// What carries a connection's bytes, behind one interface: a documented stream (stream-wire.ts), or the bare handle of a TCP
// socket where Node lets us have it (handle-wire.ts). Knows no batch and no frame; socket-pump.ts comes next.
import type { Duplex } from 'node:stream';

export interface WireOwner {
  /** The bytes `memory[0..end)` came. They may be changed, and are lent only until this returns. */
  read(memory: Buffer, end: number): void;
  /** The other side sent FIN. */
  ended(): void;
  /** Something that had to wait has gone to the kernel. */
  wrote(): void;
  /** It is closed: the last call. `cause` is the error that closed it, if one did. */
  gone(cause: Error | undefined): void;
}

export interface Wire {
  /** Bytes that were written here and are not yet with the kernel. */
  readonly unsentBytes: number;
  /** Nothing can be written or read any more. */
  readonly isGone: boolean;
  /** Begins to read. */
  start(owner: WireOwner): void;
  /** The handshake is over and the bytes are all ours: returns the wire to go on with, which may know a shorter way. */
  hurry(): Wire;
  /** Bytes that are written may be needed after the call, although none are unsent: who wants their memory back copies them. */
  readonly holdsBytes: boolean;
  /** Writes bytes that stay as they are until they have left. */
  write(bytes: Buffer): void;
  /** The same, for several in one go. */
  writeAll(pieces: readonly Buffer[]): void;
  pause(): void;
  resume(): void;
  /** Sends what is waiting, then FIN. Reading goes on. */
  end(): void;
  destroy(): void;
  /** The same, with a reset instead of an orderly end, where TCP lies open to us. */
  reset(): void;
  /** Gives the socket away: no listener of ours stays, and `unread` will be read again by whoever comes next. */
  release(unread: Buffer): Duplex;
}
