// What was before the timeline: older pages over the chat's own connection, one at a time, and the address of the whole
// log, which never travels there (rule H1).
import { LIMITS, type PageEvent, type ReceivedEntry } from '@wireroom/protocol';
import { retryDelayMs } from './backoff.ts';
import type { Clock, Random } from './clock.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { isForNow } from './refusal.ts';
import type { Answer, Answered, Request } from './requests.ts';
import type { Timeline } from './timeline.ts';

export interface HistoryParts {
  readonly slug: string;
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly random: Random;
  readonly mayAsk: () => boolean;
  readonly request: (request: Request, answered: Answered) => void;
  /** These are in the timeline now. */
  readonly shown: (entries: readonly ReceivedEntry[]) => void;
  readonly changed: () => void;
}

export class History {
  readonly #parts: HistoryParts;
  #isLoading = false;
  /** The server said that nothing is before this seq, though it is not the first. */
  #endSeq: number | undefined;
  #generation = 0;
  #attempt = 0;
  #cancelRetry: () => void = () => {};

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get hasOlder(): boolean {
    const { oldestSeq, items } = this.#parts.timeline;
    if (oldestSeq === undefined || oldestSeq <= 1 || oldestSeq === this.#endSeq) return false;
    // A timeline that is full cannot take more: the download has the rest.
    return items.length + LIMITS.pageEntriesDefault <= CLIENT_LIMITS.timelineItemsHardMax;
  }

  load(): void {
    const { slug, timeline } = this.#parts;
    if (this.#isLoading || !this.hasOlder || !this.#parts.mayAsk() || timeline.oldestSeq === undefined)
      return;
    this.#isLoading = true;
    const generation = this.#generation;
    const range = { before: timeline.oldestSeq, limit: LIMITS.pageEntriesDefault };
    this.#parts.request({ type: 'page', room: slug, ...range }, (answer) => {
      if (generation === this.#generation) this.#answered(answer);
    });
    this.#parts.changed();
  }

  /** What was asked will not be answered, or would not fit any more. */
  interrupt(): void {
    this.#generation += 1;
    this.#cancelRetry();
    this.#attempt = 0;
    this.#isLoading = false;
  }

  restart(): void {
    this.interrupt();
    this.#endSeq = undefined;
  }

  #answered(answer: Answer): void {
    if (answer.type === 'refused' && isForNow(answer)) {
      this.#again(answer.retryAfterMs);
      return;
    }
    this.#isLoading = false;
    this.#attempt = 0;
    if (answer.type === 'page') this.#take(answer);
    this.#parts.changed();
  }

  #take({ entries, hasMore }: PageEvent): void {
    const { timeline } = this.#parts;
    const itemsBefore = timeline.items.length;
    // A page that does not fit has been overtaken, by a trim for instance: whoever scrolls asks again.
    const isTaken = timeline.prepend(entries);
    if (isTaken) this.#parts.shown(entries);
    if (!hasMore && (isTaken || entries.length === 0)) this.#endSeq = timeline.oldestSeq;
    // A page of nothing but unknown entries moves nothing on the screen, so nobody would ask again.
    if (isTaken && timeline.items.length === itemsBefore) this.load();
  }

  #again(retryAfterMs: number | undefined): void {
    const { clock, random } = this.#parts;
    this.#cancelRetry = clock.after(retryDelayMs(retryAfterMs, this.#attempt, random), () => {
      this.#isLoading = false;
      this.load();
    });
    this.#attempt += 1;
  }
}

/** ws://host:port/ws -> http://host:port/api/rooms/<slug>/history; `httpUrl` where HTTP is served elsewhere. */
export function historyUrl(slug: string, url: string, httpUrl: string | undefined): string {
  const path = `/api/rooms/${encodeURIComponent(slug)}/history`;
  const base = httpUrl ?? url.replace(/^ws/i, 'http');
  return URL.canParse(path, base) ? new URL(path, base).href : path;
}
