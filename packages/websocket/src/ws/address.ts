// The address of a ws client, read: ws:, wss:, their http names, and sockets of the file system (ws+unix:path:/target).

export interface Target {
  readonly href: string;
  /** What relative redirects are relative to. */
  readonly base: URL;
  readonly secure: boolean;
  readonly host: string;
  /** As it stands in the address, or the scheme's. */
  readonly port: string | number;
  readonly path: string;
  readonly socketPath?: string;
  /** user:password, decoded. */
  readonly auth?: string | undefined;
}

const SCHEMES: Readonly<Record<string, { readonly secure: boolean; readonly isFile: boolean }>> = {
  'ws:': { secure: false, isFile: false },
  'http:': { secure: false, isFile: false },
  'wss:': { secure: true, isFile: false },
  'https:': { secure: true, isFile: false },
  'ws+unix:': { secure: false, isFile: true },
  'wss+unix:': { secure: true, isFile: true },
};

// The sentences are those of ws: programs match on them.
const WRONG_SCHEME = 'The URL\'s protocol must be one of "ws:", "wss:", "http:", "https:", or "ws+unix:"';

/** Throws a SyntaxError for what is no address of a WebSocket. */
export function parseAddress(address: string | URL): Target {
  const url = toUrl(address);
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) throw new SyntaxError(WRONG_SCHEME);
  if (url.hash !== '') throw new SyntaxError('The URL contains a fragment identifier');
  const { secure, isFile } = scheme;
  const auth = authOf(url);
  const common = { base: url, secure, ...(auth === undefined ? {} : { auth }) };
  const port = url.port === '' ? (secure ? 443 : 80) : url.port;
  if (isFile) {
    const [socketPath = '', path = '/'] = url.pathname.split(':', 2);
    if (socketPath === '') throw new SyntaxError("The URL's pathname is empty");
    return { ...common, href: url.href, host: 'localhost', port, socketPath, path: path + url.search };
  }
  if (url.protocol.startsWith('http')) url.protocol = secure ? 'wss:' : 'ws:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { ...common, href: url.href, host, port, path: url.pathname + url.search };
}

function toUrl(address: string | URL): URL {
  try {
    return new URL(address);
  } catch (cause) {
    throw new SyntaxError(`Invalid URL: ${address}`, { cause });
  }
}

function authOf({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}
