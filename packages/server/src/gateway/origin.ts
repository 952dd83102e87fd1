// Which web pages may open a chat socket here. Pure: the verdict names the rule that decided, for logs and for people.

export interface OriginRules {
  /** Full origins, such as https://example.org, that may connect from elsewhere; `null` for pages that have none. */
  readonly allowedOrigins: readonly string[];
  readonly publicUrl: string | undefined;
  /** Host names served; empty: all. */
  readonly allowedHosts: readonly string[];
}

export type OriginVerdict =
  | { readonly isAllowed: true; readonly rule: 'no-origin' | 'same-host' | 'public-url' | 'allowed-origins' }
  | { readonly isAllowed: false; readonly reason: string };

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `localhost`, `127.0.0.1` and `[::1]` are one host. */
const canonical = (hostname: string): string => (LOOPBACK.has(hostname) ? 'localhost' : hostname);

export function judgeOrigin(
  request: { readonly origin: string | undefined; readonly host: string | undefined },
  rules: OriginRules,
): OriginVerdict {
  const host = hostnameOf(request.host);
  if (host === undefined) return refused(`The Host header "${request.host ?? ''}" is not a host name.`);
  if (!isServed(host, rules))
    return refused(`This server does not go by the name "${host}" (see ALLOWED_HOSTS).`);
  if (request.origin === undefined) return { isAllowed: true, rule: 'no-origin' };
  if (rules.allowedOrigins.includes(request.origin)) return { isAllowed: true, rule: 'allowed-origins' };
  const origin = originOf(request.origin);
  if (origin === undefined) {
    const shown = request.origin.slice(0, 200);
    return refused(
      `The Origin "${shown}" is not that of a web page. A page opened from a file has none: serve it over http.`,
    );
  }
  if (canonical(origin.hostname) === canonical(host)) return { isAllowed: true, rule: 'same-host' };
  if (origin.origin === rules.publicUrl) return { isAllowed: true, rule: 'public-url' };
  return refused(
    `Pages of ${origin.origin} may not connect here. ALLOWED_ORIGINS on the server can admit them.`,
  );
}

function isServed(host: string, rules: OriginRules): boolean {
  if (rules.allowedHosts.length === 0) return true;
  const publicHost = rules.publicUrl === undefined ? undefined : new URL(rules.publicUrl).hostname;
  return [...rules.allowedHosts, publicHost].some(
    (name) => name !== undefined && canonical(name) === canonical(host),
  );
}

function hostnameOf(host: string | undefined): string | undefined {
  if (host === undefined || !/^[A-Za-z0-9._~%[\]:-]+$/.test(host)) return undefined;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : undefined;
}

/** `null` (a sandboxed page, or one opened from a file) is no origin to judge by. */
function originOf(origin: string): URL | undefined {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin);
}

const refused = (reason: string): OriginVerdict => ({ isAllowed: false, reason });

/** What an address over its limit of sockets is told, by either gateway. */
export const tooManySockets = (max: number): string =>
  `There are ${max} connections from your address already (MAX_SOCKETS_PER_ADDRESS).`;
