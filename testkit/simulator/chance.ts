// Chance out of one number: the same seed gives the same draws on every machine. Each part of the world has a stream of its
// own, forked by name, so that what one part draws does not shift what the others get.

export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A stream that depends on this one's seed and the name, and on nothing drawn so far by others. */
  fork(name: string): Chance {
    let hash = this.#state ^ 0x9e3779b9;
    for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    const forked = new Chance(hash);
    forked.fraction();
    return forked;
  }

  /** 0 <= fraction < 1. */
  fraction(): number {
    // Mulberry32: small, fast, and good enough to choose faults by.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** A whole number, both ends included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.fraction() * (max - min + 1));
  }

  /** Mostly short, now and then long: evenly spread over the orders of magnitude between the ends. */
  span(min: number, max: number): number {
    return Math.round(min * (max / min) ** this.fraction());
  }

  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.between(0, choices.length - 1)];
    if (picked === undefined) throw new RangeError('There is nothing to pick from.');
    return picked;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.between(0, 255));
  }
}
