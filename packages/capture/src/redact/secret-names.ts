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
/** In JSON: the secret by which a Socket.IO session is recovered. */
const IN_JSON = new Set(['pid']);

export type NamePlace = 'header' | 'json' | 'query';

/** `sids`: the session ids of Engine.IO as well, with which a polling session can be taken over while it lives. */
export function isSecretName(name: string, place: NamePlace, sids: boolean): boolean {
  const plain = name.toLowerCase().replaceAll(/[_.-]/g, '');
  if (ANYWHERE.has(plain) || ENDINGS.some((ending) => plain.endsWith(ending))) return true;
  if (place === 'query' && IN_QUERY.has(plain)) return true;
  if (place === 'json' && IN_JSON.has(plain)) return true;
  return sids && place !== 'header' && plain === 'sid';
}

/** Names that are longer are not looked at further. */
export const NAME_CHARACTERS_MAX = 64;

/** The last three letters and digits of a name, in small letters, so far; see `canEndSecretName`. */
export function withLetter(end: number, byte: number): number {
  const isMark = byte === 95 || byte === 45 || byte === 46;
  if (isMark) return end;
  const small = byte >= 65 && byte <= 90 ? byte + 32 : byte;
  return ((end << 8) | small) & 0xff_ff_ff;
}

const SECRET_ENDS = new Set(
  [...ANYWHERE, ...ENDINGS, ...IN_JSON, 'sid'].map((name) =>
    [...name].reduce((end, letter) => withLetter(end, letter.charCodeAt(0)), 0),
  ),
);

/** May a name in JSON that ends like this be secret? No allocation: most names are none. Says nothing of escaped names. */
export const canEndSecretName = (end: number): boolean => SECRET_ENDS.has(end);
