// The payload of a message that comes in more than one piece. Memory follows what has really come (at most twice as
// much), never what a header claims; a writer of single bytes costs neither a buffer per byte nor a copy per byte.

// The first block; small messages fit in.
const BLOCK_BYTES_MIN = 1024;
const BLOCK_BYTES_MAX = 64 * 1024;
// A piece at least this long is kept as it is instead of being copied, if it is most of the memory that it holds.
const KEPT_BYTES_MIN = 8 * 1024;

export class PayloadCollector {
  #blocks: Buffer[] = [];
  #length = 0;
  // The last block's memory while it has room: filled from the front.
  #open: Buffer | undefined;
  #openUsed = 0;

  get length(): number {
    return this.#length;
  }

  append(piece: Buffer): void {
    const start = this.#fillOpenBlock(piece);
    if (start === piece.length) return;
    const rest = start === 0 ? piece : piece.subarray(start);
    if (rest.length >= KEPT_BYTES_MIN && rest.length * 2 >= rest.buffer.byteLength) {
      this.#blocks.push(rest);
      this.#length += rest.length;
      return;
    }
    const wanted = Math.min(Math.max(this.#length, BLOCK_BYTES_MIN), BLOCK_BYTES_MAX);
    this.#open = Buffer.allocUnsafeSlow(Math.max(wanted, rest.length));
    this.#openUsed = 0;
    this.#fillOpenBlock(rest);
  }

  /** All the bytes in order, and the collector is empty again. */
  take(): Buffer {
    this.#sealOpenBlock();
    const blocks = this.#blocks;
    const length = this.#length;
    this.#blocks = [];
    this.#length = 0;
    const [only] = blocks;
    return blocks.length === 1 && only !== undefined ? only : Buffer.concat(blocks, length);
  }

  /** Copies as much of the piece as fits into the open block; returns how much that was. */
  #fillOpenBlock(piece: Buffer): number {
    if (this.#open === undefined) return 0;
    const copied = piece.copy(this.#open, this.#openUsed);
    this.#openUsed += copied;
    this.#length += copied;
    if (this.#openUsed === this.#open.length) this.#sealOpenBlock();
    return copied;
  }

  #sealOpenBlock(): void {
    if (this.#open === undefined) return;
    this.#blocks.push(this.#open.subarray(0, this.#openUsed));
    this.#open = undefined;
    this.#openUsed = 0;
  }
}
