// Is the connection alive? After a silence it asks, and after a second silence it gives up. Whatever is heard is a sign of life.
import type { Clock } from './clock.ts';

export interface HeartbeatParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly ping: () => void;
  readonly dead: () => void;
}

export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #heardAt: number;
  #cancel: () => void;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#heardAt = parts.clock.now();
    this.#cancel = this.#listenFor(parts.intervalMs);
  }

  /** Costs one clock reading: the timer finds out later that there was life. */
  heard(): void {
    this.#heardAt = this.#parts.clock.now();
  }

  /** Asks now, without waiting for the silence to be long enough. */
  probe(): void {
    const { clock, timeoutMs } = this.#parts;
    this.#cancel();
    const askedAt = clock.now();
    this.#cancel = clock.after(timeoutMs, () => {
      if (this.#heardAt < askedAt) this.#parts.dead();
      else this.#cancel = this.#listenFor(this.#parts.intervalMs);
    });
    // Heard in the same millisecond as asked would pass for an answer.
    if (this.#heardAt === askedAt) this.#heardAt -= 1;
    this.#parts.ping();
  }

  stop(): void {
    this.#cancel();
  }

  #listenFor(ms: number): () => void {
    return this.#parts.clock.after(ms, () => {
      const silentMs = this.#parts.clock.now() - this.#heardAt;
      const restMs = this.#parts.intervalMs - silentMs;
      // A clock that was set back must not keep us waiting for hours.
      if (restMs > 0 && silentMs >= 0) this.#cancel = this.#listenFor(restMs);
      else this.probe();
    });
  }
}
