// How fast one author may write, over all their sockets and rooms of this node.
import { type AuthorId, ChatError } from '@wireroom/protocol';
import { type BucketRate, fullBucket, type TokenBucket, takeToken } from '../lib/token-bucket.ts';

/** Buckets kept at once. A full bucket is forgotten first: that changes nothing for its author. */
const BUCKETS_MAX = 10_000;

export class PostRate {
  readonly #rate: BucketRate | undefined;
  readonly #now: () => number;
  readonly #buckets = new Map<AuthorId, TokenBucket>();

  constructor(rate: BucketRate | undefined, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /** Throws `rate-limited` with the time to wait. */
  take(authorId: AuthorId): void {
    const rate = this.#rate;
    if (rate === undefined) return;
    const now = this.#now();
    const bucket = this.#buckets.get(authorId) ?? this.#add(authorId, rate, now);
    const retryAfterMs = takeToken(bucket, rate, now);
    if (retryAfterMs > 0) throw new ChatError('rate-limited', { retryAfterMs });
  }

  #add(authorId: AuthorId, rate: BucketRate, now: number): TokenBucket {
    if (this.#buckets.size >= BUCKETS_MAX) this.#forgetFull(rate, now);
    const bucket = fullBucket(rate, now);
    this.#buckets.set(authorId, bucket);
    return bucket;
  }

  #forgetFull(rate: BucketRate, now: number): void {
    const refillMs = (rate.burst / rate.perSecond) * 1000;
    for (const [authorId, bucket] of this.#buckets) {
      if (now - bucket.filledAt >= refillMs) this.#buckets.delete(authorId);
    }
    const oldest = this.#buckets.keys().next();
    if (this.#buckets.size >= BUCKETS_MAX && !oldest.done) this.#buckets.delete(oldest.value);
  }
}
