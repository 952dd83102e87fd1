// The newest entries of one room, without a gap between them: what most readers that come back have missed. They are as the log
// has them: when a message is deleted, its text is gone from here too. Knows no clock and no log; tails.ts keeps one per room.
import type { EditEntry, Entry, MessageEntry, Position, RoomId } from '@wireroom/protocol';
import type { LogPage, LogRange } from '../log/log.ts';
import { entriesBytes, entryBytes } from './entry-json.ts';
import { FEED_LIMITS } from './limits.ts';

/** Pages as they were handed out, those of all rooms: equal answers are one list. Whoever asked last stays longest. */
export class PageMemo {
  readonly #pages = new Map<string, readonly Entry[]>();

  of(key: string, make: () => readonly Entry[]): readonly Entry[] {
    const page = this.#pages.get(key) ?? make();
    this.#pages.delete(key);
    this.#pages.set(key, page);
    for (const [oldest] of this.#pages) {
      if (this.#pages.size <= FEED_LIMITS.pagesKeptMax) break;
      this.#pages.delete(oldest);
    }
    return page;
  }
}

/** Entries that were dropped in front and are still in the list: moving all for each would cost more. */
const DROPPED_MAX = 256;

export class Tail {
  readonly #roomId: RoomId;
  readonly #memo: PageMemo;
  /** By ascending seq, without a gap; from `#start` on they count. */
  #entries: Entry[] = [];
  #start = 0;
  /** Bytes of JSON up to and with the entry in the same place, with a comma after each. */
  #sums: number[] = [];
  /** Another one whenever what was handed out before is not as it was. */
  #version = 0;

  constructor(roomId: RoomId, memo: PageMemo) {
    this.#roomId = roomId;
    this.#memo = memo;
  }

  get bytes(): number {
    return (this.#sums.at(-1) ?? 0) - this.#sumBefore(this.#start) - this.#length;
  }

  /** Where the newest entry stands; undefined while there is none. */
  get position(): Position | undefined {
    const newest = this.#entries.at(-1);
    return newest && { epoch: newest.epoch, seq: newest.seq };
  }

  /** Takes entries that were just written or read, oldest first and without a gap between them. */
  take(entries: readonly Entry[]): void {
    const [oldest] = entries;
    const newest = entries.at(-1);
    if (oldest === undefined || newest === undefined) return;
    const { first, last, epoch } = this.#extent();
    if (epoch !== oldest.epoch || oldest.seq > last + 1) this.#clear();
    if (this.#length === 0) for (const entry of entries) this.#append(entry);
    else if (newest.seq > last) for (const entry of entries.slice(last + 1 - oldest.seq)) this.#append(entry);
    else if (oldest.seq < first && newest.seq >= first - 1)
      this.#prepend(entries.slice(0, first - oldest.seq));
    this.#trim();
  }

  /** The page that the log would give, if all of it is here and nothing up to `head` is missing; undefined if not. */
  read(range: LogRange, head: Position): LogPage | undefined {
    const { first, last, epoch } = this.#extent();
    if (range.statesFor !== undefined || epoch !== head.epoch || last < head.seq) return undefined;
    const position = { epoch, seq: last };
    const before = Math.min(range.before ?? Number.POSITIVE_INFINITY, last + 1);
    if (range.after !== undefined) {
      const from = range.after + 1;
      if (from < first) return undefined;
      const to = this.#fill({ from, before, step: 1 }, range);
      return { entries: this.#page(from, to), hasMore: to < before - 1, position };
    }
    if (before - 1 < first && before > 1) return undefined;
    const from = this.#fill({ from: before - 1, before: first - 1, step: -1 }, range);
    // It ended because this is where the tail ends: the log may have more that fits.
    if (from === first && first > 1 && before - from < range.limit) return undefined;
    return { entries: this.#page(from, before - 1), hasMore: from > 1, position };
  }

  get #length(): number {
    return this.#entries.length - this.#start;
  }

  #extent(): { readonly first: number; readonly last: number; readonly epoch: Entry['epoch'] | undefined } {
    const oldest = this.#entries[this.#start];
    if (oldest === undefined) return { first: 0, last: 0, epoch: undefined };
    return { first: oldest.seq, last: oldest.seq + this.#length - 1, epoch: oldest.epoch };
  }

  #at(seq: number): Entry | undefined {
    return this.#entries[this.#indexOf(seq)];
  }

  /** Of these and what lies between, with a comma after each. */
  #jsonBytes(from: number, to: number): number {
    return (this.#sums[this.#indexOf(to)] ?? 0) - this.#sumBefore(this.#indexOf(from));
  }

  #sumBefore(index: number): number {
    return this.#sums[index - 1] ?? 0;
  }

  #indexOf(seq: number): number {
    return this.#start + seq - this.#extent().first;
  }

