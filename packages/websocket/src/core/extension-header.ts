// The grammar of Sec-WebSocket-Extensions (RFC 6455 section 9.1): a list of names with parameters, over one header field
// or several. One pass, in linear time. What the names mean is not known here: deflate-offer.ts comes next.
import { isToken } from './http-head.ts';
import { WireError } from './wire-error.ts';

/** One parameter of an extension, as offered or answered. */
export interface ExtensionParameter {
  readonly name: string;
  /** Without its quotes; undefined when only the name is there. */
  readonly value: string | undefined;
}

/** One element of the list. The same name may come more than once: these are alternatives, the best first. */
export interface Extension {
  readonly name: string;
  /** In the order in which they came, repeated ones included. */
  readonly parameters: readonly ExtensionParameter[];
}

/** Reads the values of all fields of that name; no field is no extension. Throws the WireError `extensions-malformed`. */
export function readExtensions(values: readonly string[]): readonly Extension[] {
  const extensions = values.flatMap((value) => new ExtensionReader(value).read());
  if (values.length > 0 && extensions.length === 0) throw new WireError('extensions-malformed');
  return extensions;
}

/** The element as it stands in a header. Values are tokens here, so none needs quotes. */
export function writeExtension(extension: Extension): string {
  const parameters = extension.parameters.map(({ name, value }) =>
    value === undefined ? `; ${name}` : `; ${name}=${value}`,
  );
  return extension.name + parameters.join('');
}

const ENDS_TOKEN: ReadonlySet<string> = new Set([' ', '\t', ',', ';', '=', '"']);

/** Blanks may stand around every token, and an element of the list may be empty (RFC 2616 section 2.1). */
class ExtensionReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Extension[] {
    const extensions: Extension[] = [];
    do {
      this.#skipBlanks();
      if (this.#isAtEnd() || this.#peek() === ',') continue;
      extensions.push(this.#extension());
    } while (this.#takes(','));
    if (!this.#isAtEnd()) this.#refuse();
    return extensions;
  }

  #extension(): Extension {
    const name = this.#token();
    const parameters: ExtensionParameter[] = [];
    while (this.#takes(';')) parameters.push(this.#parameter());
    return { name, parameters };
  }

  #parameter(): ExtensionParameter {
    const name = this.#token();
    if (!this.#takes('=')) return { name, value: undefined };
    this.#skipBlanks();
    return { name, value: this.#peek() === '"' ? this.#quoted() : this.#token() };
  }

  #token(): string {
    this.#skipBlanks();
    const start = this.#at;
    while (!this.#isAtEnd() && !ENDS_TOKEN.has(this.#peek())) this.#at++;
    const token = this.#text.slice(start, this.#at);
    return isToken(token) ? token : this.#refuse();
  }

  /** Quotes around a value add nothing: what is inside must be a token all the same. */
  #quoted(): string {
    let value = '';
    for (this.#at++; this.#peek() !== '"'; this.#at++) {
      if (this.#peek() === '\\') this.#at++;
      if (this.#isAtEnd()) this.#refuse();
      value += this.#peek();
    }
    this.#at++;
    return isToken(value) ? value : this.#refuse();
  }

  #takes(separator: string): boolean {
    this.#skipBlanks();
    if (this.#peek() !== separator) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    while (this.#peek() === ' ' || this.#peek() === '\t') this.#at++;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  #refuse(): never {
    throw new WireError('extensions-malformed');
  }
}
