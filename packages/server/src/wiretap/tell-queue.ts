// Records that wait to be told to one watcher. Bounded in bytes: past the bound the oldest go, and a `dropped` record stands in
// their place. Pure; watcher.ts adds to it and takes from it. All watchers' queues share one budget.
import type { CaptureRecord, DroppedRecord } from '@wireroom/capture';
import { sizeOf, withDropped } from './record-ring.ts';

export interface Telling {
  readonly connectionId: string;
  readonly records: readonly CaptureRecord[];
}

interface Waiting {
  readonly connectionId: string;
  readonly record: CaptureRecord;
}

/** What waits for all watchers together. */
export class TellingBudget {
  readonly #bytesMax: number;
  #bytes = 0;
  #queues = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What one queue may hold now. */
  get share(): number {
    return this.#bytes > this.#bytesMax ? this.#bytesMax / this.#queues : Number.POSITIVE_INFINITY;
  }

  join(): void {
    this.#queues += 1;
  }

  leave(): void {
    this.#queues -= 1;
  }

  grew(change: number): void {
    this.#bytes += change;
  }
}

/** In the place of what has left, so that it takes no memory. */
const GONE: Waiting = { connectionId: '', record: { kind: 'dropped', at: 0, records: 0, bytes: 0 } };

export class TellQueue {
  readonly #bytesMax: number;
  readonly #budget: TellingBudget;
  #waiting: Waiting[] = [];
  #first = 0;
  #bytes = 0;
  readonly #dropped = new Map<string, DroppedRecord>();

  constructor(bytesMax: number, budget = new TellingBudget(Number.POSITIVE_INFINITY)) {
    this.#bytesMax = bytesMax;
    this.#budget = budget;
    budget.join();
  }

  /** Nothing is told any more. */
  end(): void {
    this.#grew(-this.#bytes);
    this.#waiting = [];
    this.#first = 0;
    this.#dropped.clear();
    this.#budget.leave();
  }

  get isEmpty(): boolean {
    return this.#first === this.#waiting.length && this.#dropped.size === 0;
  }

  add(connectionId: string, record: CaptureRecord): void {
    this.#waiting.push({ connectionId, record });
    this.#grew(sizeOf(record));
    while (this.#isFull() && this.#waiting.length - this.#first > 1) this.#dropOldest();
  }

  /** Nothing more of this connection is to be told. */
  forget(connectionId: string): void {
    const kept = this.#waiting.slice(this.#first).filter((waiting) => waiting.connectionId !== connectionId);
    this.#waiting = kept;
    this.#first = 0;
    this.#grew(kept.reduce((sum, { record }) => sum + sizeOf(record), 0) - this.#bytes);
    this.#dropped.delete(connectionId);
  }

  /** The next ones, of one connection, in the order in which they came: as many as stay within `bytesMax`, and one at least. */
  take(bytesMax: number): Telling | undefined {
    const first = this.#waiting[this.#first];
    if (first === undefined) return this.#takeDropped();
    const { connectionId } = first;
    const dropped = this.#dropped.get(connectionId);
    this.#dropped.delete(connectionId);
    const records: CaptureRecord[] = dropped === undefined ? [] : [dropped];
    let bytes = 0;
    for (;;) {
      const next = this.#waiting[this.#first];
      if (next === undefined || next.connectionId !== connectionId) break;
      const size = sizeOf(next.record);
      if (bytes > 0 && bytes + size > bytesMax) break;
      bytes += size;
      records.push(next.record);
      this.#leave(size);
    }
    return { connectionId, records };
  }

  #takeDropped(): Telling | undefined {
    const [next] = this.#dropped;
    if (next === undefined) return undefined;
    const [connectionId, dropped] = next;
    this.#dropped.delete(connectionId);
    return { connectionId, records: [dropped] };
  }

  #isFull(): boolean {
    return this.#bytes > Math.min(this.#bytesMax, this.#budget.share);
  }

  #grew(change: number): void {
    this.#bytes += change;
    this.#budget.grew(change);
  }

  #dropOldest(): void {
    const oldest = this.#waiting[this.#first];
    if (oldest === undefined) return;
    const { connectionId, record } = oldest;
    this.#dropped.set(connectionId, withDropped(this.#dropped.get(connectionId), record, record.at));
    this.#leave(sizeOf(record));
  }

  #leave(bytes: number): void {
    this.#grew(-bytes);
    this.#waiting[this.#first] = GONE;
    this.#first += 1;
    if (this.#first < 1024 || this.#first * 2 < this.#waiting.length) return;
    this.#waiting = this.#waiting.slice(this.#first);
    this.#first = 0;
  }
}
