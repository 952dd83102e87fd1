// What the constructor is given, read by the rules of the standard: the URL, and the names of subprotocols. Throws the
// DOMExceptions of the standard; the rest of the way to a server is net/client.ts.
import { isToken } from '../core/http-head.ts';

export interface Address {
  /** As the attribute `url` shows it. */
  readonly href: string;
  readonly origin: string;
  /** The same without credentials, as `connect` takes it. */
  readonly target: URL;
  /** The header that the URL's credentials make. */
  readonly authorization: string | undefined;
}

const SCHEMES: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:' };

/** There is no page here whose address a relative one could begin from. */
export function readAddress(given: string): Address {
  const url = parse(given);
  url.protocol = SCHEMES[url.protocol] ?? url.protocol;
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:')
    throw syntaxError(`not the scheme of a WebSocket: ${url.protocol}`);
  // An empty fragment is one, too, and `hash` does not show it.
  if (url.href.includes('#')) throw syntaxError('the URL of a WebSocket has no fragment');
  const target = new URL(url);
  target.username = '';
  target.password = '';
  return { href: url.href, origin: url.origin, target, authorization: authorizationOf(url) };
}

/** Refuses names that are no tokens, or that differ in nothing but case. */
export function readProtocols(given: unknown): readonly string[] {
  const names = isSequence(given) ? Array.from(given, (name) => `${name}`) : [`${given}`];
  if (!names.every(isToken)) throw syntaxError('a subprotocol is not a token');
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length)
    throw syntaxError('a subprotocol is there twice');
  return names;
}

export function syntaxError(message: string): DOMException {
  return new DOMException(message, 'SyntaxError');
}

function parse(given: string): URL {
  try {
    return new URL(given);
  } catch {
    throw syntaxError(`not an absolute URL: ${given}`);
  }
}

function authorizationOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = Buffer.from(`${decoded(username)}:${decoded(password)}`);
  return `Basic ${credentials.toString('base64')}`;
}

/** A percent sign that begins no byte stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isSequence(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
