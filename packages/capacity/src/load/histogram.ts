// Counts of times by their size, in steps of at most 1.6 %: millions of them in a few kilobytes, and those of several processes add
// up to exact quantiles of all. Pure. Microseconds in, milliseconds out.
import type { Quantiles } from '../report.ts';

const SUB_BITS = 6;
const SUB = 1 << SUB_BITS;
/** A little over an hour; what is longer counts as that. */
const MICROS_MAX = 2 ** 32 - 1;
const BUCKETS = (32 - SUB_BITS + 1) * SUB;

/** Pairs of bucket and count: what goes from process to process. */
export type PackedHistogram = readonly number[];

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;
  #maxMicros = 0;

  get total(): number {
    return this.#total;
  }

  add(micros: number): void {
    const value = micros < 0 ? 0 : micros > MICROS_MAX ? MICROS_MAX : micros;
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
    if (value > this.#maxMicros) this.#maxMicros = value;
  }

  /** Takes in what `pack` of another one said. */
  addPacked(packed: PackedHistogram): void {
    this.#maxMicros = Math.max(this.#maxMicros, packed[0] ?? 0);
    for (let at = 1; at < packed.length; at += 2) {
      const bucket = packed[at] ?? 0;
      const count = packed[at + 1] ?? 0;
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      this.#total += count;
    }
  }

  /** The largest, then pairs. */
  pack(): PackedHistogram {
    const packed = [this.#maxMicros];
    for (const [bucket, count] of this.#counts.entries()) if (count > 0) packed.push(bucket, count);
    return packed;
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
    this.#maxMicros = 0;
  }

  /** What this share of all is at or below, in milliseconds; 0 of none. */
  quantileMs(share: number): number {
    if (this.#total === 0) return 0;
    const wanted = Math.max(1, Math.ceil(this.#total * share));
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (seen >= wanted) return Math.min(middleOf(bucket), this.#maxMicros) / 1e3;
    }
    return this.#maxMicros / 1e3;
  }

  quantiles(): Quantiles {
    return {
      p50: this.quantileMs(0.5),
      p95: this.quantileMs(0.95),
      p99: this.quantileMs(0.99),
      max: this.#maxMicros / 1e3,
    };
  }
}

/** Below 64 each microsecond has its own; from there on 64 buckets to each doubling. */
function bucketOf(micros: number): number {
  const whole = Math.floor(micros);
  if (whole < SUB) return whole;
  const shift = 31 - Math.clz32(whole) - SUB_BITS;
  return (shift + 1) * SUB + ((whole >>> shift) - SUB);
}

function middleOf(bucket: number): number {
  if (bucket < SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  const start = (SUB + (bucket % SUB)) * 2 ** shift;
  return start + (2 ** shift - 1) / 2;
}
