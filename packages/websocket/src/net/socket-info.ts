// Who is at the other end of a socket, as far as the socket knows. Streams that are no sockets know nothing.
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Role } from '../core/opcode.ts';
import type { SocketInfo } from './tap.ts';
import { peerOf, type TcpHandle } from './tcp-handle.ts';

/** Where there is no connection to speak of. */
export const NOBODY: SocketInfo = {
  role: 'server',
  remoteAddress: '',
  remotePort: 0,
  localPort: 0,
  encrypted: false,
};

export function socketInfo(role: Role, socket: Duplex): SocketInfo {
  const isSocket = socket instanceof net.Socket;
  return {
    role,
    remoteAddress: plainAddress((isSocket ? socket.remoteAddress : undefined) ?? ''),
    remotePort: (isSocket ? socket.remotePort : undefined) ?? 0,
    localPort: (isSocket ? socket.localPort : undefined) ?? 0,
    encrypted: socket instanceof TLSSocket,
  };
}

/**
 * The same for a connection that has no socket object. The system is asked when somebody wants to know, and only then: as with
 * Node's sockets that is too late once the connection is over, unless it was asked before.
 */
export function handleInfo(handle: TcpHandle, localPort: number): SocketInfo {
  return new HandleInfo(handle, localPort);
}

class HandleInfo implements SocketInfo {
  readonly role = 'server';
  readonly encrypted = false;
  readonly localPort: number;
  readonly #handle: TcpHandle;
  #peer: { readonly address: string; readonly port: number } | undefined;

  constructor(handle: TcpHandle, localPort: number) {
    this.#handle = handle;
    this.localPort = localPort;
  }

  get remoteAddress(): string {
    return this.#ask().address;
  }

  get remotePort(): number {
    return this.#ask().port;
  }

  #ask(): { readonly address: string; readonly port: number } {
    if (this.#peer !== undefined) return this.#peer;
    const { address = '', port = 0 } = peerOf(this.#handle);
    this.#peer = { address: plainAddress(address), port };
    return this.#peer;
  }
}

/** An IPv4 peer on an IPv6 listener shows up as ::ffff:1.2.3.4; it is the same peer as 1.2.3.4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && net.isIPv4(address.slice(7)) ? address.slice(7) : address;
}
