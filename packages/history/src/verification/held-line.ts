// Bytes in, lines out, with the newest whole line held back from the digest: a history's digest is of all before its last line.
// Holds two lines at most, whatever comes.
import { HISTORY_LIMITS } from '../limits.ts';

/** SHA-256 as it goes. Node's own is faster than ours; both fit. */
export interface Digest {
  update(bytes: Uint8Array): void;
  hex(): string;
}

export interface LineHandler {
  /** A line with its line feed. Valid during the call only. */
  line(bytes: Uint8Array): void;
  /** A line is longer than any that we write; it and what follows is not read any more. */
  tooLong(): void;
}

const LINE_FEED = 10;
const NOTHING = new Uint8Array(0);

export class HeldLine {
  readonly #digest: Digest;
  readonly #handler: LineHandler;
  #held: Uint8Array = NOTHING;
  #partial: Uint8Array[] = [];
  #partialBytes = 0;
  #hashedBytes = 0;
  #isTooLong = false;

  constructor(digest: Digest, handler: LineHandler) {
    this.#digest = digest;
    this.#handler = handler;
  }

  get hashedBytes(): number {
    return this.#hashedBytes;
  }

  push(bytes: Uint8Array): void {
    const first = bytes.indexOf(LINE_FEED);
    if (first < 0 || this.#isTooLong) this.#keep(bytes);
    else this.#take(bytes, first);
  }

  /** With a line feed at `first`. */
  #take(bytes: Uint8Array, first: number): void {
    const line = this.#joined(bytes.subarray(0, first + 1));
    this.#hash(this.#held);
    this.#held = line;
    this.#handler.line(line);
    const last = bytes.lastIndexOf(LINE_FEED);
    if (last > first) this.#lines(bytes.subarray(first + 1, last + 1));
    this.#keep(bytes.subarray(last + 1));
  }

  /** What stands after the last line feed; then the digest is of it too. */
  finish(): { readonly sha256: string; readonly rest: number } {
    const rest = this.#partialBytes;
    if (rest > 0) {
      this.#hash(this.#held);
      for (const part of this.#partial) this.#hash(part);
    }
    return { sha256: this.#digest.hex(), rest };
  }

  /** Whole lines, none of which is the first of its chunk. */
  #lines(bytes: Uint8Array): void {
    const lastBegin = bytes.lastIndexOf(LINE_FEED, bytes.length - 2) + 1;
    this.#hash(this.#held);
    this.#hash(bytes.subarray(0, lastBegin));
    this.#held = bytes.slice(lastBegin);
    for (let from = 0; from < bytes.length; ) {
      const to = bytes.indexOf(LINE_FEED, from) + 1;
      this.#handler.line(bytes.subarray(from, to));
      from = to;
    }
  }

  /** A copy: the caller may use its bytes again. */
  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#partialBytes += bytes.length;
    if (this.#partialBytes > HISTORY_LIMITS.lineBytesMax) {
      if (!this.#isTooLong) this.#handler.tooLong();
      this.#isTooLong = true;
      this.#partial = [];
      return;
    }
    this.#partial.push(bytes.slice());
  }

  #joined(end: Uint8Array): Uint8Array {
    if (this.#partial.length === 0) return end.slice();
    const line = new Uint8Array(this.#partialBytes + end.length);
    let at = 0;
    for (const part of [...this.#partial, end]) {
      line.set(part, at);
      at += part.length;
    }
    this.#partial = [];
    this.#partialBytes = 0;
    return line;
  }

  #hash(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#digest.update(bytes);
    this.#hashedBytes += bytes.length;
  }
}
