// Finds the values of secret keys in JSON, byte by byte, wherever it stands: in a message, in a packet of Socket.IO, in a
// string inside other JSON. It does not parse: it knows quotes, names and colons, so cut and damaged JSON are no way around it.
// Every byte of every recorded message comes by here, so nothing is allocated on the way.
import { canEndSecretName, isSecretName, NAME_CHARACTERS_MAX, withLetter } from './secret-names.ts';

/** Between quotes that may be those of a key; and what follows such a key. */
type State = 'idle' | 'word' | 'after-key' | 'before-value' | 'string' | 'bare' | 'nested';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;

const isBlank = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;
const isOpening = (byte: number): boolean => byte === 123 || byte === 91;
const isClosing = (byte: number): boolean => byte === 125 || byte === 93;

export class JsonScanner {
  readonly #sids: boolean;
  #state: State = 'idle';
  /** Backslashes right before this byte. */
  #backslashes = 0;
  /** Of a word: its bytes as far as they are looked at, how many, its last letters, and whether it has escapes. */
  readonly #name = new Uint8Array(NAME_CHARACTERS_MAX + 1);
  #nameLength = 0;
  #nameEnd = 0;
  #hasEscapes = false;
  /** Of a string: how many backslashes stood before the opening quote. */
  #level = 0;
  /** Of an object or array: how deep inside it, and whether inside a string there. */
  #depth = 0;
  #isInString = false;

  constructor(sids: boolean) {
    this.#sids = sids;
  }

  /** For the next message. */
  reset(): void {
    this.#state = 'idle';
    this.#backslashes = 0;
  }

  /** Is this byte part of a secret? */
  next(byte: number): boolean {
    const before = this.#backslashes;
    this.#backslashes = byte === BACKSLASH ? before + 1 : 0;
    switch (this.#state) {
      case 'idle':
        if (byte === QUOTE) this.#beginWord();
        return false;
      case 'word':
        this.#inWord(byte);
        return false;
      case 'after-key':
        if (byte === COLON) this.#state = 'before-value';
        else if (byte === QUOTE) this.#beginWord();
        else if (!isBlank(byte)) this.#state = 'idle';
        return false;
      case 'before-value':
        return this.#beforeValue(byte, before);
      case 'string':
        return this.#inString(byte, before);
      case 'bare':
        if (byte !== COMMA && !isClosing(byte) && !isBlank(byte)) return true;
        this.#state = 'idle';
        return false;
      case 'nested':
        return this.#inNested(byte, before);
    }
  }

  #beginWord(): void {
    this.#state = 'word';
    this.#nameLength = 0;
    this.#nameEnd = 0;
    this.#hasEscapes = false;
  }

  #inWord(byte: number): void {
    if (byte === QUOTE) {
      // A quote that ends no key may be the one that begins it.
      if (this.#isSecretWord()) this.#state = 'after-key';
      else this.#beginWord();
    } else if (this.#nameLength <= NAME_CHARACTERS_MAX) {
      this.#name[this.#nameLength] = byte;
      this.#nameLength += 1;
      this.#nameEnd = withLetter(this.#nameEnd, byte);
      if (byte === BACKSLASH) this.#hasEscapes = true;
    }
  }

  #isSecretWord(): boolean {
    if (!this.#hasEscapes && !canEndSecretName(this.#nameEnd)) return false;
    const text = String.fromCharCode(...this.#name.subarray(0, this.#nameLength));
    return isSecretName(this.#hasEscapes ? unescaped(text) : text, 'json', this.#sids);
  }

  #beforeValue(byte: number, backslashes: number): boolean {
    if (isBlank(byte) || byte === BACKSLASH) return false;
    if (byte === QUOTE) {
      this.#state = 'string';
      this.#level = backslashes;
      return false;
    }
    if (isOpening(byte)) {
      this.#state = 'nested';
      this.#depth = 1;
      this.#isInString = false;
      return false;
    }
    const isEmpty = byte === COMMA || isClosing(byte);
    this.#state = isEmpty ? 'idle' : 'bare';
    return !isEmpty;
  }

  /** In JSON inside `level` backslashes a quote closes after as many of them, and escaped backslashes come in pairs before. */
  #inString(byte: number, backslashes: number): boolean {
    if (byte === QUOTE && backslashes % (2 * (this.#level + 1)) === this.#level) {
      this.#state = 'idle';
      return false;
    }
    return this.#level === 0 || byte !== BACKSLASH;
  }

  #inNested(byte: number, backslashes: number): boolean {
    if (byte === QUOTE && backslashes % 2 === 0) {
      this.#isInString = !this.#isInString;
      return false;
    }
    if (this.#isInString) return true;
    if (isOpening(byte)) this.#depth += 1;
    if (isClosing(byte)) this.#depth -= 1;
    if (this.#depth === 0) this.#state = 'idle';
    return !isOpening(byte) && !isClosing(byte) && byte !== COMMA && byte !== COLON && !isBlank(byte);
  }
}

/** Of a key: `\u0074oken`, and the backslash before the quote of JSON inside JSON. */
const unescaped = (text: string): string =>
  text
    .replaceAll(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\', '');
