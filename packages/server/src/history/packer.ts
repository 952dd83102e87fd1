// Packs the pieces of a download for the way: as they are, gzip or brotli. What was packed can be unpacked up to the last piece
// that arrived. It runs in the download thread, and on it: gzip is made without the thread pool, whose threads are not ours to slow.
import { once } from 'node:events';
import { constants, crc32, createBrotliCompress, deflateRawSync } from 'node:zlib';
import type { GzipTotals, Packing } from './render-order.ts';

export interface Packer {
  /** Nothing follows what is packed with `isLast`. */
  pack(piece: Uint8Array, isLast: boolean): Promise<Uint8Array>;
  readonly gzip: GzipTotals | undefined;
  /** Nothing more will be packed. */
  drop(): void;
}

export function packerFor({ encoding, gzip }: Packing): Packer {
  switch (encoding) {
    case 'identity':
      return { pack: async (piece) => piece, gzip: undefined, drop: () => {} };
    case 'gzip':
      return new GzipPacker(gzip);
    case 'br':
      return brotliPacker();
  }
}

/** RFC 1952, section 2.3: no name, no time, system unknown. */
const GZIP_HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** RFC 1951, section 3.2.6: the last block, with fixed codes, and nothing in it. */
const LAST_BLOCK = Uint8Array.of(0x03, 0x00);

/**
 * Each piece is deflated by itself and flushed to a whole byte, so that pieces stand behind one another in one stream, and
 * nothing but two numbers is kept between them.
 */
class GzipPacker implements Packer {
  #totals: GzipTotals;
  #isBegun: boolean;

  constructor(totals: GzipTotals | undefined) {
    this.#totals = totals ?? { crc: 0, bytes: 0 };
    this.#isBegun = totals !== undefined;
  }

  get gzip(): GzipTotals {
    return this.#totals;
  }

  async pack(piece: Uint8Array, isLast: boolean): Promise<Uint8Array> {
    const { crc, bytes } = this.#totals;
    this.#totals = { crc: crc32(piece, crc), bytes: bytes + piece.byteLength };
    const parts: Uint8Array[] = this.#isBegun ? [] : [GZIP_HEADER];
    this.#isBegun = true;
    if (piece.byteLength > 0)
      parts.push(deflateRawSync(piece, { level: GZIP_LEVEL, finishFlush: constants.Z_SYNC_FLUSH }));
    if (isLast) parts.push(LAST_BLOCK, this.#trailer());
    return Buffer.concat(parts);
  }

  drop(): void {}

  #trailer(): Uint8Array {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#totals.crc >>> 0, 0);
    trailer.writeUInt32LE(this.#totals.bytes % 2 ** 32, 4);
    return trailer;
  }
}

/** Much of what the best level saves, in a small part of its time. */
const GZIP_LEVEL = 3;
const BROTLI_QUALITY = 3;
/** 256 KiB: what each running download costs in memory. */
const BROTLI_WINDOW_BITS = 18;

function brotliPacker(): Packer {
  const stream = createBrotliCompress({
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    },
  });
  let packed: Uint8Array[] = [];
  stream.on('data', (bytes: Uint8Array) => packed.push(bytes));
  return {
    gzip: undefined,
    async pack(piece, isLast) {
      if (isLast) {
        stream.end(piece);
        await once(stream, 'end');
      } else {
        stream.write(piece);
        await new Promise<void>((resolve) => stream.flush(resolve));
      }
      const bytes = Buffer.concat(packed);
      packed = [];
      return bytes;
    },
    drop: () => void stream.destroy(),
  };
}
