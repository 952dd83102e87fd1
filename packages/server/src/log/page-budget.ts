// How many entries an answer may carry, by the bytes of their JSON. Both adapters of the log fill their pages with it.
import type { Entry } from '@wireroom/protocol';

export class PageBudget {
  readonly #bytesMax: number;
  /** The brackets of the array. */
  #bytes = 2;
  #count = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** May the entry come along? The first always may, or no reader would get past a long one. */
  takes(entry: Entry): boolean {
    const comma = this.#count === 0 ? 0 : 1;
    const bytes = this.#bytes + comma + Buffer.byteLength(JSON.stringify(entry));
    if (this.#count > 0 && bytes > this.#bytesMax) return false;
    this.#bytes = bytes;
    this.#count += 1;
    return true;
  }
}
