// Finds the values of secret parameters in URLs (`?token=…&key=…`), byte by byte.
import { isSecretName, NAME_CHARACTERS_MAX } from './secret-names.ts';

/** Where a parameter's name can begin after: `?`, `&`, `#`, `;`. */
const BEFORE_NAME = new Set([63, 38, 35, 59]);
/** What ends a value: those, blanks, line ends, quotes, and what closes a URL in text. */
const AFTER_VALUE = new Set([...BEFORE_NAME, 9, 10, 13, 32, 34, 39, 60, 62]);
const EQUALS = 61;

export class QueryScanner {
  readonly #sids: boolean;
  #name: string | undefined;
  #isInSecret = false;

  constructor(sids: boolean) {
    this.#sids = sids;
  }

  next(byte: number): boolean {
    if (AFTER_VALUE.has(byte)) {
      this.#isInSecret = false;
      this.#name = BEFORE_NAME.has(byte) ? '' : undefined;
      return false;
    }
    if (this.#isInSecret) return true;
    if (this.#name === undefined) return false;
    if (byte === EQUALS) {
      this.#isInSecret = isSecretName(decoded(this.#name), 'query', this.#sids);
      this.#name = undefined;
    } else if (this.#name.length < NAME_CHARACTERS_MAX) this.#name += String.fromCharCode(byte);
    return false;
  }
}

const decoded = (name: string): string =>
  name.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
