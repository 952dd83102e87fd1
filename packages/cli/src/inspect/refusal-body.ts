// The body of a refused handshake, as far as it came: for people, who often find the reason in it.
import { INSPECT_LIMITS } from './limits.ts';

export class RefusalBody {
  readonly #chunks: Buffer[] = [];
  #length = 0;

  /** Bytes of the answer, from its first on. What is beyond the bound is not kept. */
  add(chunk: Uint8Array): void {
    const room = 2 * INSPECT_LIMITS.refusalBodyBytesMax - this.#length;
    if (room <= 0) return;
    const kept = Buffer.from(chunk.subarray(0, room));
    this.#chunks.push(kept);
    this.#length += kept.length;
  }

  /** Has all of it come? Without a length, only the end of the connection tells. */
  get isWhole(): boolean {
    const bytes = Buffer.concat(this.#chunks);
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd === -1) return false;
    const length = /^content-length:\s*(\d+)/im.exec(bytes.toString('latin1', 0, headEnd))?.[1];
    return length !== undefined && bytes.length - headEnd - 4 >= Number(length);
  }

  /** '' where there is none, or none that can be read. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    const headEnd = bytes.indexOf('\r\n\r\n');
    if (headEnd === -1) return '';
    const head = bytes.toString('latin1', 0, headEnd);
    const body = bytes.subarray(headEnd + 4);
    const isChunked = /^transfer-encoding:.*\bchunked\b/im.test(head);
    const isReadable = !/^content-encoding:/im.test(head) || /^content-encoding:\s*identity/im.test(head);
    if (!isReadable) return '';
    const whole = isChunked ? unchunked(body) : body;
    return whole.toString('utf8', 0, INSPECT_LIMITS.refusalBodyBytesMax).trim();
  }
}

/** RFC 9112 section 7.1, as far as it came. */
function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd === -1) break;
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
