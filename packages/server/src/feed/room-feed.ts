// One room on this server: how far its log is known to go, and who follows it. Hints are checked by their numbers, and what they do
// not bring is read.
import type { Entry, Position } from '@wireroom/protocol';
import type { FeedCounts } from '../lib/counts.ts';
import type { LogPage } from '../log/log.ts';
import { entryBytes } from './entry-json.ts';
import { FEED_LIMITS } from './limits.ts';
import { type Reader, Subscription } from './subscription.ts';

export interface RoomFeedParts {
  /** Of the room as a whole. */
  readonly readOn: (after: number) => Promise<LogPage>;
  /** Of one reader, up to a head that is known. */
  readonly readFor: (after: number, head: Position) => Promise<LogPage>;
  readonly onEmpty: () => void;
  readonly onError: (error: unknown) => void;
  readonly counts: FeedCounts;
  /** See feed.ts. */
  readonly onRound: (entries: number) => void;
}

export class RoomFeed {
  readonly #parts: RoomFeedParts;
  readonly #subscriptions = new Set<Subscription>();
  /** How far the log is known, without a gap before it; undefined until somebody has told. */
  #head: Position | undefined;
  #isReading = false;
  #isToldOfMore = false;

  constructor(parts: RoomFeedParts) {
    this.#parts = parts;
  }

  add(reader: Reader): Subscription {
    const subscription = new Subscription({
      reader,
      read: this.#parts.readFor,
      head: () => this.#head,
      behind: this.#parts.counts.behind,
      learnHead: (position) => {
        // Only where nobody has told yet: raising a known head would hide the entries before it from the other readers.
        this.#head ??= position;
      },
      onEnd: (ended) => {
        this.#subscriptions.delete(ended);
        if (this.#subscriptions.size === 0) this.#parts.onEmpty();
      },
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  hear(entries: readonly Entry[]): void {
    // From another server comes only that there is more.
    if (entries.length === 0) this.check();
    const newest = entries.at(-1);
    if (newest === undefined) return;
    // Nobody has told yet: nobody follows what comes.
    this.#head ??= { epoch: newest.epoch, seq: newest.seq };
    const known = this.#head.seq;
    const news = entries.filter(({ seq }) => seq > known);
    const isNext = news.every(({ seq }, index) => seq === known + 1 + index);
    if (isNext && !this.#isReading) {
      this.#advance(news);
      if (news.length > 0) this.#parts.onRound(news.length);
    } else if (news.length > 0) this.check();
  }

  /** The log stands here: was a hint lost? */
  learn({ seq }: Position): void {
    if (this.#head !== undefined && seq > this.#head.seq) this.check();
  }

  /** Reads on from the head: what hints did not bring, the log does. */
  check(): void {
    this.#isToldOfMore = true;
    if (this.#isReading || this.#head === undefined) return;
    this.#isReading = true;
    this.#catchUp(this.#head.seq)
      .catch((error: unknown) => {
        // The next hint or the slow check tries again; trying at once would spin on a log that cannot be read.
        this.#isToldOfMore = false;
        this.#parts.onError(error);
      })
      .finally(() => {
        this.#isReading = false;
        // What was told after the last read had been asked for, and before this line.
        if (this.#isToldOfMore) this.check();
      });
  }

  end(): void {
    for (const subscription of [...this.#subscriptions]) subscription.end();
  }

  async #catchUp(from: number): Promise<void> {
    let head = from;
    while (this.#isToldOfMore) {
      this.#isToldOfMore = false;
      const page = await this.#parts.readOn(head);
      this.#parts.counts.healed += page.entries.length;
      this.#advance(page.entries);
      head = page.entries.at(-1)?.seq ?? head;
      if (page.hasMore) this.#isToldOfMore = true;
    }
  }

  #advance(entries: readonly Entry[]): void {
    const newest = entries.at(-1);
    if (newest === undefined) return;
    this.#head = { epoch: newest.epoch, seq: newest.seq };
    for (const run of runsOf(entries))
      for (const subscription of this.#subscriptions) subscription.offer(run);
  }
}

/** Everybody is brought several at a time; not so many that a reader without room for them has to take much. */
function runsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  if (entries.length === 1) return [entries];
  const runs: Entry[][] = [];
  let bytesLeft = 0;
  for (const entry of entries) {
    bytesLeft -= entryBytes(entry);
    if (bytesLeft < 0) {
      runs.push([]);
      bytesLeft = FEED_LIMITS.runBytesMax - entryBytes(entry);
    }
    runs.at(-1)?.push(entry);
  }
  return runs;
}
