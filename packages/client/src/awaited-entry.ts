// An entry that was acknowledged and has to come by the feed. If it does not come by itself, it is asked for (rule C10).
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';

export interface AwaitedEntryParts {
  readonly clock: Clock;
  /** It has not come: the log has this seq. */
  readonly missing: (seq: number) => void;
}

export class AwaitedEntry {
  readonly #parts: AwaitedEntryParts;
  #seq = 0;
  #cancel: (() => void) | undefined;

  constructor(parts: AwaitedEntryParts) {
    this.#parts = parts;
  }

  await(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    this.#cancel ??= this.#parts.clock.after(CLIENT_LIMITS.entryGraceMs, () => {
      this.#cancel = undefined;
      this.#parts.missing(this.#seq);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#seq = 0;
  }
}
