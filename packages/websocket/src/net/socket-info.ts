// Who is at the other end of a socket, as far as the socket knows. Streams that are no sockets know nothing.
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Role } from '../core/opcode.ts';
import { AcceptedWire } from './handle-wire.ts';
import type { SocketInfo } from './tap.ts';
import { peerOf, type TcpHandle } from './tcp-handle.ts';
import type { Wire } from './wire.ts';

/** What TLS has agreed on for a connection. */
export interface TlsFacts {
  /** For instance `TLSv1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  readonly alpn?: string;
  readonly serverName?: string;
}

/** Both ends of a TCP connection, and the TLS inside it. */
export interface LineFacts {
  readonly remote: { readonly address: string; readonly port: number };
  readonly local: { readonly address: string; readonly port: number };
  readonly tls?: TlsFacts;
}

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

/** The same of what carries a connection, which may be a bare handle. */
export function carrierFacts(carrier: Wire | Duplex): LineFacts {
  if (!(carrier instanceof AcceptedWire)) return lineFacts('hurry' in carrier ? undefined : carrier);
  // Each is to be read before the other is asked for.
  const { address, port } = carrier.ownEnd();
  const local = { address: plainAddress(address), port };
  const other = carrier.otherEnd();
  return { remote: { address: plainAddress(other.address), port: other.port }, local };
}

/** Looked up at the call. Of a stream that is no socket nothing is known. */
export function lineFacts(carrier: Duplex | undefined): LineFacts {
  const socket = carrier instanceof net.Socket ? carrier : undefined;
  const tls = carrier instanceof TLSSocket ? tlsFacts(carrier) : undefined;
  return {
    remote: { address: plainAddress(socket?.remoteAddress ?? ''), port: socket?.remotePort ?? 0 },
    local: { address: plainAddress(socket?.localAddress ?? ''), port: socket?.localPort ?? 0 },
    ...(tls && { tls }),
  };
}

function tlsFacts(socket: TLSSocket): TlsFacts {
  const { alpnProtocol } = socket;
  const serverName: unknown = Reflect.get(socket, 'servername');
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    ...(typeof serverName === 'string' && { serverName }),
  };
}

/** An IPv4 peer on an IPv6 listener shows up as ::ffff:1.2.3.4; it is the same peer as 1.2.3.4. */
function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && net.isIPv4(address.slice(7)) ? address.slice(7) : address;
}
