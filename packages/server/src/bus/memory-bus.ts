// The bus of a single process: hints go straight to the listeners.
import type { Bus, Hint } from './bus.ts';

export class MemoryBus implements Bus {
  readonly #listeners = new Set<(hint: Hint) => void>();

  publish(hint: Hint): void {
    for (const listener of this.#listeners) listener(hint);
  }

  subscribe(listener: (hint: Hint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
