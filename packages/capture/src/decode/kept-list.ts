// A list that grows at its end and lets go of its oldest items past a limit of their number or their bytes. What it gives
// out is never changed afterwards.
import { CAPTURE_LIMITS } from '../limits.ts';

/** Room is made for this part of the limit at once, so that a full list is not copied for every item. */
const FORGOTTEN_AT_ONCE = 0.1;

export class KeptList<T> {
  readonly #itemsMax: number;
  readonly #bytesOf: (item: T) => number;
  #items: T[] = [];
  #bytes = 0;
  #forgotten = 0;
  #given: readonly T[] | undefined;

  constructor(itemsMax: number, bytesOf: (item: T) => number) {
    this.#itemsMax = itemsMax;
    this.#bytesOf = bytesOf;
  }

  add(item: T): void {
    this.#given = undefined;
    this.#items.push(item);
    this.#bytes += this.#bytesOf(item);
    if (this.#items.length > this.#itemsMax) this.#forget(Math.ceil(this.#itemsMax * FORGOTTEN_AT_ONCE), 0);
    if (this.#bytes > CAPTURE_LIMITS.keptBytesMax)
      this.#forget(0, CAPTURE_LIMITS.keptBytesMax * FORGOTTEN_AT_ONCE);
  }

  /** The same array until something is added. */
  get items(): readonly T[] {
    this.#given ??= this.#items.slice();
    return this.#given;
  }

  get forgotten(): number {
    return this.#forgotten;
  }

  /** Those that were let go of included. */
  get total(): number {
    return this.#forgotten + this.#items.length;
  }

  /** The oldest: at least so many, and so many bytes; the newest stays. */
  #forget(count: number, bytes: number): void {
    let items = 0;
    let freed = 0;
    while (items < this.#items.length - 1 && (items < count || freed < bytes)) {
      const item = this.#items[items++];
      if (item !== undefined) freed += this.#bytesOf(item);
    }
    this.#items = this.#items.slice(items);
    this.#bytes -= freed;
    this.#forgotten += items;
  }
}
