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

/** The same for a connection that has no socket object. */
export function handleInfo(handle: TcpHandle, localPort: number): SocketInfo {
  const { address, port } = peerOf(handle);
  return {
    role: 'server',
    remoteAddress: plainAddress(address),
    remotePort: port,
    localPort,
    encrypted: false,
  };
}

/** An IPv4 peer on an IPv6 listener shows up as ::ffff:1.2.3.4; it is the same peer as 1.2.3.4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && net.isIPv4(address.slice(7)) ? address.slice(7) : address;
}
