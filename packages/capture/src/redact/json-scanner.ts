// Finds the values of secret keys in JSON, byte by byte, wherever it stands: in a message, in a packet of Socket.IO, in a
// string inside other JSON. It does not parse: it knows quotes, names and colons, so cut and damaged JSON are no way around it.
import { isSecretName, NAME_CHARACTERS_MAX } from './secret-names.ts';

type State =
  | { readonly kind: 'idle' }
  /** Between quotes that may be those of a key. */
  | { readonly kind: 'word'; text: string }
  | { readonly kind: 'after-key' }
  | { readonly kind: 'before-value' }
  /** `level`: how many backslashes stood before the opening quote. */
  | { readonly kind: 'string'; readonly level: number }
  | { readonly kind: 'bare' }
  | { readonly kind: 'nested'; depth: number; isInString: boolean };

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const BLANKS = new Set([9, 10, 13, 32]);
const OPENING = new Set([91, 123]);
const CLOSING = new Set([93, 125]);
const COMMA = 44;

const IDLE: State = { kind: 'idle' };

export class JsonScanner {
  readonly #sids: boolean;
  #state: State = IDLE;
  /** Backslashes right before this byte. */
  #backslashes = 0;

  constructor(sids: boolean) {
    this.#sids = sids;
  }

  next(byte: number): boolean {
    const before = this.#backslashes;
    this.#backslashes = byte === BACKSLASH ? before + 1 : 0;
    const state = this.#state;
    switch (state.kind) {
      case 'idle':
        if (byte === QUOTE) this.#state = { kind: 'word', text: '' };
        return false;
      case 'word':
        this.#inWord(state, byte);
        return false;
      case 'after-key':
        if (byte === COLON) this.#state = { kind: 'before-value' };
        else if (byte === QUOTE) this.#state = { kind: 'word', text: '' };
        else if (!BLANKS.has(byte)) this.#state = IDLE;
        return false;
      case 'before-value':
        return this.#beforeValue(byte, before);
      case 'string':
        return this.#inString(state.level, byte, before);
      case 'bare':
        if (byte !== COMMA && !CLOSING.has(byte) && !BLANKS.has(byte)) return true;
        this.#state = IDLE;
        return false;
      case 'nested':
        return this.#inNested(state, byte, before);
    }
  }

  #inWord(state: State & { kind: 'word' }, byte: number): void {
    if (byte === QUOTE) {
      const name = unescaped(state.text);
      // A quote that ends no key may be the one that begins it.
      this.#state = isSecretName(name, 'json', this.#sids)
        ? { kind: 'after-key' }
        : { kind: 'word', text: '' };
    } else if (state.text.length <= NAME_CHARACTERS_MAX) state.text += String.fromCharCode(byte);
  }

  #beforeValue(byte: number, backslashes: number): boolean {
    if (BLANKS.has(byte) || byte === BACKSLASH) return false;
    if (byte === QUOTE) {
      this.#state = { kind: 'string', level: backslashes };
      return false;
    }
    if (OPENING.has(byte)) {
      this.#state = { kind: 'nested', depth: 1, isInString: false };
      return false;
    }
    const isEmpty = byte === COMMA || CLOSING.has(byte);
    this.#state = isEmpty ? IDLE : { kind: 'bare' };
    return !isEmpty;
  }

  /** In JSON inside `level` backslashes a quote closes after as many of them, and escaped backslashes come in pairs before. */
  #inString(level: number, byte: number, backslashes: number): boolean {
    if (byte === QUOTE && backslashes % (2 * (level + 1)) === level) {
      this.#state = IDLE;
      return false;
    }
    return level === 0 || byte !== BACKSLASH;
  }

  #inNested(state: State & { kind: 'nested' }, byte: number, backslashes: number): boolean {
    if (byte === QUOTE && backslashes % 2 === 0) {
      state.isInString = !state.isInString;
      return false;
    }
    if (state.isInString) return true;
    if (OPENING.has(byte)) state.depth += 1;
    if (CLOSING.has(byte)) state.depth -= 1;
    if (state.depth === 0) this.#state = IDLE;
    return !OPENING.has(byte) && !CLOSING.has(byte) && byte !== COMMA && byte !== COLON && !BLANKS.has(byte);
  }
}

/** Of a key: `\u0074oken`, and the backslash before the quote of JSON inside JSON. */
const unescaped = (text: string): string =>
  text
    .replaceAll(/\\+u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll('\\', '');
