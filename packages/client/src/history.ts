// What is not in the timeline, or not as it is now: older pages, gaps, and messages that were changed in a gap. Read over the chat's
// own connection, one page at a time; live messages go on meanwhile.
import { LIMITS, type PageEvent, type ReceivedEntry } from '@wireroom/protocol';
import { Asking, type AskingParts } from './asking.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { isForNow } from './refusal.ts';
import type { Answer } from './requests.ts';
import type { GapSide } from './room.ts';
import type { Gap, Timeline } from './timeline.ts';

export interface HistoryParts extends AskingParts {
  readonly slug: string;
  readonly timeline: Timeline;
  readonly mayAsk: () => boolean;
  /** These are in the timeline now. */
  readonly shown: (entries: readonly ReceivedEntry[]) => void;
  readonly changed: () => void;
}

interface Range {
  readonly before?: number;
  readonly after?: number;
  readonly limit: number;
}

/** What is being read. `stale`: `seq` is the newest of them. */
type Reading = { readonly range: Range } & (
  | { readonly what: 'older' }
  | { readonly what: 'gap'; readonly key: string }
  | { readonly what: 'stale'; readonly seq: number }
);

export class History {
  readonly #parts: HistoryParts;
  readonly #asking: Asking;
  #reading: Reading | undefined;
  #wantsOlder = false;
  /** Gaps of which a page is wanted, by their keys, and from which side. */
  readonly #wanted = new Map<string, GapSide>();
  /** A gap of so many entries is filled without being asked for. */
  #fillsUpTo: number = CLIENT_LIMITS.gapAtOnceMax;
  /** The server said that nothing is before this seq, though it is not the first. */
  #endSeq: number | undefined;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#asking = new Asking(parts);
  }

  get isLoading(): boolean {
    return this.#wantsOlder || this.#reading?.what === 'older';
  }

  get hasOlder(): boolean {
    const { oldestSeq, itemCount } = this.#parts.timeline;
    if (oldestSeq === undefined || oldestSeq <= 1 || oldestSeq === this.#endSeq) return false;
    // A timeline that is full cannot take more: the download has the rest.
    return itemCount + LIMITS.pageEntriesDefault <= CLIENT_LIMITS.timelineItemsHardMax;
  }

  load(): void {
    if (this.isLoading || !this.hasOlder || !this.#parts.mayAsk()) return;
    this.#wantsOlder = true;
    this.proceed();
    this.#parts.changed();
  }

  /** A page of the gap with this key. */
  fill(key: string, side: GapSide): void {
    if (this.#gapOf(key) === undefined || !this.#parts.mayAsk()) return;
    this.#wanted.set(key, side);
    this.proceed();
  }

  /** Whether gaps of any size are filled without being asked for. */
  setFillsAll(fillsAll: boolean): void {
    this.#fillsUpTo = fillsAll ? Number.POSITIVE_INFINITY : CLIENT_LIMITS.gapAtOnceMax;
  }

  /** Reads what is due, if nothing is being read. Harmless at any time. */
  proceed(): void {
    if (this.#reading !== undefined || !this.#parts.mayAsk()) return;
    this.#reading = this.#next();
    const { timeline } = this.#parts;
    timeline.setLoadingGap(this.#reading?.what === 'gap' ? this.#reading.key : undefined);
    if (this.#reading === undefined) return;
    this.#ask(this.#reading);
    this.#parts.changed();
  }

  /** What was asked will not be answered, or would not fit any more. */
  interrupt(): void {
    this.#asking.interrupt();
    this.#asking.succeeded();
    this.#reading = undefined;
    this.#wantsOlder = false;
    this.#wanted.clear();
    this.#fillsUpTo = CLIENT_LIMITS.gapAtOnceMax;
    this.#parts.timeline.setLoadingGap(undefined);
  }

  restart(): void {
    this.interrupt();
    this.#endSeq = undefined;
  }

  #next(): Reading | undefined {
    const { stale, gaps, oldestSeq = 1 } = this.#parts.timeline;
    if (stale.size > 0) {
      const seq = Math.max(...stale);
      const limit = Math.min(seq - Math.min(...stale) + 1, LIMITS.pageEntriesMax);
      return { what: 'stale', seq, range: { before: seq + 1, limit } };
    }
    const gap = gaps.findLast(({ key, from, to }) => this.#wanted.has(key) || to - from < this.#fillsUpTo);
    if (gap !== undefined) return { what: 'gap', key: gap.key, range: this.#rangeIn(gap) };
    this.#wantsOlder &&= this.hasOlder;
    if (!this.#wantsOlder) return undefined;
    return { what: 'older', range: { before: oldestSeq, limit: LIMITS.pageEntriesDefault } };
  }

  #ask(reading: Reading): void {
    const { slug } = this.#parts;
    this.#asking.ask({ type: 'page', room: slug, ...reading.range, withStates: true }, (answer) =>
      this.#answered(reading, answer),
    );
  }

  /** From the side where the reader is: the other one need not come yet. */
  #rangeIn({ key, from, to }: Gap): Range {
    const size = to - from + 1;
    const max = size <= this.#fillsUpTo ? LIMITS.pageEntriesMax : LIMITS.pageEntriesDefault;
    const limit = Math.min(size, max);
    return this.#wanted.get(key) === 'older' ? { after: from - 1, limit } : { before: to + 1, limit };
  }

  #gapOf(key: string): Gap | undefined {
    return this.#parts.timeline.gaps.find((gap) => gap.key === key);
  }

  #answered(reading: Reading, answer: Answer): void {
    if (answer.type === 'refused' && isForNow(answer)) {
      this.#again(reading, answer.retryAfterMs);
      return;
    }
    this.#reading = undefined;
    this.#asking.succeeded();
    if (answer.type === 'page') this.#take(reading, answer);
    else this.#giveUp(reading);
    this.proceed();
    this.#parts.changed();
  }

  #take(reading: Reading, page: PageEvent): void {
    const { timeline } = this.#parts;
    const countBefore = timeline.itemCount;
    if (reading.what === 'stale') {
      // A page that is too old is asked for again; one without the message says that there is none.
      if (timeline.refresh(page) === 'taken') timeline.forgetStale(reading.seq);
      return;
    }
    const fate = timeline.insert(page);
    if (fate === 'outdated') return;
    if (fate === 'taken') this.#parts.shown(page.entries);
    if (reading.what === 'gap') {
      this.#wanted.delete(reading.key);
      if (fate === 'misfit' && this.#gapOf(reading.key) !== undefined) this.#giveUp(reading);
      return;
    }
    if (!page.hasMore && (fate === 'taken' || page.entries.length === 0)) this.#endSeq = timeline.oldestSeq;
    // A page of nothing but entries without an item moves nothing on the screen, so nobody would ask again.
    this.#wantsOlder = fate === 'taken' && timeline.itemCount === countBefore;
  }

  /** Nothing came of it: not again by itself on this connection. */
  #giveUp(reading: Reading): void {
    switch (reading.what) {
      case 'older':
        this.#wantsOlder = false;
        break;
      case 'gap':
        this.#wanted.clear();
        this.#fillsUpTo = 0;
        break;
      case 'stale':
        this.#parts.timeline.forgetStale(reading.seq);
        break;
    }
  }

  #again(reading: Reading, retryAfterMs: number | undefined): void {
    this.#asking.later(() => {
      this.#reading = undefined;
      if (reading.what === 'older') this.#wantsOlder = true;
      this.proceed();
    }, retryAfterMs);
  }
}
