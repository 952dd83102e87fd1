// Recoveries: Socket.IO sessions that may come back without a LOGIN, by the secret `pid` that their client was given. The secret
// is worth what the token is that the session was opened by: every check of a LOGIN with that token is made again.
import { randomBytes } from 'node:crypto';
import { type Author, ChatError } from '@wireroom/protocol';
import type { Guests } from './guests.ts';
import { ACCOUNT_LIMITS } from './limits.ts';
import type { RecoveryStore } from './recovery-store.ts';
import { hashOf, secretOf } from './secret.ts';

/** Somebody who was let in again. */
export interface Recovered {
  readonly author: Author;
  /** Proves the author once more, when the connection is there. */
  readonly tokenHash: string;
}

export interface RecoveriesParts {
  readonly store: RecoveryStore;
  readonly guests: Pick<Guests, 'readmit'>;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly onError: (error: unknown) => void;
}

export class Recoveries {
  readonly #parts: RecoveriesParts;
  /** Sessions that are in use, and who is to hear when another connection takes one over. */
  readonly #live = new Map<string, () => void>();
  #touchedAt: number;

  constructor(parts: RecoveriesParts) {
    this.#parts = parts;
    this.#touchedAt = parts.wallClock();
  }

  /** 192 random bits: more than Socket.IO's own, which proves a person here. */
  newPid(): string {
    return secretOf(randomBytes, 24);
  }

  /** The session is in use on a connection; another one that has it is told that it is not its any more. */
  own(pid: string, onTaken: () => void): void {
    const hash = hashOf(pid);
    this.#live.get(hash)?.();
    this.#live.set(hash, onTaken);
  }

  /** The connection with this `onTaken` is gone. */
  disown(pid: string, onTaken: () => void): void {
    const hash = hashOf(pid);
    if (this.#live.get(hash) === onTaken) this.#live.delete(hash);
  }

  /** From now on the secret brings back the author of this token. */
  async remember(pid: string, token: string): Promise<void> {
    const seenAt = this.#parts.wallClock();
    await this.#parts.store.remember({
      pidHash: hashOf(pid),
      tokenHash: hashOf(token),
      seenAt,
      expiredBefore: seenAt - ACCOUNT_LIMITS.recoveryMs,
      keepMax: ACCOUNT_LIMITS.recoveriesPerTokenMax,
    });
  }

  /** Whoever has left comes back by a LOGIN only. */
  forget(pid: string): Promise<void> {
    return this.#parts.store.forget(hashOf(pid));
  }

  /** Lets somebody in as a LOGIN would, or answers `undefined`. Rejects if it cannot be known now. */
  async restore(pid: string): Promise<Recovered | undefined> {
    const seenSince = this.#parts.wallClock() - ACCOUNT_LIMITS.recoveryMs;
    const tokenHash = await this.#parts.store.find({ pidHash: hashOf(pid), seenSince });
    if (tokenHash === undefined) return undefined;
    try {
      return { author: await this.#parts.guests.readmit(tokenHash), tokenHash };
    } catch (error) {
      if (error instanceof ChatError && REFUSALS.has(error.code)) return undefined;
      throw error;
    }
  }

  /** Called every now and then: writes down, seldom, that the sessions here are in use. */
  async sweep(): Promise<void> {
    const { store, wallClock, onError } = this.#parts;
    const seenAt = wallClock();
    if (seenAt - this.#touchedAt < ACCOUNT_LIMITS.recoveryTouchMs) return;
    this.#touchedAt = seenAt;
    const hashes = [...this.#live.keys()];
    try {
      for (let from = 0; from < hashes.length; from += ACCOUNT_LIMITS.recoveriesTouchedMax) {
        const pidHashes = hashes.slice(from, from + ACCOUNT_LIMITS.recoveriesTouchedMax);
        await store.touch({ pidHashes, seenAt });
      }
    } catch (error) {
      onError(error);
    }
  }
}

/** What a LOGIN is refused with for good; anything else may be otherwise in a moment. */
const REFUSALS: ReadonlySet<string> = new Set(['name-taken', 'bad-token']);
