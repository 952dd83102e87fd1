// The one place that knows what stands below node:net: the handle of a TCP socket, driven directly. Node does not
// document it, so everything is looked for before it is relied on; where something is missing `tcpHandles.isUsed` is false
// and all sockets go the documented way (stream-wire.ts). What the shortcut saves is in docs/engine.md.
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** What is used of libuv's stream. Functions return 0 or a negative error number. */
export interface TcpHandle {
  onread: (arrayBuffer?: ArrayBuffer) => void;
  readonly writeQueueSize: number;
  readStart(): number;
  readStop(): number;
  /** Reads go to this memory from now on, for ever. */
  useUserBuffer(memory: Uint8Array): void;
  writeBuffer(request: object, bytes: Uint8Array): number;
  writev(request: object, pieces: readonly Uint8Array[], areAllBytes: true): number;
  shutdown(request: object): number;
  close(done?: () => void): void;
  /** As `close`, with RST; not possible once a shutdown is under way. */
  reset(done?: () => void): number;
  setNoDelay(isOn: boolean): number;
  getpeername(into: object): number;
  getsockname(into: object): number;
}

/** A write that has not gone to the kernel at once. */
export interface WriteRequest {
  oncomplete?: (status: number) => void;
  /** Held until it has left. */
  bytes?: unknown;
}

export interface TcpHandles {
  makeWriteRequest(): WriteRequest;
  makeShutdownRequest(): WriteRequest;
  /** Bytes of the read that `onread` tells of, or a negative error number. */
  readBytes(): number;
  /** Whether the last write was put off instead of finished. */
  isLastWriteWaiting(): boolean;
}

const METHODS = [
  'readStart',
  'readStop',
  'useUserBuffer',
  'writeBuffer',
  'writev',
  'shutdown',
  'close',
  'reset',
  'setNoDelay',
  'getpeername',
  'getsockname',
] as const;

/** Whether the shortcut is taken. Tests set it; everybody else leaves it as it is. */
export const tcpHandles: { isUsed: boolean; readonly api: TcpHandles | undefined } = makeTcpHandles();

function makeTcpHandles(): { isUsed: boolean; readonly api: TcpHandles | undefined } {
  const api = findApi();
  return { isUsed: api !== undefined, api };
}

/** The handle of a plain TCP socket; undefined for everything else, TLS and pipes included. */
export function handleOf(socket: Duplex): TcpHandle | undefined {
  if (!(socket instanceof net.Socket) || !('_handle' in socket)) return undefined;
  const { _handle: handle } = socket;
  const isPlain = typeof handle === 'object' && handle !== null && handle.constructor.name === 'TCP';
  return isPlain && isTcpHandle(handle) ? handle : undefined;
}

/** Ends TCP with a reset. Below TLS nobody lets us reach: there it is the plain end. */
export function resetSocket(socket: Duplex): void {
  if (socket instanceof net.Socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy();
  else socket.destroy();
}

// What has been looked at once need not be looked at again for each connection.
let knownPrototype: object | undefined;

export function isTcpHandle(value: unknown): value is TcpHandle {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype !== null && prototype === knownPrototype) return true;
  if (!('writeQueueSize' in value)) return false;
  if (!METHODS.every((name) => typeof Reflect.get(value, name) === 'function')) return false;
  knownPrototype = prototype ?? undefined;
  return true;
}

// Always the same object: filling in what is there already costs half of making it.
const peer = { address: '', family: '', port: 0 };

/** The other end's address and port, to be read at once; '' and 0 when the connection is over. */
export function peerOf(handle: TcpHandle): { readonly address: string; readonly port: number } {
  peer.address = '';
  peer.port = 0;
  handle.getpeername(peer);
  return peer;
}

/** Our own end's, in the same way. */
export function ownEndOf(handle: TcpHandle): { readonly address: string; readonly port: number } {
  peer.address = '';
  peer.port = 0;
  handle.getsockname(peer);
  return peer;
}

/** A socket of node:net on a handle that was read into this memory so far; it is not reading. */
export function socketOn(handle: TcpHandle, memory: Buffer): net.Socket {
  const options: net.SocketConstructorOpts & { handle: TcpHandle; pauseOnCreate: true } = {
    handle,
    pauseOnCreate: true,
    allowHalfOpen: true,
    readable: true,
    writable: true,
    // The memory is the next socket's as well: what comes is copied, and the socket is one like all others.
    onread: {
      buffer: memory,
      callback: (bytes, chunk) => socket.push(Buffer.from(chunk.subarray(0, bytes))),
    },
  };
  const socket = new net.Socket(options);
  return socket;
}

/**
 * Has `accept` called with each connection's bare handle, instead of making a socket of it. Where the server has no such
 * place it goes on as before: the caller listens to `connection` as well.
 */
export function acceptHandles(server: net.Server, accept: (error: number, handle: TcpHandle) => void): void {
  if (!('_handle' in server)) return;
  const { _handle: listener } = server;
  if (typeof listener !== 'object' || listener === null || !('onconnection' in listener)) return;
  const { onconnection } = listener;
  if (typeof onconnection !== 'function') return;
  listener.onconnection = function (this: unknown, error: number, handle: unknown): void {
    if (tcpHandles.isUsed && (error !== 0 || isTcpHandle(handle))) accept(error, handle as TcpHandle);
    else onconnection.call(this, error, handle);
  };
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly ShutdownWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
}

function findApi(): TcpHandles | undefined {
  const binding = findBinding();
  if (binding === undefined) return undefined;
  const { WriteWrap, ShutdownWrap, streamBaseState: state } = binding;
  const { kReadBytesOrError, kLastWriteWasAsync } = binding;
  return {
    makeWriteRequest: () => new WriteWrap(),
    makeShutdownRequest: () => new ShutdownWrap(),
    readBytes: () => state[kReadBytesOrError] ?? 0,
    isLastWriteWaiting: () => state[kLastWriteWasAsync] !== 0,
  };
}

/** `process.binding` is deprecated: where Node was told to warn of that, or denies it, we do without. */
function findBinding(): StreamBinding | undefined {
  const isWarnedOf =
    process.env.NODE_PENDING_DEPRECATION === '1' ||
    process.execArgv.includes('--pending-deprecation') ||
    (process.env.NODE_OPTIONS ?? '').includes('--pending-deprecation');
  if (isWarnedOf || !('binding' in process) || typeof process.binding !== 'function') return undefined;
  try {
    const binding: unknown = process.binding('stream_wrap');
    return isStreamBinding(binding) ? binding : undefined;
  } catch {
    return undefined;
  }
}

function isStreamBinding(value: unknown): value is StreamBinding {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string): boolean => typeof Reflect.get(value, name) === type;
  const state: unknown = Reflect.get(value, 'streamBaseState');
  return (
    has('WriteWrap', 'function') &&
    has('ShutdownWrap', 'function') &&
    has('kReadBytesOrError', 'number') &&
    has('kLastWriteWasAsync', 'number') &&
    state instanceof Int32Array
  );
}
