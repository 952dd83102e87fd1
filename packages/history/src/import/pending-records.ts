// Records that were found before their time: an edit stands with its message in an export, but happened later. They wait here
// until the records have come as far. A heap by time; what is of one time keeps its order.
import type { ImportRecord } from './import-record.ts';

interface Pending {
  readonly atMs: number;
  readonly order: number;
  readonly record: ImportRecord;
}

export class PendingRecords {
  readonly #heap: Pending[] = [];
  #count = 0;

  add(record: ImportRecord, atMs: number): void {
    this.#count += 1;
    this.#heap.push({ atMs, order: this.#count, record });
    for (let at = this.#heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Those whose time has come, in order. */
  *until(atMs: number): Generator<ImportRecord> {
    for (let first = this.#heap[0]; first !== undefined && first.atMs <= atMs; first = this.#heap[0]) {
      this.#removeFirst();
      yield first.record;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      const child = right < this.#heap.length && this.#isBefore(right, left) ? right : left;
      if (child >= this.#heap.length || !this.#isBefore(child, at)) return;
      this.#swap(child, at);
      at = child;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}
