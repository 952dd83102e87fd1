// How often something may happen: `burst` at once, `perSecond` in the long run. Time is given, never read.

export interface TokenBucket {
  tokens: number;
  /** Milliseconds, of the same clock as `now` below. */
  filledAt: number;
}

export interface BucketRate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Takes one token. Returns 0, or how many milliseconds to wait until there is one. */
export function takeToken(bucket: TokenBucket, rate: BucketRate, now: number): number {
  const refill = (Math.max(0, now - bucket.filledAt) / 1000) * rate.perSecond;
  bucket.tokens = Math.min(rate.burst, bucket.tokens + refill);
  bucket.filledAt = now;
  if (bucket.tokens >= 1) {
    bucket.tokens -= 1;
    return 0;
  }
  return Math.ceil(((1 - bucket.tokens) / rate.perSecond) * 1000);
}

export const fullBucket = (rate: BucketRate, now: number): TokenBucket => ({
  tokens: rate.burst,
  filledAt: now,
});
