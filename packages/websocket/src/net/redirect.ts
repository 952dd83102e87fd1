// Redirects of a client's handshake: where an answer points, and what may go along. Dials nothing; client.ts does, once
// more and only by choice.
import type tls from 'node:tls';
import type { HeaderRecord } from '../core/handshake.ts';
import type { ResponseHead } from '../core/http-head.ts';
import { WireError } from '../core/wire-error.ts';

/** Where a handshake goes, and what it says there. */
export interface Way {
  /** `ws:` or `wss:` */
  readonly url: URL;
  readonly headers: HeaderRecord;
  readonly tls: tls.ConnectionOptions;
}

/** An answer that points elsewhere. */
export interface Redirect {
  readonly status: number;
  /** As it came: relative or absolute. */
  readonly location: string;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};
// What proves to one server who we are is not for another.
const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);
// The same within TLS, and the name of the server itself. What says whom we trust stays.
const SECRET_TLS_OPTIONS: ReadonlySet<string> = new Set([
  ...['cert', 'key', 'passphrase', 'pfx', 'pskCallback', 'secureContext', 'servername', 'session'],
]);
// Of a Location that is told of.
const LOCATION_CHARACTERS_SHOWN = 200;

/** The redirect that an answer is; undefined when it is none. */
export function redirectOf({ status, headers }: ResponseHead): Redirect | undefined {
  const [location, second] = headers.all('location');
  if (location === undefined || !REDIRECT_STATUSES.has(status)) return undefined;
  if (second !== undefined) throw refusal('redirect-invalid', { status, location }, 'and elsewhere as well');
  return { status, location };
}

/**
 * The way after a redirect. Throws a WireError when this is one too many, when it leads to no WebSocket, or out of TLS.
 * Towards another origin secrets are left behind, for good.
 */
export function follow(way: Way, redirect: Redirect, isOneTooMany: boolean): Way {
  if (isOneTooMany) throw refusal('redirects-exceeded', redirect, 'one redirect too many');
  const url = urlOf(way.url, redirect);
  if (way.url.protocol === 'wss:' && url.protocol !== 'wss:')
    throw refusal('redirect-refused', redirect, 'which would leave TLS');
  if (url.protocol === way.url.protocol && url.host === way.url.host) return { ...way, url };
  return {
    url,
    headers: without(way.headers, (name) => SECRET_HEADERS.has(name.toLowerCase())),
    tls: without(way.tls, (name) => SECRET_TLS_OPTIONS.has(name)),
  };
}

/** The error of a redirect that is not followed. */
export function refusal(
  code: 'redirect-refused' | 'redirect-invalid' | 'redirects-exceeded',
  { status, location }: Redirect,
  why: string,
): WireError {
  const shown = location.slice(0, LOCATION_CHARACTERS_SHOWN);
  return new WireError(code, `The server answered ${status} and points to "${shown}": ${why}.`, {
    httpStatus: status,
  });
}

function urlOf(base: URL, redirect: Redirect): URL {
  const url = URL.canParse(redirect.location, base.href) ? new URL(redirect.location, base) : undefined;
  const scheme = url && SCHEMES[url.protocol];
  if (url === undefined || scheme === undefined || url.username !== '' || url.password !== '')
    throw refusal('redirect-invalid', redirect, 'not the address of a WebSocket');
  url.protocol = scheme;
  url.hash = '';
  return url;
}

function without<T extends object>(record: T, isSecret: (name: string) => boolean): T {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !isSecret(name))) as T;
}
