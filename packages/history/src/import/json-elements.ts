// The elements of one long JSON array, one by one, without ever holding the array: an export is as long as its room. The array
// is the document itself or a field of it; what else the document holds comes at the end. Bounded in depth and size.
import { ImportError } from './import-record.ts';
import { IMPORT_LIMITS } from './limits.ts';

export type JsonPart =
  /** The document up to where the array begins, closed there. Comes first. */
  | { readonly kind: 'before'; readonly json: string }
  | { readonly kind: 'element'; readonly json: string }
  /** The document without the array's elements. */
  | { readonly kind: 'rest'; readonly json: string };

/** Throws an ImportError where it is no JSON, or more than the bounds allow. `name`: what to call it then. */
export async function* jsonElements(
  chunks: AsyncIterable<Uint8Array>,
  { name, field }: { readonly name: string; readonly field?: string },
): AsyncGenerator<JsonPart> {
  const scanner = new ElementScanner(name, field);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) yield* scanner.take(decoder.decode(chunk, { stream: true }));
  yield* scanner.take(decoder.decode());
  yield scanner.end();
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPENERS = new Set([0x5b, 0x7b]);
const CLOSERS = new Set([0x5d, 0x7d]);

class ElementScanner {
  readonly #name: string;
  readonly #field: string | undefined;
  /** Depth at which the array's elements begin. */
  readonly #within: number;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isInArray = false;
  #isDone = false;
  /** Of the element under way, and of all else. */
  #element = '';
  #rest = '';
  /** Of a document with fields: the last string at depth 1, and whether a colon came after it. */
  #string = '';
  #key = '';

  constructor(name: string, field: string | undefined) {
    this.#name = name;
    this.#field = field;
    this.#within = field === undefined ? 1 : 2;
  }

  *take(text: string): Generator<JsonPart> {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (this.#isInString) {
        this.#inString(code, text, at);
        continue;
      }
      if (code === QUOTE) {
        this.#isInString = true;
        this.#string = '';
      } else if (code === COLON && this.#depth === 1) this.#key = this.#string;
      else if (OPENERS.has(code)) {
        this.#depth += 1;
        if (this.#depth > IMPORT_LIMITS.depthMax) throw this.#error('is nested too deeply');
        if (this.#begins(code)) {
          this.#keep(text.slice(from, at + 1));
          this.#isInArray = true;
          from = at + 1;
          yield { kind: 'before', json: `${this.#rest}${this.#field === undefined ? ']' : ']}'}` };
        }
      } else if (CLOSERS.has(code)) {
        this.#depth -= 1;
        if (this.#depth < 0) throw this.#error('is no JSON');
        if (this.#isInArray && this.#depth < this.#within) {
          yield* this.#endElement(text.slice(from, at));
          this.#isInArray = false;
          this.#isDone = true;
          from = at;
        }
      } else if (code === COMMA && this.#isInArray && this.#depth === this.#within) {
        yield* this.#endElement(text.slice(from, at));
        from = at + 1;
      }
    }
    this.#keep(text.slice(from));
  }

  end(): JsonPart {
    if (this.#depth !== 0 || this.#isInString) throw this.#error('ends in the middle');
    if (!this.#isDone)
      throw this.#error(this.#field === undefined ? 'is no list' : `has no list "${this.#field}"`);
    return { kind: 'rest', json: this.#rest };
  }

  #inString(code: number, text: string, at: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === BACKSLASH) this.#isEscaped = true;
    else if (code === QUOTE) {
      this.#isInString = false;
      return;
    }
    // Only a key of the document is looked at, and none of those that are is long.
    if (this.#depth === 1 && this.#string.length < 64) this.#string += text[at];
  }

  #begins(code: number): boolean {
    if (this.#isDone || this.#isInArray || code !== 0x5b || this.#depth !== this.#within) return false;
    return this.#field === undefined || this.#key === this.#field;
  }

  /** The element ends here. */
  *#endElement(last: string): Generator<JsonPart> {
    this.#keep(last);
    const json = this.#element.trim();
    this.#element = '';
    if (json !== '') yield { kind: 'element', json };
  }

  #keep(text: string): void {
    if (this.#isInArray) this.#element += text;
    else this.#rest += text;
    if (Math.max(this.#element.length, this.#rest.length) > IMPORT_LIMITS.recordCharsMax)
      throw this.#error(`has a record of more than ${IMPORT_LIMITS.recordCharsMax} characters`);
  }

  #error(what: string): ImportError {
    return new ImportError(`${this.#name} ${what}.`);
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `undefined`: it is no JSON object. */
export function objectOf(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A field of the kind that is wanted, or nothing. Only own fields count. */
export function stringIn(object: JsonObject | undefined, field: string): string | undefined {
  const value = object !== undefined && Object.hasOwn(object, field) ? object[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}

export function objectIn(object: JsonObject | undefined, field: string): JsonObject | undefined {
  const value = object !== undefined && Object.hasOwn(object, field) ? object[field] : undefined;
  return isObject(value) ? value : undefined;
}

export function objectsIn(object: JsonObject | undefined, field: string): readonly JsonObject[] {
  const value = object !== undefined && Object.hasOwn(object, field) ? object[field] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}
