// Inflates the messages of one direction (RFC 7692): the context of earlier messages kept or not, as was agreed on.
// Bounded: more than is kept is inflated for the context's sake and thrown away, and past another limit not at all.
import { Inflate, Z_SYNC_FLUSH } from 'pako';
import { concat } from '../bytes.ts';
import type { Remark, WireFault } from '../decoded.ts';
import { fault } from '../explain/fault-text.ts';
import { remark } from '../explain/remark-text.ts';
import { CAPTURE_LIMITS } from '../limits.ts';

/** What the sender leaves off at a message's end (section 7.2.1). */
const TAIL = new Uint8Array([0, 0, 0xff, 0xff]);
const OUTPUT_CHUNK_BYTES = 16 * 1024;

export interface Inflated {
  readonly data: Uint8Array;
  readonly isWhole: boolean;
  readonly faults: readonly WireFault[];
  readonly remarks: readonly Remark[];
}

/** Thrown through the library: it has no other way to stop. */
class OutputLimit extends Error {}

export class Inflater {
  readonly #isContextKept: boolean;
  #stream: MeteredInflate | undefined;
  #isContextLost = false;

  constructor(options: { readonly isContextKept: boolean }) {
    this.#isContextKept = options.isContextKept;
  }

  /** Bytes of a compressed message were missed: whatever refers to them cannot be read. */
  loseContext(): void {
    this.#stream = undefined;
    this.#isContextLost = this.#isContextKept;
  }

  /** `carried` is a whole message. */
  inflate(carried: Uint8Array): Inflated {
    if (this.#isContextLost)
      return { data: carried, isWhole: false, faults: [], remarks: [remark('context-lost')] };
    const stream = (this.#isContextKept ? this.#stream : undefined) ?? new MeteredInflate();
    this.#stream = stream;
    const result = stream.message(carried);
    if (result.isBroken) this.loseContext();
    // A block marked as the last one ends the stream; the next message begins a new one (section 7.2.3.4).
    else if (stream.ended) this.#stream = undefined;
    return result;
  }
}

class MeteredInflate extends Inflate {
  #pieces: Uint8Array[] = [];
  #kept = 0;
  #seen = 0;

  constructor() {
    super({ raw: true, chunkSize: OUTPUT_CHUNK_BYTES });
  }

  message(carried: Uint8Array): Inflated & { readonly isBroken: boolean } {
    this.#pieces = [];
    this.#kept = 0;
    this.#seen = 0;
    const error = this.#run(carried);
    const isWhole = error === undefined && this.#seen === this.#kept;
    const data = concat(this.#pieces);
    this.#pieces = [];
    return {
      data,
      isWhole,
      isBroken: error !== undefined,
      faults: typeof error === 'string' ? [fault('inflate-failed', { why: error })] : [],
      remarks: this.#seen > this.#kept ? [remark('inflated-too-large')] : [],
    };
  }

  /** Undefined: it went well. */
  #run(carried: Uint8Array): string | OutputLimit | undefined {
    try {
      const isFine = this.push(concat([carried, TAIL]), Z_SYNC_FLUSH);
      return isFine ? undefined : this.msg || 'the data are damaged';
    } catch (error) {
      if (error instanceof OutputLimit) return error;
      throw error;
    }
  }

  override onData(chunk: Uint8Array): void {
    this.#seen += chunk.length;
    const room = CAPTURE_LIMITS.messageBytesMax - this.#kept;
    if (room > 0) {
      const kept = chunk.slice(0, room);
      this.#pieces.push(kept);
      this.#kept += kept.length;
    }
    if (this.#seen > CAPTURE_LIMITS.inflatedBytesMax) throw new OutputLimit('too much');
  }

  override onEnd(): void {}
}
