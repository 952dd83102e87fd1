// Compression on the tester's side, exactly as agreed on: the history is forgotten where no takeover was agreed, and a
// reference beyond the agreed window is an error. node:zlib's documented one-shot functions, the history as a dictionary.
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
/** Node's smallest. zlib looks at distances only where they leave the piece of output at hand, so it must be small. */
const STRICT_OUTPUT_BYTES = 64;
const OUTPUT_BYTES = 16 * 1024;
const INFLATED_BYTES_MAX = 256 * 1024 * 1024;

/** One direction. */
export interface Direction {
  readonly keepsHistory: boolean;
  /** 8 to 15. */
  readonly windowBits: number;
}

export interface Agreement {
  readonly server: Direction;
  readonly client: Direction;
}

/** What an end may still refer to: the last bytes of what it sent. */
class History {
  readonly #direction: Direction;
  #bytes = Buffer.alloc(0);

  constructor(direction: Direction) {
    this.#direction = direction;
  }

  get dictionary(): { dictionary?: Buffer } {
    return this.#bytes.length === 0 ? {} : { dictionary: this.#bytes };
  }

  add(data: Buffer): void {
    if (!this.#direction.keepsHistory) return;
    const size = 1 << this.#direction.windowBits;
    const kept = data.length >= size ? data : Buffer.concat([this.#bytes, data]);
    this.#bytes = Buffer.from(kept.subarray(-size));
  }
}

export class DeflateReader {
  readonly #windowBits: number;
  readonly #history: History;

  constructor(direction: Direction) {
    this.#windowBits = direction.windowBits;
    this.#history = new History(direction);
  }

  /** Throws for what is not DEFLATE and for what looks further back than agreed on. */
  inflate(payload: Buffer): Buffer {
    const data = inflateRawSync(Buffer.concat([payload, TAIL]), {
      windowBits: this.#windowBits,
      chunkSize: this.#windowBits < 15 ? STRICT_OUTPUT_BYTES : OUTPUT_BYTES,
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: INFLATED_BYTES_MAX,
      ...this.#history.dictionary,
    });
    this.#history.add(data);
    return data;
  }
}

export class DeflateWriter {
  readonly #windowBits: number;
  readonly #history: History;

  constructor(direction: Direction) {
    // zlib cannot write a raw stream with a window of 8 bits; tests that agree on one send stored blocks.
    this.#windowBits = direction.windowBits;
    this.#history = new History(direction);
  }

  deflate(data: Buffer): Buffer {
    const level = this.#windowBits === 8 ? 0 : 1;
    const deflated = deflateRawSync(data, {
      windowBits: Math.max(9, this.#windowBits),
      level,
      finishFlush: constants.Z_SYNC_FLUSH,
      ...(level === 0 ? {} : this.#history.dictionary),
    });
    this.#history.add(data);
    return deflated.subarray(0, -TAIL.length);
  }
}
