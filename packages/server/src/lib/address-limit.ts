// How many sockets one address may hold at once, over all gateways.

export class AddressLimit {
  readonly #max: number;
  readonly #held = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place; `undefined`: there is none. Otherwise the function that gives it back, once. */
  take(address: string): (() => void) | undefined {
    const held = this.#held.get(address) ?? 0;
    if (held >= this.#max) return undefined;
    this.#held.set(address, held + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#held.get(address) ?? 1) - 1;
      if (left > 0) this.#held.set(address, left);
      else this.#held.delete(address);
    };
  }

  isFull(address: string): boolean {
    return (this.#held.get(address) ?? 0) >= this.#max;
  }

  get max(): number {
    return this.#max;
  }
}
