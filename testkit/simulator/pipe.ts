// One direction of a connection: what goes in comes out later, in the same order, as long as the way is open.
import type { SimulatedTime } from './time.ts';

interface PipeParts<Item> {
  readonly time: SimulatedTime;
  readonly latencyMs: () => number;
  /** May something come out now? After a change, `pump` has to be called. */
  readonly isOpen: () => boolean;
  readonly take: (item: Item) => void;
}

export class Pipe<Item> {
  readonly #parts: PipeParts<Item>;
  readonly #items: { readonly item: Item; readonly due: number }[] = [];
  #lastDue = 0;
  #isPlanned = false;

  constructor(parts: PipeParts<Item>) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#items.length;
  }

  put(item: Item): void {
    const { time, latencyMs } = this.#parts;
    this.#lastDue = Math.max(this.#lastDue, time.now + latencyMs());
    this.#items.push({ item, due: this.#lastDue });
    this.pump();
  }

  /** What is under way behind the first `kept` never arrives. */
  cutAfter(kept: number): void {
    this.#items.splice(kept);
  }

  pump(): void {
    const [first] = this.#items;
    const { time, isOpen, take } = this.#parts;
    if (this.#isPlanned || first === undefined || !isOpen()) return;
    this.#isPlanned = true;
    time.after(first.due - time.now, () => {
      this.#isPlanned = false;
      if (!isOpen()) return;
      const next = this.#items.shift();
      if (next !== undefined) take(next.item);
      this.pump();
    });
  }
}
