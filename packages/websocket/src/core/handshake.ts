// The opening handshake (RFC 6455 section 4): a request judged, answers written, and the same from the client's side.
// Text in, text out. Whether a well-formed request is *welcome* is not decided here.
import { hash } from 'node:crypto';
import { type Extension, readExtensions } from './extension-header.ts';
import { trimBlanks } from './header-map.ts';
import { isToken, type RequestHead, type ResponseHead } from './http-head.ts';
import { reasonPhrase } from './http-status.ts';
import { WireError } from './wire-error.ts';

/** The GUID of section 1.3 that a server mixes with the client's key. */
export const HANDSHAKE_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Header fields to send: names with one value each. */
export type HeaderRecord = Readonly<Record<string, string>>;

/** How Sec-WebSocket-Accept comes about, step by step. */
export interface AcceptSteps {
  readonly key: string;
  readonly guid: string;
  /** SHA-1 of key and GUID, as 40 hexadecimal digits. */
  readonly sha1: string;
  /** The same 20 bytes in Base64: the header's value. */
  readonly accept: string;
}

/** What a valid request offers. */
export interface UpgradeOffer {
  readonly key: string;
  /** Target without the query; of an absolute target without the host. */
  readonly path: string;
  readonly subprotocols: readonly string[];
  /** In the client's order of preference. */
  readonly extensions: readonly Extension[];
}

const KEY = /^[A-Za-z0-9+/]{22}==$/;
const HOST = /^[A-Za-z0-9._~!$&'()*+,;=%:[\]-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
// What only the engine itself may say in a handshake.
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'sec-websocket-accept',
  'sec-websocket-extensions',
  'sec-websocket-key',
  'sec-websocket-protocol',
  'sec-websocket-version',
  'transfer-encoding',
  'upgrade',
]);

/** The value of Sec-WebSocket-Accept that belongs to a key. */
export function acceptFor(key: string): string {
  return hash('sha1', key + HANDSHAKE_GUID, 'base64');
}

/** The steps from a key to the value of Sec-WebSocket-Accept (section 4.2.2), for whoever wants to show them. */
export function acceptSteps(key: string): AcceptSteps {
  const accept = acceptFor(key);
  return { key, guid: HANDSHAKE_GUID, sha1: Buffer.from(accept, 'base64').toString('hex'), accept };
}

/** Whether the request asks for WebSocket at all, well or badly. */
export function asksForWebSocket(head: Pick<RequestHead, 'headers'>): boolean {
  return head.headers.lists('upgrade', 'websocket');
}

/** Judges a request by section 4.2.1. Throws the WireError of the first rule that it breaks. */
export function readUpgradeRequest(head: RequestHead): UpgradeOffer {
  const { headers } = head;
  if (head.httpVersion !== '1.1') {
    throw new WireError('http-version', `The request is HTTP/${head.httpVersion}; WebSocket needs HTTP/1.1.`);
  }
  if (head.method !== 'GET') {
    throw new WireError('method-not-get', `The method is ${head.method}; a WebSocket handshake is a GET.`);
  }
  const path = pathOf(head.target);
  if (path === undefined) throw new WireError('target-invalid');
  const hosts = headers.all('host');
  if (hosts.length !== 1 || !HOST.test(hosts[0] ?? '')) throw new WireError('host-invalid');
  if (!asksForWebSocket(head)) {
    throw new WireError('upgrade-missing', 'This address speaks WebSocket: send "Upgrade: websocket".');
  }
  if (!headers.lists('connection', 'upgrade')) throw new WireError('connection-missing');
  checkVersion(headers.all('sec-websocket-version'));
  const keys = headers.all('sec-websocket-key');
  const [key = ''] = keys;
  if (keys.length !== 1 || !KEY.test(key)) throw new WireError('key-invalid');
  const hasBody =
    headers.has('transfer-encoding') || headers.all('content-length').some((size) => size !== '0');
  if (hasBody) throw new WireError('request-has-body');
  return {
    key,
    path,
    subprotocols: readSubprotocols(headers.all('sec-websocket-protocol')),
    extensions: readExtensions(headers.all('sec-websocket-extensions')),
  };
}

/** The path that a request target names, without its query; undefined for `*`, an authority or a fragment. */
export function pathOf(target: string): string | undefined {
  if (target.includes('#')) return undefined;
  if (target.startsWith('/')) {
    const query = target.indexOf('?');
    return query < 0 ? target : target.slice(0, query);
  }
  const absolute = /^(?:https?|wss?):\/\/[^/?]+(.*)$/i.exec(target);
  if (absolute === null) return undefined;
  const [path = ''] = (absolute[1] ?? '').split('?', 1);
  return path === '' ? '/' : path;
}

