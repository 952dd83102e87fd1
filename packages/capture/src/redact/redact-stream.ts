// One direction of a connection, its secrets overwritten as the bytes pass: in heads, in plain HTTP, in frames. A byte is
// decided when it comes, by what came before it, so nothing is held back. Where nobody can tell what bytes are (what is no
// HTTP, what follows a gap), all of them are hidden.

import { HEADER_BYTES_MAX, type HeaderBits, headerLength, readHeader } from '../decode/frame-header.ts';
import { isUpgrade, judgeAnswer } from '../decode/handshake.ts';
import { HeadDecoder } from '../decode/head-decoder.ts';
import type { DecodedHandshake, DecodedHead, DeflateAgreement } from '../decoded.ts';
import type { Anchor, BytesRecord, Direction } from '../record.ts';
import { HeaderScanner } from './header-scanner.ts';
import { Ink } from './ink.ts';
import { JsonScanner } from './json-scanner.ts';
import { PayloadRedactor } from './payload-redactor.ts';
import { QueryScanner } from './query-scanner.ts';
import type { RedactionMemo } from './redaction-memo.ts';

/** What both directions know of the handshake. */
export interface Agreement {
  request?: DecodedHandshake['request'];
  isAnswered: boolean;
  deflate?: DeflateAgreement | undefined;
}

export interface StreamOptions {
  readonly sids: boolean;
  /** Bytes that come in are changed by somebody else afterwards: what goes out is a copy. */
  readonly isLent: boolean;
  readonly memo: RedactionMemo | undefined;
}

interface Frame {
  readonly bits: HeaderBits;
  readonly key: Uint8Array | undefined;
  seen: number;
}

/** `H`. As a frame's first byte it is a fragmented Close with RSV1; what comes is taken for HTTP again. */
const HTTP_FIRST = 0x48;

export class RedactStream {
  readonly #direction: Direction;
  readonly #agreement: Agreement;
  readonly #options: StreamOptions;
  readonly #payloads: PayloadRedactor;
  readonly #query: QueryScanner;
  readonly #body: JsonScanner;
  #headers = new HeaderScanner();
  #state: 'head' | 'frames' | 'body' | 'blind' = 'head';
  #headDecoder: HeadDecoder;
  /** Place in the stream of the byte that is expected. */
  #next = 0;
  readonly #header = new Uint8Array(HEADER_BYTES_MAX);
  #headerLength = 0;
  #frame: Frame | undefined;
  /** HTTP came among the frames. */
  #hasFallenBack = false;

  constructor(direction: Direction, agreement: Agreement, options: StreamOptions) {
    const { sids } = options;
    this.#direction = direction;
    this.#agreement = agreement;
    this.#options = options;
    this.#headDecoder = new HeadDecoder(direction, 0);
    this.#query = new QueryScanner(sids);
    this.#body = new JsonScanner(sids);
    this.#payloads = new PayloadRedactor(direction, sids, () => agreement.deflate);
  }

  push(record: BytesRecord): BytesRecord {
    const { at, bytes } = record;
    if (record.offset !== this.#next) this.#jump(record.offset - this.#next);
    this.#next = record.offset + bytes.length;
    const before =
      this.#isBeforeMessage && !record.anchor && !record.hidden ? this.#payloads.anchor : undefined;
    const known = this.#options.memo?.find(bytes);
    if (before !== undefined && known !== undefined) {
      this.#payloads.skip(known);
      return recordOf(record, { ...known, anchor: { frameAt: 0, ...before } });
    }
    const ink = new Ink(bytes, this.#options);
    let anchor = record.anchor;
    let done = anchor === undefined ? 0 : this.#resumeAt(record, anchor, ink);
    while (done < bytes.length) {
      const rest = bytes.subarray(done);
      if (!anchor && this.#isAtFrame && !this.#isHttp(rest))
        anchor = { frameAt: done, ...this.#payloads.anchor };
      done += this.#step({ bytes: rest, base: done, at }, ink);
    }
    const hidden = ink.ranges(record.hidden);
    if (before !== undefined && this.#isBeforeMessage) {
      const { frames, messages } = this.#payloads.anchor;
      const passed = { frames: frames - before.frames, messages: messages - before.messages };
      this.#options.memo?.keep({ given: bytes, bytes: ink.bytes, hidden, ...passed });
    }
    return recordOf(record, { bytes: ink.bytes, hidden, anchor });
  }

  /** The next byte begins a message, nothing is compressed, and there were only frames since the handshake. */
  get #isBeforeMessage(): boolean {
    if (!this.#isAtFrame || this.#hasFallenBack) return false;
    return this.#payloads.isBetweenMessages && this.#agreement.deflate === undefined;
  }

  /** Where decoding goes on in a record whose maker has given an anchor. */
  #resumeAt({ offset, bytes }: BytesRecord, anchor: Anchor, ink: Ink): number {
    if (this.#state !== 'blind' && offset !== 0) return 0;
    const from = Math.min(anchor.frameAt, bytes.length);
    ink.hideAll(0, from);
    this.#resume(anchor);
    return from;
  }

  get #isAtFrame(): boolean {
    return this.#state === 'frames' && !this.#frame && this.#headerLength === 0;
  }

  #isHttp(bytes: Uint8Array): boolean {
    return this.#direction === 'out' && bytes[0] === HTTP_FIRST;
  }

  #resume(anchor: Anchor): void {
    this.#state = 'frames';
    this.#frame = undefined;
    this.#headerLength = 0;
    this.#payloads.resume(anchor);
  }

  /** Bytes are missing, or come again. */
  #jump(missing: number): void {
    const frame = this.#frame;
    const isInside = missing > 0 && frame && frame.seen + missing < frame.bits.payloadLength;
    if (!isInside) {
      this.#state = 'blind';
      return;
    }
    frame.seen += missing;
    this.#payloads.miss(frame.bits);
  }

