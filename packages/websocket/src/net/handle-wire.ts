// Wires on the bare handle of a TCP socket: reads go into one memory for the whole process, writes go to the kernel in the
// same call, and nothing is allocated for either. AcceptedWire has no socket object at all; SocketWire shares the handle with
// a socket of node:net that was there first, whose events tell of its end.
import type net from 'node:net';
import type { Duplex } from 'node:stream';
import { getSystemErrorName } from 'node:util';
import { wideMask } from '../core/wide-mask.ts';
import { withoutStack } from '../core/wire-error.ts';
import { READ_BYTES_MAX } from '../limits.ts';
import {
  ownEndOf,
  peerOf,
  resetSocket,
  socketOn,
  type TcpHandle,
  type TcpHandles,
  tcpHandles,
  type WriteRequest,
} from './tcp-handle.ts';
import type { Wire, WireOwner } from './wire.ts';

const UV_EOF = -4095;
const OWNER = Symbol('wire');

interface OwnedHandle extends TcpHandle {
  [OWNER]?: HandleWire | undefined;
}

interface OwnedRequest extends WriteRequest {
  [OWNER]?: HandleWire | undefined;
}

/** Where all sockets are read to. What lies there is dealt with before the next read. */
const reading: Buffer = wideMask?.reading ?? Buffer.alloc(READ_BYTES_MAX);

/** The request of all writes that are done at once; one that has to wait keeps it, and a new one is made. */
let idleRequest: WriteRequest | undefined;

function onRead(this: OwnedHandle, arrayBuffer?: ArrayBuffer): void {
  this[OWNER]?.came(arrayBuffer);
}

// V8's quick collections keep every object of Node's own that a property was added to, and whatever hangs on it, until the next
// thorough one. So each lets go of its wire when it is through: ten thousand short connections would lie about otherwise.

function onWritten(this: OwnedRequest, status: number): void {
  const wire = this[OWNER];
  this[OWNER] = undefined;
  this.bytes = undefined;
  wire?.wrote(status);
}

function onShutdown(this: OwnedRequest): void {
  const wire = this[OWNER];
  this[OWNER] = undefined;
  wire?.saidFin();
}

function onClosed(this: OwnedHandle): void {
  const wire = this[OWNER];
  this[OWNER] = undefined;
  wire?.closed();
}

abstract class HandleWire implements Wire {
  protected readonly api: TcpHandles;
  protected readonly handle: OwnedHandle;
  protected owner: WireOwner | undefined;
  #waitingWrites = 0;
  /** Who has made a write wait once may do so again: from then on what would be lent is copied. */
  holdsBytes = false;

  constructor(handle: TcpHandle) {
    const { api } = tcpHandles;
    if (api === undefined) throw new Error('this Node lets nobody drive a socket by its handle');
    this.api = api;
    this.handle = handle;
  }

  abstract readonly isGone: boolean;
  abstract hurry(): Wire;
  abstract end(): void;
  abstract destroy(): void;
  abstract reset(): void;
  abstract release(unread: Buffer): Duplex;
  /** An error, or the other side's FIN. */
  protected abstract stopped(code: number, arrayBuffer: ArrayBuffer | undefined): void;
  protected abstract failed(error: Error): void;

  get unsentBytes(): number {
    return this.#waitingWrites > 0 && !this.isGone ? this.handle.writeQueueSize : 0;
  }

  start(owner: WireOwner): void {
    this.owner = owner;
    this.handle[OWNER] = this;
    this.handle.onread = onRead;
    this.handle.useUserBuffer(reading);
    this.resume();
  }

  /** The handle has read something. */
  came(arrayBuffer: ArrayBuffer | undefined): void {
    const bytes = this.api.readBytes();
    if (bytes > 0) this.owner?.read(reading, bytes);
    else if (bytes < 0) this.stopped(bytes, arrayBuffer);
  }

  /** Our FIN is with the kernel. */
  saidFin(): void {}

  /** The handle is closed. */
  closed(): void {}

  /** A write that had to wait is over. */
  wrote(status: number): void {
    this.#waitingWrites -= 1;
    if (this.isGone) return;
    if (status < 0) this.failed(systemError(status, 'write'));
    else this.owner?.wrote();
  }

  write(bytes: Buffer): void {
    if (this.isGone) return;
    const request = this.#request();
    this.#wroteTo(request, this.handle.writeBuffer(request, bytes), bytes);
  }

  writeAll(pieces: readonly Buffer[]): void {
    if (this.isGone) return;
    const request = this.#request();
    this.#wroteTo(request, this.handle.writev(request, pieces, true), pieces);
  }

  pause(): void {
    if (!this.isGone) this.handle.readStop();
  }

  resume(): void {
    if (!this.isGone) this.handle.readStart();
  }

