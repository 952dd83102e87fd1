// Header fields, found by name whatever its case, with repeated ones kept apart.

/** One header field as it stood on the wire. */
export type RawHeader = readonly [name: string, value: string];

const NONE: readonly string[] = [];

/** The header fields of a request or an answer, to be asked by name in any case. */
export class HeaderMap {
  /** As they came: order, case and repetitions. */
  readonly raw: readonly RawHeader[];
  // A request has a dozen fields: looking through them costs less than an index of them.
  readonly #names: readonly string[];

  constructor(raw: readonly RawHeader[]) {
    this.raw = raw;
    this.#names = raw.map(([name]) => name.toLowerCase());
  }

  /** The value; repeated fields joined with a comma, cookies with a semicolon. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    const values = this.all(key);
    return values.length > 1 ? values.join(key === 'cookie' ? '; ' : ', ') : values[0];
  }

  /** The values of all fields of that name, in the order in which they came. */
  all(name: string): readonly string[] {
    const key = name.toLowerCase();
    let found: string[] | undefined;
    for (let i = this.#names.indexOf(key); i >= 0; i = this.#names.indexOf(key, i + 1)) {
      found ??= [];
      found.push(this.raw[i]?.[1] ?? '');
    }
    return found ?? NONE;
  }

  /** Whether a field of that name is there. */
  has(name: string): boolean {
    return this.#names.includes(name.toLowerCase());
  }

  /** The elements of a comma-separated list over all fields of that name, trimmed; empty elements are left out. */
  list(name: string): readonly string[] {
    return this.all(name)
      .flatMap((value) => value.split(','))
      .map(trimBlanks)
      .filter((element) => element !== '');
  }

  /** Whether such a list has the token, in any case. */
  lists(name: string, token: string): boolean {
    const values = this.all(name);
    const [only] = values;
    // Nearly always the list is one token.
    if (values.length === 1 && only?.toLowerCase() === token) return true;
    return this.list(name).some((element) => element.toLowerCase() === token);
  }

  /** Names in lower case with their joined values. */
  *[Symbol.iterator](): Generator<RawHeader> {
    for (const name of new Set(this.#names)) yield [name, this.get(name) ?? ''];
  }
}

/** Takes off spaces and tabs, which is all that HTTP calls blank; in linear time. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(charCode: number): boolean {
  return charCode === 0x20 || charCode === 0x09;
}
