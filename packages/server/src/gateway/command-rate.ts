// How fast one connection may send commands, whoever its author is.
import { ChatError } from '@wireroom/protocol';
import { type BucketRate, fullBucket, type TokenBucket, takeToken } from '../lib/token-bucket.ts';

export class CommandRate {
  readonly #rate: BucketRate | undefined;
  readonly #now: () => number;
  readonly #bucket: TokenBucket | undefined;

  /** Without a rate: as fast as it likes. */
  constructor(rate: BucketRate | undefined, now: () => number) {
    this.#rate = rate;
    this.#now = now;
    this.#bucket = rate && fullBucket(rate, now());
  }

  /** Throws `rate-limited` with the time to wait. */
  take(): void {
    if (this.#rate === undefined || this.#bucket === undefined) return;
    const retryAfterMs = takeToken(this.#bucket, this.#rate, this.#now());
    if (retryAfterMs > 0) throw new ChatError('rate-limited', { retryAfterMs });
  }
}

/** What a connection is told when something it asked for failed: the refusal itself, or that it was our fault. */
export function refusalOf(reason: unknown): ChatError {
  return reason instanceof ChatError ? reason : new ChatError('internal', { cause: reason });
}
