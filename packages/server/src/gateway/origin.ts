// Which web pages may open a chat socket here. Pure: the verdict names the rule that decided, for logs and for people.

import { canonicalHost, type HostRules, judgeHost } from '../lib/host-name.ts';

export interface OriginRules extends HostRules {
  /** Full origins, such as https://example.org, that may connect from elsewhere; `null` for pages that have none. */
  readonly allowedOrigins: readonly string[];
}

export type OriginVerdict =
  | { readonly isAllowed: true; readonly rule: 'no-origin' | 'same-host' | 'public-url' | 'allowed-origins' }
  | {
      readonly isAllowed: false;
      readonly rule: 'host-not-served' | 'not-a-web-origin' | 'other-site' | 'hidden-page';
      readonly reason: string;
    };

export function judgeOrigin(
  request: { readonly origin: string | undefined; readonly host: string | undefined },
  rules: OriginRules,
): OriginVerdict {
  const asked = judgeHost(request.host, rules);
  if (!asked.isServed) return refused('host-not-served', asked.reason);
  if (request.origin === undefined) return { isAllowed: true, rule: 'no-origin' };
  if (rules.allowedOrigins.includes(request.origin)) return { isAllowed: true, rule: 'allowed-origins' };
  const origin = originOf(request.origin);
  if (origin === undefined) {
    const shown = request.origin.slice(0, 200);
    return refused(
      'not-a-web-origin',
      `The Origin "${shown}" is not that of a web page. A page opened from a file has none: serve it over http.`,
    );
  }
  if (canonicalHost(origin.hostname) === asked.host) return { isAllowed: true, rule: 'same-host' };
  if (origin.origin === rules.publicUrl) return { isAllowed: true, rule: 'public-url' };
  return refused(
    'other-site',
    `Pages of ${origin.origin} may not connect here. ALLOWED_ORIGINS on the server can admit them.`,
  );
}

/** `null` (a sandboxed page, or one opened from a file) is no origin to judge by. */
function originOf(origin: string): URL | undefined {
  if (!/^https?:\/\//i.test(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin);
}

const refused = (
  rule: Extract<OriginVerdict, { isAllowed: false }>['rule'],
  reason: string,
): OriginVerdict => ({ isAllowed: false, rule, reason });

/** Why a page, or a program, may connect: by the rule's name. */
export const ALLOWED_BECAUSE: Readonly<Record<Extract<OriginVerdict, { isAllowed: true }>['rule'], string>> =
  {
    'no-origin': 'There is no Origin header: a program connects, not a page in a browser.',
    'same-host': 'The page comes from the same host name as this server.',
    'public-url': 'The page comes from the address in PUBLIC_URL.',
    'allowed-origins': 'The origin of the page is listed in ALLOWED_ORIGINS.',
  };

/** What an address over its limit of sockets is told, by either gateway. */
export const tooManySockets = (max: number): string =>
  `There are ${max} connections from your address already (MAX_SOCKETS_PER_ADDRESS).`;