  #step(chunk: Chunk, ink: Ink): number {
    switch (this.#state) {
      case 'head':
        return this.#passHead(chunk, ink);
      case 'frames':
        return this.#passFrame(chunk, ink);
      case 'body':
        this.#passText(chunk, chunk.bytes.length, ink);
        return chunk.bytes.length;
      case 'blind':
        ink.hideAll(chunk.base, chunk.base + chunk.bytes.length);
        return chunk.bytes.length;
    }
  }

  /** Plain HTTP may hold heads and bodies in turn: each scanner sees every byte. */
  #passText({ bytes, base }: Chunk, length: number, ink: Ink): void {
    for (let index = 0; index < length; index++) {
      const byte = bytes[index] ?? 0;
      const isInHeader = this.#headers.next(byte);
      const isInQuery = this.#query.next(byte);
      const isInBody = this.#body.next(byte);
      if (isInHeader || isInQuery || isInBody) ink.hide(base + index);
    }
  }

  #passHead(chunk: Chunk, ink: Ink): number {
    const result = this.#headDecoder.push(chunk.bytes, chunk.at);
    if (result.kind === 'failed') {
      this.#state = 'blind';
      return 0;
    }
    const taken = result.kind === 'done' ? result.taken : chunk.bytes.length;
    this.#passText(chunk, taken, ink);
    if (result.kind === 'done') this.#afterHead(result);
    return taken;
  }

  #afterHead({ first, head }: Extract<ReturnType<HeadDecoder['push']>, { kind: 'done' }>): void {
    if (first.kind === 'request') {
      const request = { ...head, method: first.method, target: first.target };
      this.#agreement.request = request;
      this.#state = isUpgrade(request) ? 'frames' : 'body';
    } else if (first.status === 101) {
      this.#agree(head);
      this.#state = 'frames';
    } else if (first.status < 200) this.#headDecoder = new HeadDecoder(this.#direction, head.span.to);
    else this.#state = 'body';
  }

  #agree(head: DecodedHead): void {
    if (this.#agreement.isAnswered) return;
    const { request } = this.#agreement;
    const answer = { ...head, status: 101, reasonPhrase: '' };
    this.#agreement.deflate = judgeAnswer(answer, { faults: [], ...(request && { request }) }).deflate;
    this.#agreement.isAnswered = true;
  }

  #passFrame({ bytes, base }: Chunk, ink: Ink): number {
    if (this.#isAtFrame && this.#isHttp(bytes)) {
      this.#headDecoder = new HeadDecoder(this.#direction, 0);
      this.#headers = new HeaderScanner();
      this.#state = 'head';
      this.#hasFallenBack = true;
      return 0;
    }
    let taken = 0;
    while (!this.#frame && taken < bytes.length) {
      this.#header[this.#headerLength++] = bytes[taken++] ?? 0;
      if (this.#headerLength === headerLength(this.#header, this.#headerLength)) this.#begin();
    }
    const frame = this.#frame;
    if (!frame) return taken;
    const length = Math.min(bytes.length - taken, frame.bits.payloadLength - frame.seen);
    const piece = { bytes: bytes.subarray(taken, taken + length), base: base + taken, position: frame.seen };
    if (length > 0) this.#payloads.scan(frame.bits, frame.key, piece, ink);
    frame.seen += length;
    if (frame.seen === frame.bits.payloadLength) {
      this.#frame = undefined;
      this.#payloads.end(frame.bits);
    }
    return taken + length;
  }

  #begin(): void {
    const bits = readHeader(this.#header);
    const end = this.#headerLength;
    const key = bits.masked ? this.#header.slice(end - 4, end) : undefined;
    this.#headerLength = 0;
    this.#frame = { bits, key, seen: 0 };
    this.#payloads.begin(bits);
  }
}

interface Chunk {
  readonly bytes: Uint8Array;
  /** Where in the record it begins. */
  readonly base: number;
  readonly at: number;
}

/** Written out, since it is done for everything that a recorded connection sends and is sent. */
function recordOf(
  { at, direction, offset }: BytesRecord,
  made: {
    readonly bytes: Uint8Array;
    readonly hidden: readonly (readonly [number, number])[];
    readonly anchor: Anchor | undefined;
  },
): BytesRecord {
  const { bytes, hidden, anchor } = made;
  if (hidden.length > 0)
    return { kind: 'bytes', at, direction, offset, bytes, hidden, ...(anchor && { anchor }) };
  return anchor
    ? { kind: 'bytes', at, direction, offset, bytes, anchor }
    : { kind: 'bytes', at, direction, offset, bytes };
}
