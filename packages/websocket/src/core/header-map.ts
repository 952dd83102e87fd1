// Header fields, found by name whatever its case, with repeated ones kept apart.

export type RawHeader = readonly [name: string, value: string];

export class HeaderMap {
  /** As they came: order, case and repetitions. */
  readonly raw: readonly RawHeader[];
  readonly #values = new Map<string, string[]>();

  constructor(raw: readonly RawHeader[]) {
    this.raw = raw;
    for (const [name, value] of raw) {
      const key = name.toLowerCase();
      const values = this.#values.get(key);
      if (values === undefined) this.#values.set(key, [value]);
      else values.push(value);
    }
  }

  /** The value; repeated fields joined with a comma, cookies with a semicolon. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    return this.#values.get(key)?.join(key === 'cookie' ? '; ' : ', ');
  }

  /** The values of all fields of that name, in the order in which they came. */
  all(name: string): readonly string[] {
    return this.#values.get(name.toLowerCase()) ?? [];
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
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
    return this.list(name).some((element) => element.toLowerCase() === token);
  }

  /** Names in lower case with their joined values. */
  *[Symbol.iterator](): Generator<RawHeader> {
    for (const name of this.#values.keys()) yield [name, this.get(name) ?? ''];
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
