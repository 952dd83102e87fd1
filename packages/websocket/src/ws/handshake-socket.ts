// Where node:http leaves a socket to the engine: its header fields as the core reads them, and a pump around the stream.
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { HeaderMap, type RawHeader } from '../core/header-map.ts';
import { type PumpOwner, SocketPump } from '../net/socket-pump.ts';

// Between the making of the pump and that of the connection, in the same turn, nothing can come.
const NOBODY: PumpOwner = {
  read: () => undefined,
  ended: () => undefined,
  wrote: () => undefined,
  gone: () => undefined,
};

const VERSION_HEADER = 'sec-websocket-version';

export function pumpFor(socket: Duplex): SocketPump {
  if (socket instanceof net.Socket) {
    socket.setTimeout(0);
    socket.setNoDelay(true);
  }
  return new SocketPump(socket, NOBODY, undefined);
}

export function headerMapOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): HeaderMap {
  const headers: RawHeader[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return new HeaderMap(headers);
}

/** The header fields of a request, with version 8 read as 13: of what matters here the draft differs only in a name. */
export function requestHeadersOf(request: Pick<IncomingMessage, 'rawHeaders' | 'headers'>): HeaderMap {
  const headers = headerMapOf(request);
  if (!isVersion8(request)) return headers;
  return new HeaderMap(
    headers.raw.map(([name, value]) => [name, name.toLowerCase() === VERSION_HEADER ? '13' : value]),
  );
}

export function isVersion8({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers[VERSION_HEADER] === '8';
}
