// How many entries an answer may carry, by the bytes of their JSON. Both adapters of the log fill their pages with it.

export class PageBudget {
  readonly #bytesMax: number;
  /** The brackets of the array. */
  #bytes = 2;
  #count = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** May the entry come along, with what belongs to it? The first always may, or no reader would get past a long one. */
  takes(...parts: readonly unknown[]): boolean {
    const known = parts.filter((part) => part !== undefined);
    const commas = this.#count === 0 ? known.length - 1 : known.length;
    const jsonBytes = known.reduce<number>(
      (sum, part) => sum + Buffer.byteLength(JSON.stringify(part)),
      this.#bytes + commas,
    );
    if (this.#count > 0 && jsonBytes > this.#bytesMax) return false;
    this.#bytes = jsonBytes;
    this.#count += 1;
    return true;
  }
}
