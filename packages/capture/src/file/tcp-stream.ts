// Puts one direction of a TCP connection in order: segments that come twice or early, the ones that never come. Gives out
// bytes with their offsets; an offset that jumps ahead says that bytes are missing.

export interface OrderedBytes {
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly at: bigint;
  readonly isPushed: boolean;
  readonly comments: readonly string[];
}

/** Segments that wait for an earlier one; with more, the earlier one is given up. */
export const EARLY_SEGMENTS_MAX = 256;

export class TcpStream {
  /** Sequence number and offset of the byte that is expected. */
  #seq: number | undefined;
  #offset = 0;
  #early: OrderedBytes[] = [];
  #readableAt = 0n;

  /** `seq` is that of the first byte after a SYN. */
  begin(seq: number): void {
    this.#seq = seq >>> 0;
  }

  push(seq: number, segment: Omit<OrderedBytes, 'offset'>): OrderedBytes[] {
    this.#seq ??= seq;
    const offset = this.#offset + ((seq - this.#seq) | 0);
    this.#early.push({ ...segment, offset });
    this.#early.sort((a, b) => a.offset - b.offset);
    const ready = this.#take();
    if (this.#early.length <= EARLY_SEGMENTS_MAX) return ready;
    this.#giveUp();
    return [...ready, ...this.#take()];
  }

  /** What is left when nothing more comes: what is missing stays missing. */
  end(): OrderedBytes[] {
    const rest: OrderedBytes[] = [];
    while (this.#early.length > 0) {
      this.#giveUp();
      rest.push(...this.#take());
    }
    return rest;
  }

  #take(): OrderedBytes[] {
    const ready: OrderedBytes[] = [];
    for (let first = this.#early[0]; first && first.offset <= this.#offset; first = this.#early[0]) {
      this.#early.shift();
      const fresh = first.bytes.subarray(this.#offset - first.offset);
      if (fresh.length === 0) continue;
      // It can be read once all before it is there.
      if (first.at > this.#readableAt) this.#readableAt = first.at;
      ready.push({ ...first, bytes: fresh, offset: this.#offset, at: this.#readableAt });
      this.#advance(fresh.length);
    }
    return ready;
  }

  #giveUp(): void {
    const [first] = this.#early;
    if (first && first.offset > this.#offset) this.#advance(first.offset - this.#offset);
  }

  #advance(count: number): void {
    this.#offset += count;
    this.#seq = ((this.#seq ?? 0) + count) >>> 0;
  }
}