  /** How far a page reaches: the last seq in its direction that still fits. One always does. */
  #fill(
    { from, before, step }: { readonly from: number; readonly before: number; readonly step: 1 | -1 },
    { limit, bytesMax }: LogRange,
  ): number {
    const available = Math.max(0, (before - from) * step);
    const reached = (count: number): number => from + (count - 1) * step;
    let fits = Math.min(1, available);
    let tooMany = Math.min(limit, available) + 1;
    while (tooMany - fits > 1) {
      const count = (fits + tooMany) >> 1;
      const bytes = 1 + this.#jsonBytes(Math.min(from, reached(count)), Math.max(from, reached(count)));
      if (bytes <= bytesMax) fits = count;
      else tooMany = count;
    }
    return reached(fits);
  }

  #page(from: number, to: number): readonly Entry[] {
    if (to < from) return [];
    return this.#memo.of(`${this.#roomId} ${this.#version} ${from}-${to}`, () =>
      this.#entries.slice(this.#indexOf(from), this.#indexOf(to) + 1),
    );
  }

  #append(entry: Entry): void {
    this.#entries.push(entry);
    this.#addUp(this.#entries.length - 1);
    if (entry.type === 'delete') this.#blank(entry.target);
  }

  #prepend(older: readonly Entry[]): void {
    const isTooMuch = this.bytes + entriesBytes(older) > FEED_LIMITS.tailBytesMax;
    if (isTooMuch || this.#length + older.length > FEED_LIMITS.tailEntriesMax) return;
    this.#entries = [...older, ...this.#entries.slice(this.#start)];
    this.#start = 0;
    this.#addUp(0);
    // Read before they were written, arrived after.
    for (const entry of this.#entries) if (entry.type === 'delete') this.#blank(entry.target);
  }

  /** The text of a message, and that of its edits, is gone. */
  #blank(target: number): void {
    let first: number | undefined;
    for (let index = Math.max(this.#start, this.#indexOf(target)); index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry === undefined || !isTextOf(target, entry) || entry.deleted === true) continue;
      const blank = { ...entry, text: '', deleted: true as const };
      this.#entries[index] = blank;
      first ??= index;
      this.#version += 1;
    }
    if (first !== undefined) this.#addUp(first);
  }

  /** From there on the entries are others than they were. */
  #addUp(from: number): void {
    this.#sums.length = Math.min(this.#sums.length, from);
    for (let index = from; index < this.#entries.length; index += 1) {
      const entry = this.#entries[index];
      if (entry !== undefined) this.#sums.push(this.#sumBefore(index) + entryBytes(entry) + 1);
    }
  }

  #trim(): void {
    while (this.#length > FEED_LIMITS.tailEntriesMax || this.bytes > FEED_LIMITS.tailBytesMax)
      this.#start += 1;
    if (this.#start <= DROPPED_MAX) return;
    this.#entries = this.#entries.slice(this.#start);
    this.#start = 0;
    this.#addUp(0);
  }

  #clear(): void {
    this.#entries = [];
    this.#start = 0;
    this.#sums = [];
    this.#version += 1;
  }
}

function isTextOf(target: number, entry: Entry): entry is MessageEntry | EditEntry {
  return (
    (entry.type === 'message' && entry.seq === target) || (entry.type === 'edit' && entry.target === target)
  );
}