/** The 101 answer of section 4.2.2. */
export function writeAcceptance(
  accept: string,
  subprotocol: string,
  extra: HeaderRecord = {},
  extensions = '',
): Buffer {
  let head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n`;
  if (subprotocol !== '') head += `Sec-WebSocket-Protocol: ${subprotocol}\r\n`;
  if (extensions !== '') head += `Sec-WebSocket-Extensions: ${extensions}\r\n`;
  return Buffer.from(`${head}${writeHeaders(extra)}\r\n`, 'latin1');
}

/** A refusal: a status and one sentence as plain text, after which the connection ends. */
export function writeRefusal(status: number, sentence: string, extra: HeaderRecord = {}): Buffer {
  const body = Buffer.from(`${sentence}\n`, 'utf8');
  const head =
    `HTTP/1.1 ${status} ${reasonPhrase(status)}\r\n` +
    'Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
    `Content-Length: ${body.length}\r\n${writeHeaders(extra)}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** Headers that an error's answer must carry, so that the peer learns what would have been right. */
export function headersFor(error: WireError): HeaderRecord {
  switch (error.httpStatus) {
    case 405:
      return { Allow: 'GET' };
    case 426:
      return { Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    default:
      return {};
  }
}

/** What a client asks for. */
export interface ClientOffer {
  readonly host: string;
  readonly target: string;
  readonly key: string;
  readonly subprotocols: readonly string[];
  /** What stands in Sec-WebSocket-Extensions; absent: no such header. */
  readonly extensions?: string;
  readonly headers?: HeaderRecord;
}

/** The request of section 4.1. */
export function writeUpgradeRequest(offer: ClientOffer): Buffer {
  let head =
    `GET ${offer.target} HTTP/1.1\r\nHost: ${offer.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${offer.key}\r\nSec-WebSocket-Version: 13\r\n`;
  if (offer.subprotocols.length > 0) head += `Sec-WebSocket-Protocol: ${offer.subprotocols.join(', ')}\r\n`;
  if (offer.extensions !== undefined) head += `Sec-WebSocket-Extensions: ${offer.extensions}\r\n`;
  return Buffer.from(`${head}${writeHeaders(offer.headers ?? {})}\r\n`, 'latin1');
}

/**
 * Judges a server's answer by section 4.1. Returns the subprotocol it chose, '' for none. Throws WireErrors. Extensions
 * are judged here only if none was offered; else it is up to whoever made the offer.
 */
export function readUpgradeResponse(
  head: ResponseHead,
  offer: Pick<ClientOffer, 'key' | 'subprotocols' | 'extensions'>,
): string {
  const { headers, status } = head;
  if (status !== 101) {
    throw new WireError('response-refused', `The server answered ${status} ${head.reason}`.trimEnd(), {
      httpStatus: status,
    });
  }
  if (head.httpVersion !== '1.1') throw new WireError('response-invalid', 'The answer is not HTTP/1.1.');
  if (!isOnly(headers.list('upgrade'), 'websocket')) {
    throw new WireError('response-invalid', 'The Upgrade header of the answer is not websocket.');
  }
  if (!headers.lists('connection', 'upgrade')) {
    throw new WireError('response-invalid', 'The Connection header of the answer does not name upgrade.');
  }
  const accepts = headers.all('sec-websocket-accept');
  if (accepts.length !== 1 || accepts[0] !== acceptFor(offer.key)) throw new WireError('accept-mismatch');
  if (offer.extensions === undefined && readExtensions(headers.all('sec-websocket-extensions')).length > 0)
    throw new WireError('extension-unoffered');
  const chosen = headers.all('sec-websocket-protocol');
  const [subprotocol = ''] = chosen;
  if (chosen.length > 1 || (chosen.length === 1 && !offer.subprotocols.includes(subprotocol))) {
    throw new WireError(
      'subprotocol-unoffered',
      `The server chose "${chosen.join(', ')}", which was not offered.`,
    );
  }
  return subprotocol;
}

/** Refuses, as a mistake of the program, subprotocol names that could not be offered. */
export function assertSubprotocols(names: readonly string[]): void {
  if (!names.every(isToken)) throw new TypeError(`subprotocols must be tokens: ${JSON.stringify(names)}`);
  if (new Set(names).size !== names.length) throw new TypeError('a subprotocol is offered twice');
}

function writeHeaders(extra: HeaderRecord): string {
  let lines = '';
  for (const [name, value] of Object.entries(extra)) lines += `${name}: ${value}\r\n`;
  return lines;
}

/** Refuses, as a mistake of the program, headers that would break the message or contradict the engine. */
export function assertHeaders(headers: HeaderRecord): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!isToken(name)) throw new TypeError(`not a header name: ${JSON.stringify(name)}`);
    if (!HEADER_VALUE.test(value))
      throw new TypeError(`not a header value, for ${name}: ${JSON.stringify(value)}`);
    if (OWN_HEADERS.has(name.toLowerCase()))
      throw new TypeError(`the engine writes the header ${name} itself`);
  }
}

function checkVersion(versions: readonly string[]): void {
  if (versions.length > 1) throw new WireError('version-repeated');
  if (versions[0] !== '13') {
    throw new WireError(
      'version-unsupported',
      'Only version 13 is spoken here: send "Sec-WebSocket-Version: 13".',
    );
  }
}

function readSubprotocols(values: readonly string[]): readonly string[] {
  if (values.length === 0) return [];
  const names = values.flatMap((value) => value.split(',')).map(trimBlanks);
  if (!names.every(isToken) || new Set(names).size !== names.length) {
    throw new WireError('subprotocols-malformed');
  }
  return names;
}

function isOnly(elements: readonly string[], token: string): boolean {
  return elements.length === 1 && elements[0]?.toLowerCase() === token;
}
