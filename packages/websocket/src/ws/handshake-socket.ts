// Where node:http leaves a socket to the engine: its header fields as the core reads them, and a pump around the stream.
import type { IncomingMessage } from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { HeaderMap, type RawHeader } from '../core/header-map.ts';
import type { Connection } from '../net/connection.ts';
import { socketInfo } from '../net/socket-info.ts';
import { type PumpOwner, SocketPump } from '../net/socket-pump.ts';
import { bothTaps, type ConnectionTap } from '../net/tap.ts';
import type { ServerOptions } from './options.ts';

// Between the making of the pump and that of the connection, in the same turn, nothing can come.
const NOBODY: PumpOwner = {
  read: () => undefined,
  ended: () => undefined,
  wrote: () => undefined,
  gone: () => undefined,
};

/** A handshake that is through, from either side. */
export interface Adoption {
  readonly connection: Connection;
  readonly pump: SocketPump;
  readonly socket: Duplex;
}

/** Requests that a program has made up have no raw headers. */
type Headers = Pick<IncomingMessage, 'headers'> & Partial<Pick<IncomingMessage, 'rawHeaders'>>;

const VERSION_HEADER = 'sec-websocket-version';

export function pumpFor(socket: Duplex, tap?: ConnectionTap): SocketPump {
  if (socket instanceof net.Socket) {
    socket.setTimeout(0);
    socket.setNoDelay(true);
  }
  return new SocketPump(socket, NOBODY, tap);
}

/** The header fields as the program may have changed them; Host, of which Node keeps one only, as often as it came. */
export function headerMapOf({ headers, rawHeaders }: Headers): HeaderMap {
  const fields: RawHeader[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (Array.isArray(value)) for (const one of value) fields.push([name, one]);
    else if (value !== undefined) fields.push([name, value]);
  }
  let hosts = 0;
  for (let i = 0; i < (rawHeaders?.length ?? 0); i += 2)
    if (rawHeaders?.[i]?.toLowerCase() === 'host') hosts += 1;
  if (hosts > 1) fields.push(['host', '']);
  return new HeaderMap(fields);
}

/** The header fields of a request, with version 8 read as 13: of what matters here the draft differs only in a name. */
export function requestHeadersOf(request: Headers): HeaderMap {
  const headers = headerMapOf(request);
  if (!isVersion8(request)) return headers;
  return new HeaderMap(
    headers.raw.map(([name, value]) => [name, name.toLowerCase() === VERSION_HEADER ? '13' : value]),
  );
}

export function isVersion8({ headers }: Pick<Headers, 'headers'>): boolean {
  return headers[VERSION_HEADER] === '8';
}

/** What comes with an `upgrade` event. */
export interface HandedUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Opens the taps on a socket that node:http gives away, and shows them the request that was read there. The one of this
 * request alone also gets the bytes, in one read: where they were cut is not known any more.
 */
export function tapUpgrade(
  { tap, tapFor }: Pick<ServerOptions, 'tap' | 'tapFor'>,
  upgrade: HandedUpgrade,
): ConnectionTap | undefined {
  if (tap === undefined && tapFor === undefined) return undefined;
  const { request, socket, head } = upgrade;
  const own = tapFor?.(request, socket);
  const taps = bothTaps(tap?.open?.(socketInfo('server', socket)), own);
  if (own?.read === undefined && taps?.request === undefined) return taps;
  const { method = '', url = '', httpVersion, rawHeaders } = request;
  const fields: RawHeader[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) fields.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const rawHead = Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${lines}\r\n`, 'latin1');
  own?.read?.(Buffer.concat([rawHead, head]));
  taps?.request?.({ method, target: url, httpVersion, headers: new HeaderMap(fields) }, rawHead);
  return taps;
}
