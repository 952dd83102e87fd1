// Making the stream to a server, directly or by a connector of the program. Knows addresses, not WebSocket.
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { WireError } from '../core/wire-error.ts';

/** Where to, for a connector. */
export interface ConnectTarget {
  readonly host: string;
  readonly port: number;
  /** TLS is wanted. */
  readonly secure: boolean;
  readonly tls: tls.ConnectionOptions;
}

/** Makes the stream to the server, through a proxy say. It must be connected when it is given back. */
export type Connector = (target: ConnectTarget, signal: AbortSignal) => Duplex | Promise<Duplex>;

/** The stream that the connector makes. Rejects with a WireError, or with what the signal was aborted with. */
export async function dial(
  target: ConnectTarget,
  connector: Connector,
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted();
  try {
    return await orAbort(connector(target, signal), signal);
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof WireError) throw cause;
    const where = `${target.host}:${target.port}`;
    throw new WireError('connect-failed', `No connection to ${where}: ${reasonOf(cause)}`, { cause });
  }
}

/** Trying several addresses of a name fails with an error that has a code and no message. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if (cause.message !== '') return cause.message;
  return 'code' in cause ? String(cause.code) : cause.name;
}

/** The dialled stream, unless the attempt is given up first; one that comes too late is destroyed. */
function orAbort(dialled: Duplex | Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason);
    signal.addEventListener('abort', aborted);
    Promise.resolve(dialled)
      .then((socket) => {
        if (signal.aborted) socket.destroy();
        else resolve(socket);
      }, reject)
      .finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** TCP, and TLS on it where it is wanted. */
export const dialDirectly: Connector = ({ host, port, secure, tls: tlsOptions }, signal) =>
  new Promise((resolve, reject) => {
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = secure
      ? tls.connect({ ...servername, ...tlsOptions, host, port })
      : net.connect({ host, port, allowHalfOpen: true });
    const readyEvent = secure ? 'secureConnect' : 'connect';
    const settle = (): void => {
      socket.off('error', failed);
      socket.off(readyEvent, ready);
      signal.removeEventListener('abort', aborted);
    };
    const failed = (error: Error): void => {
      settle();
      reject(error);
    };
    const ready = (): void => {
      settle();
      socket.setNoDelay(true);
      resolve(socket);
    };
    const aborted = (): void => {
      socket.destroy();
      failed(new Error('given up'));
    };
    socket.on('error', failed);
    socket.on(readyEvent, ready);
    signal.addEventListener('abort', aborted);
  });
