// Which names stand before a secret: of headers, of keys in JSON, of parameters in a query. Case, `_` and `-` do not matter.

const ANYWHERE = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'jwt',
  'password',
  'passwd',
  'pwd',
  'passphrase',
  'session',
  'sessionid',
  'credential',
  'credentials',
]);
const ENDINGS = ['token', 'secret', 'apikey', 'accesskey', 'privatekey', 'password'] as const;
/** In a query, where names are short. */
const IN_QUERY = new Set(['key', 'auth', 'sig', 'signature', 'pass']);

export type NamePlace = 'header' | 'json' | 'query';

/** `sids`: the session ids of Engine.IO as well, with which a polling session can be taken over while it lives. */
export function isSecretName(name: string, place: NamePlace, sids: boolean): boolean {
  const plain = name.toLowerCase().replaceAll(/[_.-]/g, '');
  if (ANYWHERE.has(plain) || ENDINGS.some((ending) => plain.endsWith(ending))) return true;
  if (place === 'query' && IN_QUERY.has(plain)) return true;
  return sids && place !== 'header' && plain === 'sid';
}

/** Names that are longer are not looked at further. */
export const NAME_CHARACTERS_MAX = 64;
