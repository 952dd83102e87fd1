// Who is at the other end of a socket, as far as the socket knows. Streams that are no sockets know nothing.
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Role } from '../core/opcode.ts';
import type { SocketInfo } from './tap.ts';

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

/** An IPv4 peer on an IPv6 listener shows up as ::ffff:1.2.3.4; it is the same peer as 1.2.3.4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && net.isIPv4(address.slice(7)) ? address.slice(7) : address;
}
