// The same work as in zlib-handle.ts by documented functions only: every message is deflated or inflated by itself, with
// what was said before as its dictionary. Slower, and a message is inflated when it is complete; for a Node whose zlib
// has no handle that can be driven by hand.
import { constants } from 'node:buffer';
import { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { InflationMeter } from '../core/inflation-meter.ts';
import { PayloadCollector } from '../core/payload-collector.ts';
import { WireError } from '../core/wire-error.ts';
import type { DeflaterSettings, RawDeflater, RawInflater } from './raw-deflate.ts';
import { FLUSH_TAIL } from './zlib-handle.ts';

const { Z_SYNC_FLUSH } = zlib.constants;
const LAST_BLOCKS_MAX = 16;

interface Inflated {
  readonly block: Buffer;
  /** How much of the input was read: less than all of it after a block that is marked as the last one. */
  readonly usedBytes: number;
}

/** With the option `info` zlib's answer has another shape than its types say. */
function inflated(answer: unknown): Inflated {
  if (typeof answer !== 'object' || answer === null || !('buffer' in answer) || !('engine' in answer))
    throw new Error('zlib gave no information');
  const { buffer, engine } = answer;
  if (!Buffer.isBuffer(buffer) || !(engine instanceof Transform) || !('bytesWritten' in engine))
    throw new Error('zlib gave no information');
  return { block: buffer, usedBytes: Number(engine.bytesWritten) };
}

/** The last bytes of what went through, as many as a window reaches back. */
class History {
  readonly #bytesMax: number;
  #bytes = Buffer.alloc(0);

  constructor(windowBits: number) {
    this.#bytesMax = 2 ** windowBits;
  }

  get options(): { readonly dictionary?: Buffer } {
    return this.#bytes.length === 0 ? {} : { dictionary: this.#bytes };
  }

  add(bytes: Uint8Array): void {
    const isEnough = bytes.length >= this.#bytesMax;
    const all = isEnough ? Buffer.from(bytes) : Buffer.concat([this.#bytes, bytes]);
    this.#bytes = Buffer.from(all.subarray(Math.max(0, all.length - this.#bytesMax)));
  }

  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }
}

export class HistoryDeflater implements RawDeflater {
  readonly #options: zlib.ZlibOptions;
  readonly #history: History;

  constructor({ windowBits, level, memLevel }: DeflaterSettings) {
    const zlibBits = Math.max(9, windowBits);
    this.#options = { windowBits: zlibBits, level, memLevel, finishFlush: Z_SYNC_FLUSH };
    this.#history = new History(zlibBits);
  }

  deflate(data: Uint8Array): Buffer {
    const deflated = zlib.deflateRawSync(data, { ...this.#options, ...this.#history.options });
    this.#history.add(data);
    return deflated.subarray(0, deflated.length - FLUSH_TAIL.length);
  }

  reset(): void {
    this.#history.clear();
  }

  close(): void {
    this.#history.clear();
  }
}

export class HistoryInflater implements RawInflater {
  readonly #windowBits: number;
  readonly #history: History;
  readonly #compressed = new PayloadCollector();

  constructor(windowBits: number) {
    this.#windowBits = windowBits;
    this.#history = new History(windowBits);
  }

  inflate(piece: Buffer, isEnd: boolean, meter: InflationMeter, take: (block: Buffer) => void): void {
    if (piece.length > 0) this.#compressed.append(piece);
    if (!isEnd) return;
    this.#compressed.append(FLUSH_TAIL);
    let compressed = this.#compressed.take();
    // More than once only when a block is marked as the last one and others follow it (section 7.2.3.4).
    for (let pieces = 0; compressed.length > 0; pieces++) {
      if (pieces > LAST_BLOCKS_MAX) throw new WireError('deflate-data-invalid');
      const { block, usedBytes } = this.#inflate(compressed, meter);
      meter.grew(block.length);
      this.#history.add(block);
      if (block.length > 0) take(block);
      const rest = compressed.subarray(usedBytes);
      // The tail alone is left where the sender marked a block as the last one and added nothing to it.
      if (usedBytes === 0 || rest.equals(FLUSH_TAIL)) return;
      compressed = rest;
    }
  }

  reset(): void {
    this.#history.clear();
    this.#compressed.take();
  }

  close(): void {
    this.reset();
  }

  #inflate(compressed: Buffer, meter: InflationMeter): Inflated {
    // One byte of room at least: zlib takes no 0, and the meter is asked afterwards anyway.
    const maxOutputLength = Math.min(Math.max(1, meter.roomBytes), constants.MAX_LENGTH);
    const options = { windowBits: this.#windowBits, finishFlush: Z_SYNC_FLUSH, maxOutputLength, info: true };
    try {
      return inflated(zlib.inflateRawSync(compressed, { ...options, ...this.#history.options }));
    } catch (cause) {
      if (cause instanceof RangeError) meter.grew(meter.roomBytes + 1);
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new WireError('deflate-data-invalid', `The message is not DEFLATE: ${why}.`, { cause });
    }
  }
}
