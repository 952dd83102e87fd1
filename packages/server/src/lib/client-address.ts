// The address that limits and logs go by. Pure.

/**
 * `forwarded`: the X-Forwarded-For header, given only where a proxy is trusted. Its last address is the one that the proxy saw;
 * those before it are whatever the client claimed.
 */
export function clientAddress(remoteAddress: string | undefined, forwarded: string | undefined): string {
  const last = forwarded?.split(',').at(-1)?.trim();
  const address = last === undefined || last === '' ? (remoteAddress ?? 'unknown') : last;
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}
