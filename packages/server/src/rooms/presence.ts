// Who is connected. Presence is not membership: somebody whose last socket is gone stays a member for a grace period,
// and only then has left. After a crash, those whom the last process knew get the same grace (`expect`).
import type { AuthorId } from '@wireroom/protocol';

export interface Timers {
  set(callback: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** Leaving could not be written (a full disk, say): it is tried again after this, or after the grace period if that is longer. */
const RETRY_MS = 5_000;

export class Presence {
  readonly #graceMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #onGone: (authorId: AuthorId) => Promise<void>;
  readonly #timers: Timers;
  readonly #sockets = new Map<AuthorId, number>();
  readonly #awaited = new Map<AuthorId, unknown>();
  #isStopped = false;

  constructor(options: {
    readonly graceMs: number;
    /** Writes that they have left; called again later if it rejects. */
    readonly onGone: (authorId: AuthorId) => Promise<void>;
    readonly onError: (error: unknown) => void;
    readonly timers: Timers;
  }) {
    this.#graceMs = options.graceMs;
    this.#onGone = options.onGone;
    this.#onError = options.onError;
    this.#timers = options.timers;
  }

  isHere(authorId: AuthorId): boolean {
    return this.#sockets.has(authorId);
  }

  /** How many authors are connected. */
  get count(): number {
    return this.#sockets.size;
  }

  /** One more socket of this author. */
  arrive(authorId: AuthorId): void {
    this.#stopWaiting(authorId);
    this.#sockets.set(authorId, (this.#sockets.get(authorId) ?? 0) + 1);
  }

  /** One socket less; after the last one, the grace period runs. */
  depart(authorId: AuthorId): void {
    const left = (this.#sockets.get(authorId) ?? 0) - 1;
    if (left > 0) {
      this.#sockets.set(authorId, left);
      return;
    }
    this.#sockets.delete(authorId);
    this.expect(authorId);
  }

  /** Somebody who may come back, and has left if they do not. */
  expect(authorId: AuthorId): void {
    this.#waitFor(authorId, this.#graceMs);
  }

  /** Somebody whom no server has: the grace period runs, unless it runs already or they are here. */
  adopt(authorId: AuthorId): void {
    if (!this.isHere(authorId) && !this.#awaited.has(authorId)) this.expect(authorId);
  }

  /** They said that they go: no grace. Resolves when they have left. */
  async dismiss(authorId: AuthorId): Promise<void> {
    if (this.isHere(authorId)) return;
    this.#stopWaiting(authorId);
    await this.#leave(authorId);
  }

  stop(): void {
    this.#isStopped = true;
    for (const authorId of [...this.#awaited.keys()]) this.#stopWaiting(authorId);
  }

  #waitFor(authorId: AuthorId, ms: number): void {
    this.#stopWaiting(authorId);
    const timer = this.#timers.set(() => {
      this.#awaited.delete(authorId);
      void this.#leave(authorId);
    }, ms);
    this.#awaited.set(authorId, timer);
  }

  async #leave(authorId: AuthorId): Promise<void> {
    try {
      await this.#onGone(authorId);
    } catch (error) {
      this.#onError(error);
      if (!this.#isStopped && !this.isHere(authorId))
        this.#waitFor(authorId, Math.max(this.#graceMs, RETRY_MS));
    }
  }

  #stopWaiting(authorId: AuthorId): void {
    const timer = this.#awaited.get(authorId);
    if (timer === undefined) return;
    this.#timers.clear(timer);
    this.#awaited.delete(authorId);
  }
}
