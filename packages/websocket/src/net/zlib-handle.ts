// zlib's stream objects driven by hand, in one synchronous call per message. This needs two properties that Node does not
// document (`_handle.writeSync` and `_writeState`, as Node's own *Sync functions use them), so they are tried out before
// they are relied on; zlib-history.ts does the same work by documented functions.
import zlib from 'node:zlib';
import { InflationMeter } from '../core/inflation-meter.ts';
import { WireError } from '../core/wire-error.ts';
import type { DeflaterSettings, RawDeflater, RawInflater } from './raw-deflate.ts';

/** What every flush ends with, and what the sender of a message leaves out (RFC 7692 section 7.2.1). */
export const FLUSH_TAIL: Buffer = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/** The type of the first block is one that does not exist. */
const NOT_DEFLATE = Buffer.from([0xff]);
const { Z_SYNC_FLUSH } = zlib.constants;
// The streams' own output buffer is never used: as small as zlib allows.
const CHUNK_BYTES_MIN = 64;
const OUTPUT_BYTES = 64 * 1024;
// Blocks marked as last are legal but nobody needs more than one; each costs a reset.
const LAST_BLOCKS_MAX = 16;
/** Where all streams write to; what comes out is copied from here, or the whole block is given away. */
let output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);

interface SyncHandle {
  /** Results go to the write state. */
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputBytes: number,
    output: Uint8Array,
    outputAt: number,
    outputBytes: number,
  ): void;
  onerror: unknown;
}

interface HandleParts {
  readonly handle: SyncHandle;
  /** Bytes of output left, bytes of input left. */
  readonly state: Uint32Array;
}

class SyncStream {
  readonly #stream: zlib.DeflateRaw | zlib.InflateRaw;
  readonly #parts: HandleParts;
  #error: string | undefined;

  constructor(stream: zlib.DeflateRaw | zlib.InflateRaw) {
    const parts = partsOf(stream);
    if (parts === undefined) throw new Error('this Node has no synchronous zlib handle');
    this.#stream = stream;
    this.#parts = parts;
    parts.handle.onerror = (message: unknown): void => {
      this.#error = String(message);
    };
  }

  get error(): string | undefined {
    return this.#error;
  }

  /** Bytes of the last write's input that were not used up. */
  get inputLeft(): number {
    return this.#parts.state[1] ?? 0;
  }

  /** Writes as much as the output block takes; returns how much of the block is filled. */
  write(input: Uint8Array, inputAt: number): number {
    const { handle, state } = this.#parts;
    handle.writeSync(Z_SYNC_FLUSH, input, inputAt, input.length - inputAt, output, 0, OUTPUT_BYTES);
    return this.#error === undefined ? OUTPUT_BYTES - (state[0] ?? 0) : 0;
  }

  reset(): void {
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }
}

export class HandleDeflater implements RawDeflater {
  readonly #stream: SyncStream;

  constructor({ windowBits, level, memLevel }: DeflaterSettings) {
    // A window of 9 bits looks back 250 bytes at most, because zlib keeps 262 in reserve: that is a window of 8 bits,
    // which zlib has no other way to make.
    const options = { windowBits: Math.max(9, windowBits), level, memLevel, chunkSize: CHUNK_BYTES_MIN };
    this.#stream = new SyncStream(zlib.createDeflateRaw(options));
  }

  deflate(data: Uint8Array): Buffer {
    const blocks: Buffer[] = [];
    let filled = this.#write(data, 0);
    while (filled === OUTPUT_BYTES) {
      blocks.push(takeFullOutput());
      filled = this.#write(data, data.length - this.#stream.inputLeft);
    }
    if (blocks.length === 0) return Buffer.from(output.subarray(0, filled - FLUSH_TAIL.length));
    blocks.push(output.subarray(0, filled));
    const whole = Buffer.concat(blocks);
    return whole.subarray(0, whole.length - FLUSH_TAIL.length);
  }

  reset(): void {
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }

