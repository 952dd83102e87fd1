// One tab that wants to lead for one author: takes the lease when nobody has it, when its owner does not answer any more, and
// when the browser says that the owner is gone. Whoever leads answers questions; only those who wait ask, so a lone tab is silent.
import type { AuthorId } from '@wireroom/protocol';
import type { Clock } from './clock.ts';
import type { TakenFrom } from './idb-leases.ts';
import { LeaseLock, type Locks } from './lease-lock.ts';
import * as TAB_LIMITS from './tab-limits.ts';
import type { LeaseMessage } from './tab-message.ts';

export interface LeaseCandidateParts {
  readonly authorId: AuthorId;
  /** This tab, as an owner of leases. */
  readonly me: string;
  readonly clock: Clock;
  readonly leases: {
    take(authorId: AuthorId, me: string, from: TakenFrom): Promise<string>;
    release(authorId: AuthorId): void;
  };
  readonly locks: Locks | undefined;
  readonly lockName: string;
  /** To the candidates of the other tabs. */
  readonly post: (message: LeaseMessage) => void;
  readonly leads: (isLeading: boolean) => void;
  /** The database does not work. */
  readonly failed: () => void;
}

export class LeaseCandidate {
  readonly #parts: LeaseCandidateParts;
  readonly #lock: LeaseLock | undefined;
  #state: 'away' | 'standing' | 'leading' = 'away';
  /** Who leads instead, as far as is known, and whether they have answered the last question. */
  #rival: string | undefined;
  #hasAnswered = false;
  #isAsking = false;
  #cancelTimer: () => void = () => {};
  /** What was asked of the database before the page was left counts no more. */
  #stay = 0;

  constructor(parts: LeaseCandidateParts) {
    this.#parts = parts;
    const { locks, lockName } = parts;
    // Whoever has the lock leads: so the two are one again after a frozen tab has lost the one and not the other.
    this.#lock = locks && new LeaseLock(locks, lockName, () => void this.#take('anyone'));
  }

  get isLeading(): boolean {
    return this.#state === 'leading';
  }

  stand(): void {
    if (this.#state !== 'away') return;
    this.#state = 'standing';
    this.#lock?.stand();
    void this.#take('nobody');
  }

  /** Gives up what it has, at once; `stand` begins anew. `leads` is told, if it led. */
  leave(): void {
    const wasLeading = this.isLeading;
    this.#stay += 1;
    this.#state = 'away';
    this.#isAsking = false;
    this.#cancelTimer();
    if (wasLeading) this.#free();
    this.#lock?.leave();
    if (wasLeading) this.#parts.leads(false);
  }

  /** Something waits to be sent here: is there anybody to send it? */
  poke(): void {
    if (this.#state === 'standing' && this.#rival !== undefined && !this.#isAsking) this.#ask();
  }

  /** Looks whether it leads, still; `leads` tells of a change. */
  check(): Promise<void> {
    return this.#state === 'away' ? Promise.resolve() : this.#take('nobody');
  }

  heard(message: LeaseMessage): void {
    const { authorId, me } = this.#parts;
    if (message.authorId !== authorId || this.#state === 'away') return;
    if (message.type === 'ask') {
      if (this.isLeading) this.#parts.post({ type: 'leading', authorId, owner: me });
    } else if (message.type === 'free') {
      if (!this.isLeading) void this.#take({ owner: message.owner });
    } else if (this.isLeading) {
      void this.#take('nobody');
    } else {
      this.#rival = message.owner;
      this.#hasAnswered = true;
    }
  }

  async #take(from: TakenFrom): Promise<void> {
    const { leases, authorId, me, failed } = this.#parts;
    const stay = this.#stay;
    let owner: string;
    try {
      owner = await leases.take(authorId, me, from);
    } catch {
      if (stay === this.#stay) failed();
      return;
    }
    if (stay === this.#stay) {
      if (owner === me) this.#lead();
      else this.#follow(owner);
    } else if (owner === me && this.#state === 'away') {
      this.#free();
    }
  }

  #lead(): void {
    if (this.isLeading) return;
    const { post, authorId, me, leads } = this.#parts;
    this.#state = 'leading';
    this.#isAsking = false;
    this.#cancelTimer();
    post({ type: 'leading', authorId, owner: me });
    leads(true);
  }

  #follow(owner: string): void {
    const wasLeading = this.isLeading;
    this.#state = 'standing';
    this.#rival = owner;
    if (wasLeading) {
      // The lock as well, to whoever waits for it; then at the end of the queue again.
      this.#lock?.leave();
      this.#lock?.stand();
      this.#parts.leads(false);
    }
    if (!this.#isAsking) this.#ask();
  }

  #ask(): void {
    const { post, authorId, clock } = this.#parts;
    this.#isAsking = true;
    this.#hasAnswered = false;
    this.#cancelTimer();
    this.#cancelTimer = clock.after(TAB_LIMITS.leaseAnswerMs, () => {
      this.#isAsking = false;
      if (this.#hasAnswered) this.#cancelTimer = clock.after(TAB_LIMITS.leaseAskMs, () => this.#ask());
      else if (this.#rival !== undefined) void this.#take({ owner: this.#rival });
    });
    post({ type: 'ask', authorId });
  }

  #free(): void {
    const { leases, post, authorId, me } = this.#parts;
    leases.release(authorId);
    post({ type: 'free', authorId, owner: me });
  }
}
