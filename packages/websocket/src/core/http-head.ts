// The head of an HTTP/1.1 message (RFC 9112 sections 2 to 5): collected from chunks, refused at the first byte that
// cannot be, parsed into its first line and header fields. Strict: no folding, no bare LF, no space before a colon.
// Knows no WebSocket; that is handshake.ts, which comes next.
import { HeaderMap, type RawHeader, trimBlanks } from './header-map.ts';
import { WireError } from './wire-error.ts';

/** The head of an HTTP request, parsed. */
export interface RequestHead {
  readonly method: string;
  readonly target: string;
  /** `1.1`, `1.0`, `2.0` */
  readonly httpVersion: string;
  readonly headers: HeaderMap;
}

/** The head of an HTTP answer, parsed. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly httpVersion: string;
  readonly headers: HeaderMap;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const REQUEST_LINE = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP\/(\d\.\d)$/;
const STATUS_LINE = /^HTTP\/(\d\.\d) ([1-5]\d\d)(?: (.*))?$/;
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const DEL = 0x7f;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Gathers the bytes of a head, wherever they are cut. */
export class HeadCollector {
  readonly #bytesMax: number;
  #memory: Buffer = Buffer.alloc(0);
  #length = 0;
  #scanned = 0;
  #lineStart = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Every byte pushed so far. */
  get received(): Buffer {
    return this.#memory.subarray(0, this.#length);
  }

  /**
   * Takes a chunk. Returns the length of the head, empty line included, once it is complete: `received` then begins
   * with the head, and what follows it belongs to whoever comes next. Throws a WireError at the first wrong byte.
   */
  push(chunk: Buffer): number | undefined {
    this.#store(chunk);
    const bytes = this.#memory;
    const end = Math.min(this.#length, this.#bytesMax);
    for (let at = this.#scanned; at < end; at++) {
      const byte = bytes[at] ?? 0;
      const isAfterCr = at > this.#lineStart && bytes[at - 1] === CR;
      if (isAfterCr !== (byte === LF)) throw bareLineBreak(isAfterCr);
      if (byte === LF) {
        if (at - this.#lineStart === 1) return this.#complete(at + 1);
        this.#lineStart = at + 1;
      } else if ((byte < 0x20 && byte !== CR && byte !== TAB) || byte === DEL) {
        throw new WireError('head-malformed', `A control character (0x${hex(byte)}) stands in the head.`);
      }
    }
    this.#scanned = end;
    if (this.#length >= this.#bytesMax) {
      throw new WireError('head-too-large', `The head may have ${this.#bytesMax} bytes at most.`);
    }
    return undefined;
  }

  /** Takes what comes behind a head that is complete. */
  pushBehind(chunk: Buffer): void {
    this.#store(chunk);
  }

  #complete(headLength: number): number {
    if (headLength === 2) throw new WireError('head-malformed', 'The first line is empty.');
    return headLength;
  }

  #store(chunk: Buffer): void {
    if (this.#length === 0) {
      this.#memory = chunk;
      this.#length = chunk.length;
      return;
    }
    const needed = this.#length + chunk.length;
    if (needed > this.#memory.length) {
      const larger = Buffer.alloc(Math.max(needed, this.#memory.length * 2, 512));
      this.#memory.copy(larger, 0, 0, this.#length);
      this.#memory = larger;
    }
    chunk.copy(this.#memory, this.#length);
    this.#length = needed;
  }
}

/**
 * Parses the head of a request. Throws a WireError (`head-malformed`, `head-too-many-headers`).
 * @param head the bytes up to and with the empty line
 * @param headersMax how many header fields it may have
 */
export function parseRequestHead(head: Buffer, headersMax: number): RequestHead {
  const text = textOf(head);
  const firstEnd = endOfLine(text, 0);
  const match = REQUEST_LINE.exec(text.slice(0, firstEnd));
  if (match === null) throw new WireError('head-malformed', 'The first line is no HTTP request line.');
  const [, method = '', target = '', httpVersion = ''] = match;
  return { method, target, httpVersion, headers: parseHeaders(text, firstEnd + 2, headersMax) };
}

/**
 * Parses the head of an answer. Throws as `parseRequestHead` does.
 * @param head the bytes up to and with the empty line
 * @param headersMax how many header fields it may have
 */
export function parseResponseHead(head: Buffer, headersMax: number): ResponseHead {
  const text = textOf(head);
  const firstEnd = endOfLine(text, 0);
  const match = STATUS_LINE.exec(text.slice(0, firstEnd));
  if (match === null) throw new WireError('head-malformed', 'The first line is no HTTP status line.');
  const [, httpVersion = '', status = '', reason = ''] = match;
  return {
    status: Number(status),
    reason,
    httpVersion,
    headers: parseHeaders(text, firstEnd + 2, headersMax),
  };
}

/** Without the empty line and the line break before it. */
function textOf(head: Buffer): string {
  return head.toString('latin1', 0, head.length - 4);
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\r\n', start);
  return end < 0 ? text.length : end;
}

function parseHeaders(text: string, start: number, headersMax: number): HeaderMap {
  const headers: RawHeader[] = [];
  for (let at = start; at < text.length; ) {
    if (headers.length >= headersMax) {
      throw new WireError('head-too-many-headers', `A request may have ${headersMax} header fields at most.`);
    }
    const end = endOfLine(text, at);
    headers.push(parseHeader(text.slice(at, end)));
    at = end + 2;
  }
  return new HeaderMap(headers);
}

function parseHeader(line: string): RawHeader {
  if (line.startsWith(' ') || line.startsWith('\t')) {
    throw new WireError('head-malformed', 'A header field is folded over two lines.');
  }
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!TOKEN.test(name)) {
    throw new WireError('head-malformed', 'A header field does not begin with a name and a colon.');
  }
  return [name, trimBlanks(line.slice(colon + 1))];
}

function bareLineBreak(isAfterCr: boolean): WireError {
  return new WireError('head-malformed', `A line ends with ${isAfterCr ? 'CR' : 'LF'} instead of CR LF.`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
