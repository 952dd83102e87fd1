// A wire on a stream, by Node's documented calls only: TLS sockets, streams that a program brings, and every socket where
// the shortcut of handle-wire.ts cannot be had.
import type { Duplex } from 'node:stream';
import { SocketWire } from './handle-wire.ts';
import { handleOf, resetSocket, tcpHandles } from './tcp-handle.ts';
import type { Wire, WireOwner } from './wire.ts';

export class StreamWire implements Wire {
  readonly holdsBytes = true;
  readonly #socket: Duplex;
  readonly #allowedHalfOpen: boolean;
  #owner: WireOwner | undefined;
  #error: Error | undefined;

  readonly #onData = (chunk: Buffer): void => this.#owner?.read(chunk, chunk.length);
  readonly #onEnd = (): void => this.#owner?.ended();
  readonly #onError = (error: Error): void => {
    this.#error ??= error;
  };
  readonly #onClose = (): void => {
    this.#detach();
    this.#owner?.gone(this.#error);
  };
  // A failed write is told by the socket's error and close; here only the progress counts.
  readonly #onWritten = (): void => {
    if (!this.#socket.destroyed) this.#owner?.wrote();
  };

  constructor(socket: Duplex) {
    this.#socket = socket;
    // FIN from the other side must not end ours before the answers to what came with it have left.
    this.#allowedHalfOpen = socket.allowHalfOpen;
    socket.allowHalfOpen = true;
  }

  get unsentBytes(): number {
    return this.#socket.writableLength;
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  start(owner: WireOwner): void {
    this.#owner = owner;
    this.#socket.on('end', this.#onEnd);
    this.#socket.on('error', this.#onError);
    this.#socket.on('close', this.#onClose);
    this.#socket.on('data', this.#onData);
    this.#socket.resume();
  }

  hurry(): Wire {
    const socket = this.#socket;
    const owner = this.#owner;
    const { readableLength, writableLength, destroyed, readableEnded } = socket;
    if (!tcpHandles.isUsed || destroyed || readableEnded || readableLength > 0 || writableLength > 0)
      return this;
    const handle = handleOf(socket);
    if (handle === undefined || owner === undefined) return this;
    this.#detach();
    const wire = new SocketWire(handle, socket);
    wire.start(owner);
    return wire;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes, this.#onWritten);
  }

  writeAll(pieces: readonly Buffer[]): void {
    this.#socket.cork();
    pieces.forEach((bytes, index) => {
      if (index === pieces.length - 1) this.#socket.write(bytes, this.#onWritten);
      else this.#socket.write(bytes);
    });
    this.#socket.uncork();
  }

  pause(): void {
    callOwn(this.#socket, 'pause');
  }

  resume(): void {
    callOwn(this.#socket, 'resume');
  }

  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  reset(): void {
    resetSocket(this.#socket);
  }

  release(unread: Buffer): Duplex {
    this.#detach();
    this.#socket.allowHalfOpen = this.#allowedHalfOpen;
    this.#socket.pause();
    if (unread.length > 0) this.#socket.unshift(unread);
    return this.#socket;
  }

  #detach(): void {
    this.#socket.off('data', this.#onData);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onClose);
    this.#socket.off('error', this.#onError);
  }
}

/** The stream's own function, also where the ws-shaped API has put one of the program's over it. */
function callOwn(socket: Duplex, name: 'pause' | 'resume'): void {
  const own: unknown = Reflect.get(Object.getPrototypeOf(socket), name);
  if (typeof own === 'function') own.call(socket);
}
