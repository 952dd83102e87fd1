// Counts what a compressed message grows to while it grows, and stops it: the guard against decompression bombs. Knows
// neither zlib nor frames; message-assembler.ts owns one, whoever inflates asks it.
import { WireError } from './wire-error.ts';

/** Up to here no ratio is judged: a message this small harms nobody, and a short run of one byte has a ratio of 1000. */
export const INFLATION_FREE_BYTES = 1024 * 1024;

/** The compressed bytes that a message within the bound can need: blocks that are only stored cost a little more. */
export function compressedBytesMaxFor(messageBytesMax: number): number {
  return messageBytesMax + Math.ceil(messageBytesMax / 8) + 1024;
}

/** The guard against decompression bombs: bounds a message by its size and by how steeply it inflates. */
export class InflationMeter {
  readonly #inflationRatioMax: number;
  #messageBytesMax = 0;
  #compressedBytes = 0;
  #inflatedBytes = 0;

  /** @param inflationRatioMax inflated bytes per compressed byte; 0: no such bound */
  constructor(inflationRatioMax: number) {
    this.#inflationRatioMax = inflationRatioMax;
  }

  /** A message begins, which may have so many bytes. */
  begin(messageBytesMax: number): void {
    this.#messageBytesMax = messageBytesMax;
    this.#compressedBytes = 0;
    this.#inflatedBytes = 0;
  }

  /** So many compressed bytes have come. */
  came(bytes: number): void {
    this.#compressedBytes += bytes;
  }

  /** How many more bytes may come out of what has come. */
  get roomBytes(): number {
    return Math.min(this.#messageBytesMax, this.#ratioBytesMax()) - this.#inflatedBytes;
  }

  /** So many bytes came out. Throws the WireError of the bound that they are above. */
  grew(bytes: number): void {
    this.#inflatedBytes += bytes;
    if (this.#inflatedBytes > this.#messageBytesMax) {
      throw new WireError('message-too-large', `A message may have ${this.#messageBytesMax} bytes at most.`);
    }
    if (this.#inflatedBytes > this.#ratioBytesMax()) {
      throw new WireError(
        'inflation-too-steep',
        `A message may inflate ${this.#inflationRatioMax}-fold at most.`,
      );
    }
  }

  #ratioBytesMax(): number {
    if (this.#inflationRatioMax === 0) return Number.POSITIVE_INFINITY;
    return Math.max(INFLATION_FREE_BYTES, this.#compressedBytes * this.#inflationRatioMax);
  }
}
