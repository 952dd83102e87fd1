// Collects the bytes of one HTTP head and reads its lines, each with its place in the stream. Tolerant: what is against
// HTTP becomes a fault. What the fields mean for a WebSocket is handshake.ts's.
import { concat, toLatin1 } from '../bytes.ts';
import type { DecodedHead, DecodedHeader, WireFault } from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { Direction, Micros } from '../record.ts';

export type HeadResult =
  /** More bytes are needed. */
  | { readonly kind: 'open' }
  /** What came is no head; nothing after it is looked at. */
  | { readonly kind: 'failed'; readonly faults: readonly WireFault[] }
  | {
      readonly kind: 'done';
      /** How many bytes of this chunk belong to the head. */
      readonly taken: number;
      readonly first: FirstLine;
      readonly head: DecodedHead;
      readonly faults: readonly WireFault[];
    };

export type FirstLine =
  | { readonly kind: 'request'; readonly method: string; readonly target: string }
  | { readonly kind: 'response'; readonly status: number; readonly reasonPhrase: string };

const LF = 10;
const CR = 13;

export class HeadDecoder {
  readonly #direction: Direction;
  readonly #offset: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;
  #at: Micros = 0;
  /** How far the end of the head has been seen: LF, then perhaps CR, then LF. */
  #isAfterLf = false;
  #lineLength = 0;

  constructor(direction: Direction, offset: number) {
    this.#direction = direction;
    this.#offset = offset;
  }

  get from(): number {
    return this.#offset;
  }

  push(bytes: Uint8Array, at: Micros): HeadResult {
    if (this.#length === 0) this.#at = at;
    if (this.#length === 0 && bytes.length > 0 && !isTokenByte(bytes[0] ?? 0))
      return { kind: 'failed', faults: [fault('not-http')] };
    const taken = this.#endIn(bytes);
    this.#pieces.push(taken === undefined ? bytes : bytes.subarray(0, taken));
    this.#length += taken ?? bytes.length;
    if (this.#length > CAPTURE_LIMITS.headBytesMax)
      return {
        kind: 'failed',
        faults: [fault('head-too-large', { limit: CAPTURE_LIMITS.headBytesMax })],
      };
    return taken === undefined ? { kind: 'open' } : this.#read(taken);
  }

  /** How many of the bytes belong to the head, if it ends in them: at an empty line. */
  #endIn(bytes: Uint8Array): number | undefined {
    for (const [index, byte] of bytes.entries()) {
      if (byte === LF) {
        if (this.#isAfterLf && this.#lineLength === 0) return index + 1;
        this.#isAfterLf = true;
        this.#lineLength = 0;
      } else if (byte !== CR) this.#lineLength += 1;
    }
    return undefined;
  }

  #read(taken: number): HeadResult {
    const text = toLatin1(concat(this.#pieces));
    const lines = linesOf(text, this.#offset);
    const first = readFirstLine(lines[0]?.text ?? '', this.#direction);
    if (!first) return { kind: 'failed', faults: [fault('not-http')] };
    const faults: WireFault[] = [];
    if (lines.some(({ isBareLf }) => isBareLf)) faults.push(fault('line-end'));
    const headers = readHeaders(lines.slice(1), faults);
    const span = { from: this.#offset, to: this.#offset + this.#length };
    const head = { at: this.#at, version: first.version, headers, span };
    return { kind: 'done', taken, first: first.line, head, faults };
  }
}

interface Line {
  readonly text: string;
  readonly from: number;
  readonly isBareLf: boolean;
}

/** Without their ends, and without the empty one that ends the head. */
function linesOf(text: string, offset: number): Line[] {
  const lines: Line[] = [];
  let at = 0;
  for (const raw of text.split('\n').slice(0, -1)) {
    const isBareLf = !raw.endsWith('\r');
    lines.push({ text: isBareLf ? raw : raw.slice(0, -1), from: offset + at, isBareLf });
    at += raw.length + 1;
  }
  return lines.at(-1)?.text === '' ? withoutLast(lines) : lines;
}

function withoutLast(lines: readonly Line[]): Line[] {
  const last = lines.at(-1);
  const before = lines.slice(0, -1);
  const [first, ...rest] = before;
  // A bare LF at the empty line is a fault of the head as well: it is told with the first line.
  return first && last?.isBareLf ? [{ ...first, isBareLf: true }, ...rest] : before;
}

function readFirstLine(
  line: string,
  direction: Direction,
): { readonly version: string; readonly line: FirstLine } | undefined {
  if (direction === 'in') {
    const [, method = '', target = '', version = ''] =
      /^([!#$%&'*+.^_`|~\w-]+) (\S+) (HTTP\/\d\.\d)$/.exec(line) ?? [];
    return method === '' ? undefined : { version, line: { kind: 'request', method, target } };
  }
  const [, version = '', status = '', reasonPhrase = ''] =
    /^(HTTP\/\d\.\d) (\d{3})(?: (.*))?$/.exec(line) ?? [];
  if (version === '') return undefined;
  return { version, line: { kind: 'response', status: Number(status), reasonPhrase } };
}

function readHeaders(lines: readonly Line[], faults: WireFault[]): DecodedHeader[] {
  const headers: DecodedHeader[] = [];
  for (const [index, { text, from }] of lines.entries()) {
    const colon = text.indexOf(':');
    if (!/^[!#$%&'*+.^_`|~\w-]+:/.test(text)) faults.push(fault('header-line', { line: index + 2 }));
    if (colon < 1) continue;
    headers.push({
      name: text.slice(0, colon).trim(),
      value: text.slice(colon + 1).trim(),
      span: { from, to: from + text.length },
    });
  }
  const limit = CAPTURE_LIMITS.headersMax;
  if (headers.length <= limit) return headers;
  faults.push(fault('headers-too-many', { limit }));
  return headers.slice(0, limit);
}

const isTokenByte = (byte: number): boolean => /[!#$%&'*+.^_`|~\w-]/.test(String.fromCharCode(byte));