  #write(data: Uint8Array, at: number): number {
    const filled = this.#stream.write(data, at);
    if (this.#stream.error !== undefined) throw new Error(`zlib could not deflate: ${this.#stream.error}`);
    return filled;
  }
}

export class HandleInflater implements RawInflater {
  readonly #stream: SyncStream;
  // Of the message that is coming.
  #lastBlocks = 0;

  constructor(windowBits: number) {
    this.#stream = new SyncStream(zlib.createInflateRaw({ windowBits, chunkSize: CHUNK_BYTES_MIN }));
  }

  inflate(piece: Buffer, isEnd: boolean, meter: InflationMeter, take: (block: Buffer) => void): void {
    if (piece.length > 0) this.#inflate(piece, meter, take);
    if (!isEnd) return;
    this.#inflate(FLUSH_TAIL, meter, take);
    this.#lastBlocks = 0;
  }

  reset(): void {
    this.#lastBlocks = 0;
    this.#stream.reset();
  }

  close(): void {
    this.#stream.close();
  }

  #inflate(input: Buffer, meter: InflationMeter, take: (block: Buffer) => void): void {
    let at = 0;
    for (;;) {
      const filled = this.#stream.write(input, at);
      if (this.#stream.error !== undefined) {
        throw new WireError('deflate-data-invalid', `The message is not DEFLATE: ${this.#stream.error}.`);
      }
      if (filled > 0) {
        meter.grew(filled);
        take(filled === OUTPUT_BYTES ? takeFullOutput() : Buffer.from(output.subarray(0, filled)));
      }
      at = input.length - this.#stream.inputLeft;
      if (filled === OUTPUT_BYTES) continue;
      if (at === input.length) return;
      // Room for output and input left: a block was marked as the last one (section 7.2.3.4). What follows begins anew.
      this.#stream.reset();
      if (input === FLUSH_TAIL) return;
      this.#lastBlocks += 1;
      if (this.#lastBlocks > LAST_BLOCKS_MAX)
        throw new WireError(
          'deflate-data-invalid',
          'Too many blocks of the message are marked as the last one.',
        );
    }
  }
}

function takeFullOutput(): Buffer {
  const full = output;
  output = Buffer.allocUnsafeSlow(OUTPUT_BYTES);
  return full;
}

function partsOf(stream: object): HandleParts | undefined {
  if (!('_handle' in stream) || !('_writeState' in stream)) return undefined;
  const { _handle: handle, _writeState: state } = stream;
  return isSyncHandle(handle) && state instanceof Uint32Array ? { handle, state } : undefined;
}

function isSyncHandle(value: unknown): value is SyncHandle {
  return (
    typeof value === 'object' &&
    value !== null &&
    'writeSync' in value &&
    typeof value.writeSync === 'function' &&
    'onerror' in value
  );
}

/** Whether this Node's zlib does what this file takes for granted: history, resetting, errors. Tried, not guessed. */
export function canUseZlibHandle(): boolean {
  try {
    return rehearse();
  } catch {
    return false;
  }
}

function rehearse(): boolean {
  const text = Buffer.from('one message, and the same message once more');
  const deflater = new HandleDeflater({ windowBits: 15, level: 6, memLevel: 8 });
  const inflater = new HandleInflater(15);
  const meter = new InflationMeter(0);
  meter.begin(1024);
  const inflated: string[] = [];
  const messages = [deflater.deflate(text), deflater.deflate(text)];
  deflater.reset();
  messages.push(deflater.deflate(text));
  for (const message of messages)
    inflater.inflate(message, true, meter, (block) => inflated.push(String(block)));
  let hasNoticed = false;
  try {
    inflater.inflate(NOT_DEFLATE, true, meter, () => undefined);
  } catch (error) {
    hasNoticed = error instanceof WireError;
  }
  deflater.close();
  inflater.close();
  const [first, second, third] = messages.map(({ length }) => length);
  const hasHistory = second !== undefined && first !== undefined && second < first && first === third;
  return hasNoticed && hasHistory && inflated.join() === `${text},${text},${text}`;
}
