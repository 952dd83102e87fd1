// Random bytes by small portions: the system's generator is asked for many at once, as each question costs more than its bytes.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 4096;

export class RandomPool {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #used = POOL_BYTES;

  /** At most 4096. Each byte is given once; what is given is valid until the next call. */
  take(count: number): Uint8Array {
    if (this.#used + count > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    this.#used += count;
    return this.#pool.subarray(this.#used - count, this.#used);
  }
}
