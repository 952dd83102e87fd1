// Knows where frames begin in a stream of bytes, without keeping any of them: so that what comes behind dropped bytes can
// still be decoded. One per direction; it begins behind the head of the handshake.
import type { Anchor } from '@wireroom/capture';

/** The longest header that there is (RFC 6455 section 5.2). */
const HEADER_BYTES_MAX = 14;

export class FrameCursor {
  #headEnd = '';
  #isBehindHead = false;
  #header: number[] = [];
  #payloadLeft = 0;
  #frames = 0;
  #messages = 0;
  #isInMessage = false;

  /** Goes over the next bytes. The anchor is that of the first frame that begins in them, if one does. */
  pass(chunk: Uint8Array): Anchor | undefined {
    let anchor: Anchor | undefined;
    for (let at = this.#isBehindHead ? 0 : this.#passHead(chunk); at < chunk.length; ) {
      if (this.#payloadLeft > 0) {
        const step = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= step;
        at += step;
        continue;
      }
      if (this.#header.length === 0) {
        const [frames, messages, isInMessage] = [this.#frames, this.#messages, this.#isInMessage];
        anchor ??= { frameAt: at, frames, messages, isInMessage };
      }
      this.#header.push(chunk[at] ?? 0);
      at += 1;
      this.#endHeader();
    }
    return anchor;
  }

  /** How many bytes of it belong to the head. */
  #passHead(chunk: Uint8Array): number {
    for (const [index, byte] of chunk.entries()) {
      this.#headEnd = `${this.#headEnd}${String.fromCharCode(byte)}`.slice(-4);
      if (this.#headEnd !== '\r\n\r\n') continue;
      this.#isBehindHead = true;
      return index + 1;
    }
    return chunk.length;
  }

  #endHeader(): void {
    const header = Buffer.from(this.#header);
    if (header.length < 2 || header.length > HEADER_BYTES_MAX) return;
    const form = header.readUInt8(1) & 0x7f;
    const lengthBytes = form < 126 ? 0 : form === 126 ? 2 : 8;
    const isMasked = header.readUInt8(1) >= 0x80;
    if (header.length < 2 + lengthBytes + (isMasked ? 4 : 0)) return;
    this.#payloadLeft =
      lengthBytes === 0
        ? form
        : lengthBytes === 2
          ? header.readUInt16BE(2)
          : Number(header.readBigUInt64BE(2));
    this.#header = [];
    this.#frames += 1;
    const opcode = header.readUInt8(0) & 0x0f;
    if (opcode >= 8) return;
    if (opcode !== 0) this.#messages += 1;
    this.#isInMessage = header.readUInt8(0) < 0x80;
  }
}
