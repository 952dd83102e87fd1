// The payload of a message that comes in more than one piece, copied together as it comes. Memory follows what has really
// come (at most four times as much), and a claim only as far as that; a writer of single bytes costs no copy of the whole
// each. The pieces' own memory is never kept: it may be the one that all sockets are read into.

// The first block; small messages fit in.
const BYTES_MIN = 1024;
// How far ahead of the bytes a claim is believed.
const AHEAD = 4;

const NOTHING = Buffer.alloc(0);

export class PayloadCollector {
  #memory: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param expectedBytes what the message is said to have in the end; 0: unknown */
  append(piece: Uint8Array, expectedBytes = 0): void {
    const needed = this.#length + piece.length;
    if (needed > this.#memory.length) this.#grow(needed, expectedBytes);
    this.#memory.set(piece, this.#length);
    this.#length = needed;
  }

  /** All the bytes in order, and the collector is empty again. */
  take(): Buffer {
    const whole = this.#memory.subarray(0, this.#length);
    // What is handed out should not hold much more memory than it has bytes.
    const taken = whole.length * 2 < this.#memory.length ? copyOf(whole) : whole;
    this.#memory = NOTHING;
    this.#length = 0;
    return taken;
  }

  #grow(needed: number, expectedBytes: number): void {
    const believed = Math.min(expectedBytes, needed * AHEAD);
    const doubled = expectedBytes > needed ? 0 : this.#memory.length * 2;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, believed, doubled, BYTES_MIN));
    larger.set(this.#memory.subarray(0, this.#length));
    this.#memory = larger;
  }
}

/** Not out of Node's pool, which would be held with it. */
function copyOf(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
