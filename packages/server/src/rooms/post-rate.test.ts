// The rate limit: a burst, then a steady pace, each author for themselves; the refusal says how long to wait.
import { type AuthorId, authorIdSchema, ChatError } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { PostRate } from './post-rate.ts';

const author = (n: number): AuthorId => authorIdSchema.parse(`a_${String(n).padStart(16, '0')}`);

const wait = (rate: PostRate, who: AuthorId): number | undefined => {
  try {
    rate.take(who);
    return 0;
  } catch (error) {
    if (error instanceof ChatError && error.code === 'rate-limited') return error.retryAfterMs;
    throw error;
  }
};

describe('PostRate', () => {
  it('allows the burst, then refuses with the time until the next', () => {
    let now = 0;
    const rate = new PostRate({ burst: 20, perSecond: 5 }, () => now);
    for (let i = 0; i < 20; i += 1) expect(wait(rate, author(1))).toBe(0);
    expect(wait(rate, author(1))).toBe(200);
    expect(wait(rate, author(2))).toBe(0);
    now = 150;
    expect(wait(rate, author(1))).toBe(50);
    now = 200;
    expect(wait(rate, author(1))).toBe(0);
    now = 60_000;
    for (let i = 0; i < 20; i += 1) expect(wait(rate, author(1))).toBe(0);
    expect(wait(rate, author(1))).toBe(200);
  });

  it('without a limit everything passes', () => {
    const rate = new PostRate(undefined, () => 0);
    for (let i = 0; i < 1000; i += 1) expect(wait(rate, author(1))).toBe(0);
  });

  it('keeps a bounded number of buckets, and does not forget who has just used theirs up', () => {
    const rate = new PostRate({ burst: 1, perSecond: 1 }, () => 0);
    for (let i = 0; i < 20_000; i += 1) expect(wait(rate, author(i))).toBe(0);
    expect(wait(rate, author(19_999))).toBe(1000);
  });
});
