// The names by which this server is reached. Pure; used at every door, so that a foreign name opens none (DNS rebinding).

export interface HostRules {
  /** Host names served; empty: all. */
  readonly allowedHosts: readonly string[];
  /** Its host is served in any case. */
  readonly publicUrl: string | undefined;
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** `localhost`, `127.0.0.1` and `[::1]` are one host. */
export const canonicalHost = (name: string): string => (LOOPBACK.has(name) ? 'localhost' : name);

export type HostVerdict =
  | { readonly isServed: true; readonly host: string }
  | { readonly isServed: false; readonly reason: string };

/** By the Host header: the canonical name that was asked for, or why it is not served. */
export function judgeHost(header: string | undefined, rules: HostRules): HostVerdict {
  const host = hostnameOf(header);
  if (host === undefined) {
    return {
      isServed: false,
      reason: `The Host header "${header?.slice(0, 100) ?? ''}" is not a host name.`,
    };
  }
  const publicHost = rules.publicUrl === undefined ? [] : [new URL(rules.publicUrl).hostname];
  const names = [...rules.allowedHosts, ...publicHost].map(canonicalHost);
  if (rules.allowedHosts.length === 0 || names.includes(host)) return { isServed: true, host };
  return { isServed: false, reason: `This server does not go by the name "${host}" (see ALLOWED_HOSTS).` };
}

function hostnameOf(header: string | undefined): string | undefined {
  if (header === undefined || !/^[A-Za-z0-9._~%[\]:-]+$/.test(header)) return undefined;
  return URL.canParse(`http://${header}`) ? canonicalHost(new URL(`http://${header}`).hostname) : undefined;
}