  #request(): WriteRequest {
    idleRequest ??= this.api.makeWriteRequest();
    return idleRequest;
  }

  #wroteTo(request: OwnedRequest, status: number, bytes: unknown): void {
    if (status !== 0) {
      this.failed(systemError(status, 'write'));
      return;
    }
    if (!this.api.isLastWriteWaiting()) return;
    idleRequest = undefined;
    request.oncomplete = onWritten;
    request.bytes = bytes;
    request[OWNER] = this;
    this.#waitingWrites += 1;
    this.holdsBytes = true;
  }
}

type Phase = 'open' | 'closing' | 'released';

/** A connection of our own listener. */
export class AcceptedWire extends HandleWire {
  #phase: Phase = 'open';
  #hasTheirFin = false;
  #hasOurFin = false;
  #isEnding = false;
  #error: Error | undefined;

  get isGone(): boolean {
    return this.#phase !== 'open';
  }

  hurry(): Wire {
    return this;
  }

  /** To be read at once, one before the other is asked for. */
  ownEnd(): { readonly address: string; readonly port: number } {
    return ownEndOf(this.handle);
  }

  otherEnd(): { readonly address: string; readonly port: number } {
    return peerOf(this.handle);
  }

  end(): void {
    if (this.isGone || this.#isEnding) return;
    this.#isEnding = true;
    const request: OwnedRequest = this.api.makeShutdownRequest();
    request.oncomplete = onShutdown;
    request[OWNER] = this;
    // Not connected any more: there is nobody to say it to.
    if (this.handle.shutdown(request) !== 0) this.saidFin();
  }

  destroy(): void {
    if (this.isGone) return;
    this.#phase = 'closing';
    this.handle.close(onClosed);
  }

  reset(): void {
    if (this.isGone) return;
    this.#phase = 'closing';
    if (this.handle.reset(onClosed) !== 0) this.handle.close(onClosed);
  }

  release(unread: Buffer): Duplex {
    this.#phase = 'released';
    this.handle.readStop();
    delete this.handle[OWNER];
    const socket: net.Socket = socketOn(this.handle, reading);
    if (unread.length > 0) socket.unshift(unread);
    return socket;
  }

  protected stopped(code: number): void {
    if (this.isGone) return;
    if (code !== UV_EOF) {
      this.failed(systemError(code, 'read'));
      return;
    }
    this.handle.readStop();
    this.#hasTheirFin = true;
    this.owner?.ended();
    this.#closeIfOver();
  }

  protected failed(error: Error): void {
    this.#error ??= error;
    this.destroy();
  }

  override saidFin(): void {
    this.#hasOurFin = true;
    this.#closeIfOver();
  }

  override closed(): void {
    this.owner?.gone(this.#error);
  }

  #closeIfOver(): void {
    if (this.#hasTheirFin && this.#hasOurFin) this.destroy();
  }
}

type NodeRead = (this: TcpHandle, arrayBuffer?: ArrayBuffer) => void;

/** A connection whose socket is somebody else's work: dialled, taken from an HTTP server, accepted by the program. */
export class SocketWire extends HandleWire {
  readonly #socket: Duplex;
  readonly #nodeRead: NodeRead;
  #error: Error | undefined;

  readonly #onEnd = (): void => this.owner?.ended();
  readonly #onError = (error: Error): void => {
    this.#error ??= error;
  };
  readonly #onClose = (): void => {
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onClose);
    this.#socket.off('error', this.#onError);
    this.handle[OWNER] = undefined;
    this.owner?.gone(this.#error);
  };

  constructor(handle: TcpHandle, socket: Duplex) {
    super(handle);
    this.#socket = socket;
    this.#nodeRead = handle.onread;
  }

  get isGone(): boolean {
    return this.#socket.destroyed;
  }

  override start(owner: WireOwner): void {
    this.#socket.on('end', this.#onEnd);
    this.#socket.on('error', this.#onError);
    this.#socket.on('close', this.#onClose);
    super.start(owner);
  }

  hurry(): Wire {
    return this;
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

  release(): Duplex {
    throw new Error('a socket whose handshake is over is not given away');
  }

  /** FIN and errors are the socket's own business; it tells us by its events. */
  protected stopped(_code: number, arrayBuffer: ArrayBuffer | undefined): void {
    this.#nodeRead.call(this.handle, arrayBuffer);
  }

  protected failed(error: Error): void {
    this.#socket.destroy(error);
  }
}

/** As node:net makes them: the name as `code`, for programs that look at `cause`. */
class SystemError extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: 'read' | 'write';

  constructor(status: number, call: 'read' | 'write') {
    const code = getSystemErrorName(status);
    super(`${call} ${code}`);
    this.code = code;
    this.errno = status;
    this.syscall = call;
  }
}

function systemError(status: number, call: 'read' | 'write'): Error {
  return withoutStack(() => new SystemError(status, call));
}
