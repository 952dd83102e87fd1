// The payloads of one direction's frames, as they pass: looked through under their masks, message by message, and their
// secrets overwritten. Frames that break the rules of fragmentation are hidden: nobody knows what they continue.
import type { HeaderBits } from '../decode/frame-header.ts';
import { isControl } from '../decode/frame-rules.ts';
import type { DeflateAgreement } from '../decoded.ts';
import type { Anchor, Direction } from '../record.ts';
import { CompressedScanner } from './compressed-scanner.ts';
import type { Ink } from './ink.ts';
import { JsonScanner } from './json-scanner.ts';

export interface Piece {
  readonly bytes: Uint8Array;
  /** Where in the record it begins. */
  readonly base: number;
  /** Where in the frame's payload it begins. */
  readonly position: number;
}

export class PayloadRedactor {
  readonly #direction: Direction;
  readonly #deflate: () => DeflateAgreement | undefined;
  #compressed: CompressedScanner | undefined;
  readonly #message: JsonScanner;
  readonly #aside: JsonScanner;
  #isInMessage = false;
  #isCompressed = false;
  #isHidden = false;
  #isLate = false;
  #frames = 0;
  #messages = 0;

  constructor(direction: Direction, sids: boolean, deflate: () => DeflateAgreement | undefined) {
    this.#direction = direction;
    this.#deflate = deflate;
    this.#message = new JsonScanner(sids);
    this.#aside = new JsonScanner(sids);
  }

  /** Of the frame that comes next. */
  get anchor(): Omit<Anchor, 'frameAt'> {
    return { frames: this.#frames, messages: this.#messages, isInMessage: this.#isInMessage };
  }

  /** Nothing before has a part in what is secret in the next message. */
  get isBetweenMessages(): boolean {
    return !this.#isInMessage && !this.#isHidden;
  }

  /** Whole messages that somebody else has looked through. */
  skip({ frames, messages }: { readonly frames: number; readonly messages: number }): void {
    this.#frames += frames;
    this.#messages += messages;
  }

  /** Frames before were not seen. A message that is open may be in the middle of a secret. */
  resume(anchor: Anchor): void {
    this.#frames = anchor.frames;
    this.#messages = anchor.messages;
    this.#isInMessage = anchor.isInMessage;
    this.#isHidden = anchor.isInMessage;
    this.#isCompressed = false;
    this.#isLate = anchor.frames > 0;
    this.#compressed = undefined;
  }

  /** A part of the frame's payload was not seen. */
  miss(bits: HeaderBits): void {
    if (isControl(bits.opcode)) return;
    this.#isHidden = true;
    this.#compressed?.lose();
  }

  begin(bits: HeaderBits): void {
    this.#frames += 1;
    if (bits.opcode > 2) this.#aside.reset();
    else if (bits.opcode === 0) this.#isHidden ||= !this.#isInMessage;
    else this.#beginMessage(bits);
  }

  #beginMessage(bits: HeaderBits): void {
    this.#messages += 1;
    this.#isHidden = this.#isInMessage;
    this.#isInMessage = true;
    this.#message.reset();
    this.#isCompressed = bits.rsv1;
    if (!bits.rsv1) return;
    this.#compressed ??= CompressedScanner.of(this.#deflate(), this.#direction, this.#isLate);
    this.#compressed.begin(this.#message);
  }

  scan(bits: HeaderBits, key: Uint8Array | undefined, { bytes, base, position }: Piece, ink: Ink): void {
    const isAside = bits.opcode > 2;
    if (!isAside && this.#isCompressed) {
      const carried = bytes.map((byte, index) => byte ^ keyByteAt(key, position + index));
      // The bytes that a secret is packed in are not apart from others: from this piece on, all are hidden.
      if (this.#compressed?.isSecretIn(carried) !== false) this.#isHidden = true;
    }
    const scanner = isAside ? this.#aside : this.#message;
    const isScanned = isAside || !this.#isCompressed;
    const isHidden = !isAside && this.#isHidden;
    for (let index = 0; index < bytes.length; index++) {
      const keyByte = keyByteAt(key, position + index);
      const isSecret = isScanned && scanner.next((bytes[index] ?? 0) ^ keyByte);
      if (isSecret || isHidden) ink.hide(base + index, keyByte);
    }
  }

  end(bits: HeaderBits): void {
    if (bits.opcode > 2 || !bits.fin) return;
    if (this.#isCompressed) this.#compressed?.end();
    this.#isInMessage = false;
    this.#isHidden = false;
    this.#isCompressed = false;
  }
}

const keyByteAt = (key: Uint8Array | undefined, position: number): number =>
  key === undefined ? 0 : (key[position & 3] ?? 0);
