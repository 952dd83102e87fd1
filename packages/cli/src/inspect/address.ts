// What people type as an address, made the URL of a WebSocket; and whether Socket.IO is spoken there.
import { UsageError } from '../usage-error.ts';

export interface Address {
  /** `ws:` or `wss:`, without fragment and credentials. */
  readonly url: URL;
  readonly dialect: 'websocket' | 'socketio';
  /** Of `ws://user:password@host`, for an Authorization header. */
  readonly credentials: string | undefined;
  /** What was made of what was typed, where that is not obvious: sentences. */
  readonly remarks: readonly string[];
}

const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};
const SOCKET_IO_PATH = '/socket.io/';

export function addressOf(typed: string, isSocketIo: boolean): Address {
  const remarks: string[] = [];
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed);
  const text = hasScheme ? typed : `ws://${typed}`;
  if (!hasScheme) remarks.push(`No scheme was given, so it is ${text}.`);
  const given = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = given && SCHEMES[given.protocol];
  if (given === undefined || scheme === undefined || given.hostname === '') {
    throw new UsageError(`"${typed}" is no address of a WebSocket; one looks like ws://localhost:3000/ws.`);
  }
  // The protocol of a URL object cannot be changed from http: to ws:.
  const url = new URL(scheme + given.href.slice(given.protocol.length));
  if (scheme !== given.protocol) {
    remarks.push(`A WebSocket begins as an HTTP request, so ${given.protocol} is asked as ${scheme} here.`);
  }
  if (url.hash !== '') remarks.push(`The fragment ${url.hash} is never sent to a server; it is left out.`);
  const credentials =
    url.username === ''
      ? undefined
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.hash = '';
  url.username = '';
  url.password = '';
  const dialect = isSocketIo || url.searchParams.has('EIO') ? 'socketio' : 'websocket';
  if (dialect === 'socketio') askForSocketIo(url, remarks);
  return { url, dialect, credentials, remarks };
}

/** Engine.IO is told its version and its transport in the query. */
function askForSocketIo(url: URL, remarks: string[]): void {
  if (url.pathname === '/') url.pathname = SOCKET_IO_PATH;
  if (!url.searchParams.has('EIO')) url.searchParams.set('EIO', '4');
  if (url.searchParams.get('transport') !== 'websocket') {
    if (url.searchParams.has('transport'))
      remarks.push('Polling is plain HTTP; the WebSocket transport is asked for.');
    url.searchParams.set('transport', 'websocket');
  }
  const version = url.searchParams.get('EIO');
  if (version !== '4') {
    throw new UsageError(
      `EIO=${version} is asked for; Socket.IO is spoken here as EIO=4 (servers 3.x and 4.x).`,
    );
  }
}
