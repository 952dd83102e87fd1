// When the list of members is read again (rule C17). It comes with a join; not at once, since many may be leaving, and everybody here
// reads it.
import type { Clock, Random } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';
import type { Members } from './members.ts';

export interface MembersReaderParts {
  readonly members: Members;
  readonly clock: Clock;
  readonly random: Random;
  readonly isJoined: () => boolean;
  /** Is something else being read? */
  readonly isBusy: () => boolean;
  /** It is under way until `stop`. */
  readonly read: () => void;
}

export class MembersReader {
  readonly #parts: MembersReaderParts;
  #cancel: (() => void) | undefined;

  constructor(parts: MembersReaderParts) {
    this.#parts = parts;
  }

  readLater(): void {
    const { members, clock, random } = this.#parts;
    if (this.#cancel !== undefined || !members.isWorthReading) return;
    const waitMs = (CLIENT_LIMITS.membersAgainMs / 2) * (1 + random.fraction());
    this.#cancel = clock.after(waitMs, () => this.#due());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #due(): void {
    const { members, isJoined, isBusy, read } = this.#parts;
    const isWanted = isJoined() && members.isWorthReading;
    // Under way until it is answered: no second one in the meantime.
    if (isWanted && !isBusy()) {
      read();
      return;
    }
    this.#cancel = undefined;
    if (isWanted) this.readLater();
  }
}
