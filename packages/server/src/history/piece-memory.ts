// Where a piece of a download is put into bytes. The same few stretches of memory go round between the thread that makes pieces and
// whoever sends them: a download of any length needs what its first pieces needed, and leaves nothing for a collector to find.

/** Stretches are multiples of it, in bytes: pieces are of nearly one length, and one that is a little longer fits as well. */
const STEP_BYTES = 64 * 1024;

export class PieceMemory {
  #lent: ArrayBuffer | undefined;

  /** Whoever lends it has no use any more for what is in it. The largest is kept. */
  lend(memory: ArrayBuffer): void {
    if (memory.byteLength > (this.#lent?.byteLength ?? 0)) this.#lent = memory;
  }

  /** The text as UTF-8, in what was lent if it fits. Its memory is the receiver's. */
  take(text: string): Uint8Array<ArrayBuffer> {
    const length = Buffer.byteLength(text, 'utf8');
    const lent = this.#lent;
    const fits = lent !== undefined && lent.byteLength >= length;
    const memory = fits ? lent : new ArrayBuffer(Math.ceil(length / STEP_BYTES) * STEP_BYTES);
    this.#lent = undefined;
    Buffer.from(memory, 0, length).write(text, 'utf8');
    return new Uint8Array(memory, 0, length);
  }
}
