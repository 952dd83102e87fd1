// Reads raw DEFLATE (RFC 1951) far enough to tell how far it looks back, by code of its own: zlib itself lets distances
// pass that are beyond the agreed window. For tests only.

const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FIXED_LITERALS = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
const FIXED_DISTANCES = Array.from({ length: 30 }, () => 5);

/** The longest distance in a run of blocks without a last one. */
export function farthestDistance(bytes: Buffer): number {
  const reader = new BitReader(bytes);
  let farthest = 0;
  while (reader.hasMore) {
    reader.bits(1);
    const type = reader.bits(2);
    if (type === 0) reader.skipStored();
    else if (type === 1) farthest = Math.max(farthest, readBlock(reader, FIXED_LITERALS, FIXED_DISTANCES));
    else farthest = Math.max(farthest, readBlock(reader, ...readCodeLengths(reader)));
  }
  return farthest;
}

class BitReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length * 8;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      const byte = this.#bytes[this.#at >>> 3];
      if (byte === undefined) throw new Error('the data ends inside a block');
      value |= ((byte >>> (this.#at & 7)) & 1) << i;
    }
    return value;
  }

  skipStored(): void {
    this.#at = (this.#at + 7) & ~7;
    const length = this.bits(16);
    if ((length ^ this.bits(16)) !== 0xffff) throw new Error('a stored block has a wrong length');
    this.#at += length * 8;
  }
}

/** A canonical prefix code: reads the next symbol. */
type Code = (reader: BitReader) => number;

function codeOf(lengths: readonly number[]): Code {
  const symbols = new Map<string, number>();
  let code = 0;
  for (let length = 1; length <= 15; length++) {
    code *= 2;
    lengths.forEach((given, symbol) => {
      if (given === length) symbols.set(`${length} ${code++}`, symbol);
    });
  }
  return (reader) => {
    let read = 0;
    for (let length = 1; length <= 15; length++) {
      read = read * 2 + reader.bits(1);
      const symbol = symbols.get(`${length} ${read}`);
      if (symbol !== undefined) return symbol;
    }
    throw new Error('no such code');
  };
}

function readCodeLengths(reader: BitReader): [number[], number[]] {
  const literals = reader.bits(5) + 257;
  const distances = reader.bits(5) + 1;
  const orderLengths = Array.from({ length: 19 }, () => 0);
  const given = reader.bits(4) + 4;
  for (const symbol of CODE_LENGTH_ORDER.slice(0, given)) orderLengths[symbol] = reader.bits(3);
  const code = codeOf(orderLengths);
  const lengths: number[] = [];
  while (lengths.length < literals + distances) {
    const symbol = code(reader);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) repeat(lengths, lengths.at(-1) ?? 0, reader.bits(2) + 3);
    else if (symbol === 17) repeat(lengths, 0, reader.bits(3) + 3);
    else repeat(lengths, 0, reader.bits(7) + 11);
  }
  return [lengths.slice(0, literals), lengths.slice(literals)];
}

function repeat(lengths: number[], value: number, times: number): void {
  for (let i = 0; i < times; i++) lengths.push(value);
}

function readBlock(
  reader: BitReader,
  literalLengths: readonly number[],
  distanceLengths: readonly number[],
): number {
  const literals = codeOf(literalLengths);
  const distances = codeOf(distanceLengths);
  let farthest = 0;
  for (let symbol = literals(reader); symbol !== 256; symbol = literals(reader)) {
    if (symbol < 256) continue;
    reader.bits(LENGTH_EXTRA[symbol - 257] ?? 0);
    farthest = Math.max(farthest, readDistance(reader, distances(reader)));
  }
  return farthest;
}

function readDistance(reader: BitReader, symbol: number): number {
  if (symbol < 4) return symbol + 1;
  const extra = (symbol >>> 1) - 1;
  return ((2 + (symbol & 1)) << extra) + reader.bits(extra) + 1;
}
