// How many downloads run, and how fast one asker may begin them: one author, one address, the whole server. Pure but for its
// counts; time is given.
import { type AuthorId, ChatError } from '@wireroom/protocol';
import { type BucketRate, fullBucket, type TokenBucket, takeToken } from '../lib/token-bucket.ts';
import { HISTORY_LIMITS } from './limits.ts';

/** Who asks: an author whose token was proven, or whoever is at this address. */
export interface Asker {
  readonly address: string;
  readonly authorId?: AuthorId;
}

export interface DeskParts {
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** `undefined`: as often as they like. */
  readonly rate: BucketRate | undefined;
}

const { perAuthorMax, perAddressMax, downloadsMax, askersMax, retryAfterMs } = HISTORY_LIMITS;

export class DownloadDesk {
  readonly #parts: DeskParts;
  readonly #running = new Map<string, number>();
  /** Those who asked last at the end. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** Takes a place; the function gives it back, once. Throws `too-many-downloads`. */
  take({ address, authorId }: Asker): () => void {
    this.ask({ address, ...(authorId !== undefined && { authorId }) });
    const places: [string, number, string][] = [
      [EVERYBODY, downloadsMax, `There are ${downloadsMax} downloads under way on this server.`],
      [`@${address}`, perAddressMax, `There are ${perAddressMax} downloads under way from your address.`],
    ];
    if (authorId !== undefined)
      places.push([authorId, perAuthorMax, `There are ${perAuthorMax} downloads of yours under way.`]);
    for (const [key, max, sentence] of places) {
      if ((this.#running.get(key) ?? 0) < max) continue;
      throw new ChatError('too-many-downloads', {
        message: `${sentence} Wait for one to end.`,
        retryAfterMs,
      });
    }
    for (const [key] of places) this.#count(key, 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const [key] of places) this.#count(key, -1);
    };
  }

  /** Only the rate. Throws `too-many-downloads`. */
  ask({ address, authorId }: Asker): void {
    const { rate, now } = this.#parts;
    if (rate === undefined) return;
    const key = authorId ?? `@${address}`;
    const bucket = this.#buckets.get(key) ?? fullBucket(rate, now());
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > askersMax && oldest !== undefined) this.#buckets.delete(oldest);
    const waitMs = takeToken(bucket, rate, now());
    if (waitMs === 0) return;
    const message = `Too many downloads one after another. Wait ${Math.ceil(waitMs / 1000)} s.`;
    throw new ChatError('too-many-downloads', { message, retryAfterMs: waitMs });
  }

  #count(key: string, by: 1 | -1): void {
    const count = (this.#running.get(key) ?? 0) + by;
    if (count > 0) this.#running.set(key, count);
    else this.#running.delete(key);
  }
}

const EVERYBODY = '*';
