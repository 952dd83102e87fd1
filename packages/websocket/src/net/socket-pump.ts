// The one place where sockets are read, written and ended. Moves bytes, knows no frame. Who owns the pump (first the
// handshake, then the connection) gets what comes; what it writes waits for the end of the turn and leaves in one go.
import type { Duplex } from 'node:stream';
import { TURN_BYTES_MAX } from '../limits.ts';
import { flushAtEndOfTurn } from './flush-queue.ts';
import type { ConnectionTap } from './tap.ts';

export interface PumpOwner {
  /** Bytes came; the chunk is the owner's, to keep and to change. */
  read(chunk: Buffer): void;
  /** The other side sent FIN. */
  ended(): void;
  /** A write has gone to the kernel; `bufferedBytes` is smaller than before. */
  wrote(): void;
  /** The socket is closed: the last call. `cause` is the error that closed it, if one did. */
  gone(cause: Error | undefined): void;
}

// Up to here copying small frames together is cheaper than handing the kernel a list of them.
const JOINED_BYTES_MAX = 16 * 1024;

export class SocketPump {
  readonly #socket: Duplex;
  readonly #tap: ConnectionTap | undefined;
  readonly #allowedHalfOpen: boolean;
  #owner: PumpOwner;
  #error: Error | undefined;

  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isQueued = false;
  #isEnding = false;

  readonly #onData = (chunk: Buffer): void => {
    this.#tap?.read?.(chunk);
    this.#owner.read(chunk);
  };
  readonly #onEnd = (): void => this.#owner.ended();
  readonly #onError = (error: Error): void => {
    this.#error ??= error;
  };
  readonly #onClose = (): void => {
    this.#detach();
    this.#drop();
    this.#owner.gone(this.#error);
  };
  // A failed write is told by the socket's error and close; here only the progress counts.
  readonly #onWritten = (): void => {
    if (!this.#socket.destroyed) this.#owner.wrote();
  };

  constructor(socket: Duplex, owner: PumpOwner, tap: ConnectionTap | undefined) {
    this.#socket = socket;
    this.#owner = owner;
    this.#tap = tap;
    // FIN from the other side must not end ours before the answers to what came with it have left.
    this.#allowedHalfOpen = socket.allowHalfOpen;
    socket.allowHalfOpen = true;
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
    socket.on('data', this.#onData);
    socket.resume();
  }

  /** The next owner takes over: it gets everything from now on. */
  give(owner: PumpOwner): void {
    this.#owner = owner;
  }

  /** Bytes that have been written here and are not yet with the kernel. */
  get bufferedBytes(): number {
    return this.#waitingBytes + this.#socket.writableLength;
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Queues bytes. They must not be changed until they have left. */
  write(bytes: Buffer): void {
    if (this.#isEnding || this.#socket.destroyed) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > TURN_BYTES_MAX) {
      this.flush();
    } else if (!this.#isQueued) {
      this.#isQueued = true;
      flushAtEndOfTurn(this);
    }
  }

  /** Gives what is waiting to the socket, in one write. */
  flush(): void {
    this.#isQueued = false;
    const waiting = this.#waiting;
    const [first] = waiting;
    if (first === undefined) return;
    const bytes = this.#waitingBytes;
    this.#drop();
    if (this.#socket.destroyed) return;
    if (waiting.length === 1) this.#put(first);
    else if (bytes <= JOINED_BYTES_MAX) this.#put(Buffer.concat(waiting, bytes));
    else this.#putAll(waiting);
  }

  /** Sends what is waiting, then FIN. Reading goes on. */
  end(): void {
    if (this.#isEnding) return;
    this.flush();
    this.#isEnding = true;
    this.#socket.end();
  }

  destroy(): void {
    this.#drop();
    this.#socket.destroy();
  }

  /** Gives the socket away: no listener of ours stays, and `unread` will be read again by whoever comes next. */
  release(unread: Buffer): Duplex {
    this.#detach();
    this.#socket.allowHalfOpen = this.#allowedHalfOpen;
    this.#socket.pause();
    if (unread.length > 0) this.#socket.unshift(unread);
    return this.#socket;
  }

  #put(bytes: Buffer): void {
    this.#tap?.wrote?.(bytes);
    this.#socket.write(bytes, this.#onWritten);
  }

  #putAll(buffers: readonly Buffer[]): void {
    this.#tap?.wrote?.(Buffer.concat(buffers));
    this.#socket.cork();
    buffers.forEach((buffer, index) => {
      if (index === buffers.length - 1) this.#socket.write(buffer, this.#onWritten);
      else this.#socket.write(buffer);
    });
    this.#socket.uncork();
  }

  #drop(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #detach(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onClose);
    this.#socket.off('error', this.#onError);
  }
}
