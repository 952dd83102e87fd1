// Overwrites bytes of one record with `*`, and remembers which. The record's own bytes are left alone.

const STAR = 42;

export class Ink {
  readonly #bytes: Uint8Array;
  #copy: Uint8Array | undefined;
  readonly #ranges: (readonly [number, number])[] = [];

  /** `isLent`: the bytes will be changed by somebody else, so what comes out is a copy. */
  constructor(bytes: Uint8Array, { isLent = false }: { readonly isLent?: boolean } = {}) {
    this.#bytes = bytes;
    if (isLent) this.#copy = new Uint8Array(bytes);
  }

  /** `keyByte`: of the mask that the byte is under, so that `*` comes out when it is taken off. */
  hide(index: number, keyByte = 0): void {
    this.#copy ??= new Uint8Array(this.#bytes);
    this.#copy[index] = STAR ^ keyByte;
    const last = this.#ranges.at(-1);
    if (last && last[1] === index) this.#ranges[this.#ranges.length - 1] = [last[0], index + 1];
    else this.#ranges.push([index, index + 1]);
  }

  hideAll(from: number, to: number): void {
    for (let index = from; index < to; index++) this.hide(index);
  }

  get bytes(): Uint8Array {
    return this.#copy ?? this.#bytes;
  }

  /** Sorted and apart from each other, those that were hidden before included. */
  ranges(before: readonly (readonly [number, number])[] = []): readonly (readonly [number, number])[] {
    if (before.length === 0) return this.#ranges;
    const all = [...before, ...this.#ranges].sort(([a], [b]) => a - b);
    const joined: [number, number][] = [];
    for (const [from, to] of all) {
      const last = joined.at(-1);
      if (last && from <= last[1]) last[1] = Math.max(last[1], to);
      else joined.push([from, to]);
    }
    return joined;
  }
}
