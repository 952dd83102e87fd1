// Looks for secrets in compressed messages: inflates what comes as it comes, and says whether a piece brought a byte of one.
// Where it cannot inflate it cannot know, and says yes.
import { Inflate, Z_SYNC_FLUSH } from 'pako';
import type { DeflateAgreement } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';
import type { Direction } from '../record.ts';

/** What the sender leaves off at a message's end (RFC 7692 section 7.2.1). */
const TAIL = new Uint8Array([0, 0, 0xff, 0xff]);
const OUTPUT_CHUNK_BYTES = 16 * 1024;

export interface ByteScanner {
  next(byte: number): boolean;
}

export class CompressedScanner {
  readonly #isContextKept: boolean;
  #stream: ScannedInflate | undefined;
  #isLost: boolean;

  private constructor(options: { readonly isContextKept: boolean; readonly isLost: boolean }) {
    this.#isContextKept = options.isContextKept;
    this.#isLost = options.isLost;
  }

  /** Without an agreement nothing can be inflated. `isLate`: messages before are not known. */
  static of(deflate: DeflateAgreement | undefined, direction: Direction, isLate: boolean): CompressedScanner {
    const isReset = direction === 'in' ? deflate?.clientNoContextTakeover : deflate?.serverNoContextTakeover;
    const isContextKept = isReset !== true;
    return new CompressedScanner({ isContextKept, isLost: !deflate || (isLate && isContextKept) });
  }

  /** Bytes of a message were missed. */
  lose(): void {
    this.#isLost = true;
    this.#stream = undefined;
  }

  begin(scanner: ByteScanner): void {
    if (this.#isContextKept ? this.#isLost : false) return;
    if (!this.#isContextKept || this.#stream?.ended) this.#stream = undefined;
    this.#stream ??= new ScannedInflate();
    this.#stream.begin(scanner);
    if (!this.#isContextKept) this.#isLost = false;
  }

  isSecretIn(carried: Uint8Array): boolean {
    if (this.#isLost || !this.#stream) return true;
    const { isFine, isSecret } = this.#stream.scan(carried);
    if (!isFine) this.lose();
    return isSecret || !isFine;
  }

  end(): void {
    if (this.#stream && !this.#stream.scan(TAIL).isFine) this.lose();
  }
}

class ScannedInflate extends Inflate {
  #scanner: ByteScanner | undefined;
  #isSecret = false;
  #seen = 0;

  constructor() {
    super({ raw: true, chunkSize: OUTPUT_CHUNK_BYTES });
  }

  begin(scanner: ByteScanner): void {
    this.#scanner = scanner;
    this.#seen = 0;
  }

  scan(carried: Uint8Array): { readonly isFine: boolean; readonly isSecret: boolean } {
    this.#isSecret = false;
    try {
      // What comes after the end of a stream is not inflated, so it is not known.
      const isPast = this.ended && carried !== TAIL;
      return { isFine: this.push(carried, Z_SYNC_FLUSH) && !isPast, isSecret: this.#isSecret };
    } catch (error) {
      if (error instanceof RangeError) return { isFine: false, isSecret: true };
      throw error;
    }
  }

  override onData(chunk: Uint8Array): void {
    this.#seen += chunk.length;
    if (this.#seen > CAPTURE_LIMITS.inflatedBytesMax) throw new RangeError('inflates to too much');
    for (const byte of chunk) if (this.#scanner?.next(byte)) this.#isSecret = true;
  }

  override onEnd(): void {}
}
