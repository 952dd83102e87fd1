// People of an export as authors of ours: the same person of the same source is the same author in every import, and nobody can be
// them, since no token belongs to these ids. Their names are made what a name may be.
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { type Author, type AuthorId, authorIdSchema, checkName, LIMITS } from '@wireroom/protocol';
import type { ImportSource, SourceAuthor } from './import-record.ts';

/** Bytes of the digest that make the id: 144 bits, in 24 characters. */
const ID_BYTES = 18;

export class ImportAuthors {
  readonly #source: ImportSource;
  readonly #ids = new Map<string, AuthorId>();
  readonly #names = new Map<string, string>();

  constructor(source: ImportSource) {
    this.#source = source;
  }

  authorOf({ key, name, authorId }: SourceAuthor): Author {
    return { authorId: authorId ?? this.#idOf(key), name: this.#nameOf(name) };
  }

  #idOf(key: string): AuthorId {
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const digest = sha256(utf8ToBytes(JSON.stringify(['wireroom import', this.#source, key])));
    const id = authorIdSchema.parse(`a_${base64url(digest.subarray(0, ID_BYTES))}`);
    this.#ids.set(key, id);
    return id;
  }

  #nameOf(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const clean = cleanName(name);
    this.#names.set(name, clean);
    return clean;
  }
}

/** The name itself where it may be one; otherwise what of it may. */
export function cleanName(name: string): string {
  if (isName(name)) return name;
  const characters = [...name.slice(0, 4 * LIMITS.nameCharsMax).normalize('NFC')];
  // One by one: whatever a name may not hold, now or later, goes.
  const kept = characters.map((character) => (isName(`x${character}x`) ? character : ' '));
  const joined = kept.join('').replace(/ +/g, ' ').trim();
  const short = [...joined].slice(0, LIMITS.nameCharsMax).join('').trim().normalize('NFC');
  return isName(short) ? short : 'Unnamed';
}

function isName(name: string): boolean {
  try {
    checkName(name);
    return true;
  } catch {
    return false;
  }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Of a number of bytes that three divides. */
function base64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const bits = (a << 16) | (b << 8) | c;
    for (const shift of [18, 12, 6, 0]) text += DIGITS[(bits >> shift) & 63];
  }
  return text;
}
