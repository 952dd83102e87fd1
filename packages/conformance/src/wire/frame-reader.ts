// Reads what the other end sends, and holds it to the letter: whatever an end must not send becomes a violation, after
// which nothing more is read. Knows messages and control frames, no socket. What is done with them: tester/session.ts.
import { isUtf8 } from 'node:buffer';
import type { DeflateReader } from './deflate.ts';
import { BINARY, CLOSE, CONTINUATION, masked, PING, PONG, TEXT } from './frame.ts';

export type WireEvent =
  | {
      readonly type: 'message';
      readonly kind: 'text' | 'binary';
      readonly data: Buffer;
      readonly isCompressed: boolean;
    }
  | { readonly type: 'ping'; readonly data: Buffer }
  | { readonly type: 'pong'; readonly data: Buffer }
  /** Without a code the frame was empty. */
  | { readonly type: 'close'; readonly code: number | undefined; readonly reason: string }
  /** Something that this end must not send; the connection is of no use from here on. */
  | { readonly type: 'violation'; readonly what: string }
  /** The end of TCP: FIN, or a reset. */
  | { readonly type: 'end'; readonly isReset: boolean };

export interface ReaderOptions {
  /** Whether the other end masks, that is: whether it is a client. */
  readonly isMasking: boolean;
  /** Present where compression was agreed on. */
  readonly inflate?: DeflateReader | undefined;
}

interface Header {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly isMasked: boolean;
  readonly length: number;
  readonly headBytes: number;
}

/** An echo is never larger than what was sent; this guards the tester's memory. */
const MESSAGE_BYTES_MAX = 256 * 1024 * 1024;

export class FrameReader {
  readonly #options: ReaderOptions;
  #chunks: Buffer[] = [];
  #length = 0;
  #wanted = 2;
  #isDone = false;
  #message: { opcode: number; isCompressed: boolean; parts: Buffer[]; bytes: number } | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** All that this chunk completes. */
  push(chunk: Buffer): WireEvent[] {
    const events: WireEvent[] = [];
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    try {
      while (this.#length >= this.#wanted) {
        if (this.#isDone) violate('bytes after the Close frame');
        const event = this.#frame();
        if (event === 'incomplete') break;
        if (event !== undefined) events.push(event);
      }
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      events.push({ type: 'violation', what: error.message });
      this.#wanted = Number.POSITIVE_INFINITY;
    }
    return events;
  }

  #frame(): WireEvent | undefined | 'incomplete' {
    const header = this.#header();
    if (header === undefined) return 'incomplete';
    const total = header.headBytes + header.length;
    if (this.#length < total) {
      this.#wanted = total;
      return 'incomplete';
    }
    this.#wanted = 2;
    const bytes = this.#take(total);
    const keyEnd = header.headBytes;
    const raw = bytes.subarray(keyEnd);
    const payload = header.isMasked ? masked(raw, bytes.subarray(keyEnd - 4, keyEnd)) : raw;
    return header.opcode >= CLOSE ? this.#control(header, payload) : this.#data(header, payload);
  }

  #header(): Header | undefined {
    const head = this.#peek(14);
    const [first = 0, second = 0] = head;
    const short = second & 0x7f;
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
    const isMasked = (second & 0x80) !== 0;
    const headBytes = 2 + extended + (isMasked ? 4 : 0);
    if (head.length < headBytes) {
      this.#wanted = headBytes;
      return undefined;
    }
    const length =
      extended === 0 ? short : extended === 2 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
    const header = {
      fin: (first & 0x80) !== 0,
      rsv: (first >> 4) & 7,
      opcode: first & 15,
      isMasked,
      length,
      headBytes,
    };
    this.#check(header, extended);
    return header;
  }

  #check({ fin, rsv, opcode, isMasked, length }: Header, extended: number): void {
    if (isMasked !== this.#options.isMasking) violate(isMasked ? 'a masked frame' : 'a frame without a mask');
    if ((extended === 2 && length < 126) || (extended === 8 && length < 65536))
      violate('a length that is not in its shortest form');
    if (length > MESSAGE_BYTES_MAX) violate(`a frame of ${length} bytes`);
    if (![CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG].includes(opcode))
      violate(`a frame with opcode ${opcode}`);
    const mayBeCompressed = this.#options.inflate !== undefined && (opcode === TEXT || opcode === BINARY);
    if (rsv !== 0 && !(rsv === 4 && mayBeCompressed)) violate(`reserved bits ${rsv} on opcode ${opcode}`);
    if (opcode >= CLOSE) {
      if (!fin) violate('a control frame in fragments');
      if (length > 125) violate('a control frame of more than 125 bytes');
    } else if (opcode === CONTINUATION) {
      if (this.#message === undefined) violate('a continuation of nothing');
    } else if (this.#message !== undefined) violate('a message inside another');
  }

  #control({ opcode }: Header, data: Buffer): WireEvent {
    if (opcode === PING) return { type: 'ping', data };
    if (opcode === PONG) return { type: 'pong', data };
    this.#isDone = true;
    this.#wanted = 1;
    if (data.length === 0) return { type: 'close', code: undefined, reason: '' };
    if (data.length === 1) violate('a Close frame of one byte');
    const code = data.readUInt16BE();
    const reason = data.subarray(2);
    if (!isUtf8(reason)) violate('a reason for closing that is not UTF-8');
    if (!maySendCode(code)) violate(`close code ${code}`);
    return { type: 'close', code, reason: reason.toString() };
  }

  #data(header: Header, payload: Buffer): WireEvent | undefined {
    this.#message ??= { opcode: header.opcode, isCompressed: header.rsv === 4, parts: [], bytes: 0 };
    const message = this.#message;
    message.parts.push(payload);
    message.bytes += payload.length;
    if (message.bytes > MESSAGE_BYTES_MAX) violate('a message without end');
    if (!header.fin) return undefined;
    this.#message = undefined;
    const joined = message.parts.length === 1 ? payload : Buffer.concat(message.parts);
    const data = message.isCompressed ? this.#inflated(joined) : joined;
    const kind = message.opcode === TEXT ? 'text' : 'binary';
    if (kind === 'text' && !isUtf8(data)) violate('a text message that is not UTF-8');
    return { type: 'message', kind, data, isCompressed: message.isCompressed };
  }

  #inflated(data: Buffer): Buffer {
    try {
      return this.#options.inflate?.inflate(data) ?? data;
    } catch (error) {
      violate(`compressed data that does not keep to what was agreed on (${String(error)})`);
    }
  }

  #peek(count: number): Buffer {
    const [first = Buffer.alloc(0)] = this.#chunks;
    if (first.length >= count || this.#chunks.length === 1) return first.subarray(0, count);
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#peek(count);
  }

  #take(count: number): Buffer {
    const joined =
      this.#chunks.length === 1 ? (this.#chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#chunks);
    const rest = joined.subarray(count);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length -= count;
    return joined.subarray(0, count);
  }
}

class Violation extends Error {}

function violate(what: string): never {
  throw new Violation(what);
}

/** Section 7.4 and the registry that it founded. */
export const maySendCode = (code: number): boolean =>
  (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
