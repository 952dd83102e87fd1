// Scenes of the sandbox that watchers have played for them: how many at once, how often, and where their records go. What a
// scene is, the sandbox knows; app.ts hands it in.
import { randomBytes } from 'node:crypto';
import type { CaptureRecord } from '@wireroom/capture';
import type { AuthorId } from '@wireroom/protocol';
import { fullBucket, type TokenBucket, takeToken } from '../lib/token-bucket.ts';
import { FeedError } from './feed-error.ts';
import { WIRETAP_LIMITS } from './limits.ts';

/** What is used of the sandbox. */
export interface Stage {
  readonly scenes: readonly string[];
  play(
    scene: string,
    options: {
      readonly sink: {
        open(connectionId: string): void;
        record(connectionId: string, record: CaptureRecord): void;
      };
      readonly signal: AbortSignal;
      readonly bytes?: Uint8Array;
    },
  ): Promise<unknown>;
}

/** The scene that takes bytes. */
const OWN_BYTES = 'own-bytes';

export interface PlayListener {
  /** The play has begun, or one more connection of it has appeared. */
  playing(playId: string, connectionIds: readonly string[]): void;
  record(connectionId: string, record: CaptureRecord): void;
  played(playId: string): void;
}

export interface Play {
  readonly playId: string;
  stop(): void;
}

export class Plays {
  readonly #stage: Stage;
  /** Milliseconds. */
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #rates = new Map<AuthorId, TokenBucket>();
  #underWay = 0;

  constructor(parts: {
    readonly stage: Stage;
    readonly now: () => number;
    readonly onError: (error: unknown) => void;
  }) {
    this.#stage = parts.stage;
    this.#now = parts.now;
    this.#onError = parts.onError;
  }

  get scenes(): readonly string[] {
    return this.#stage.scenes;
  }

  /** Throws a FeedError. */
  begin(
    asked: { readonly authorId: AuthorId; readonly scene: string; readonly hex: string | undefined },
    listener: PlayListener,
  ): Play {
    const { authorId, scene, hex } = asked;
    if (!this.#stage.scenes.includes(scene)) throw new FeedError('no-scene');
    const bytes = hex === undefined ? undefined : bytesOf(scene, hex);
    if (this.#underWay >= WIRETAP_LIMITS.playsMax)
      throw new FeedError('too-many-plays', { retryAfterMs: 2_000 });
    this.#takeTurn(authorId);
    const playId = `p_${randomBytes(9).toString('base64url')}`;
    const abort = new AbortController();
    const connectionIds: string[] = [];
    const sink = {
      open: (name: string) => {
        connectionIds.push(`${playId}.${name}`);
        listener.playing(playId, [...connectionIds]);
      },
      record: (name: string, record: CaptureRecord) => {
        const connectionId = `${playId}.${name}`;
        listener.record(connectionId, record.kind === 'open' ? { ...record, connectionId } : record);
      },
    };
    listener.playing(playId, []);
    this.#underWay += 1;
    this.#stage
      .play(scene, { sink, signal: abort.signal, ...(bytes && { bytes }) })
      .catch((error: unknown) => this.#onError(error))
      .finally(() => {
        this.#underWay -= 1;
        listener.played(playId);
      });
    return { playId, stop: () => abort.abort() };
  }

  #takeTurn(authorId: AuthorId): void {
    const now = this.#now();
    const bucket = this.#rates.get(authorId) ?? fullBucket(WIRETAP_LIMITS.playRate, now);
    // Whoever has not played for longest is forgotten, which can only be to their good.
    this.#rates.delete(authorId);
    this.#rates.set(authorId, bucket);
    const [oldest] = this.#rates.keys();
    if (this.#rates.size > WIRETAP_LIMITS.playRatesMax && oldest !== undefined) this.#rates.delete(oldest);
    const retryAfterMs = takeToken(bucket, WIRETAP_LIMITS.playRate, now);
    if (retryAfterMs > 0) throw new FeedError('rate-limited', { retryAfterMs });
  }
}

function bytesOf(scene: string, hex: string): Uint8Array {
  const digits = hex.replace(/\s/g, '');
  if (scene !== OWN_BYTES || !/^(?:[0-9a-f]{2})*$/i.test(digits)) throw new FeedError('bad-bytes');
  return Buffer.from(digits, 'hex');
}
