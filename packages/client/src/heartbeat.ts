// Is the connection alive? After a silence it asks, and after a second silence it gives up. Whatever is heard is a sign of life.
// A server that speaks by itself in every interval need not be asked: from it, silence alone says enough.
import type { Clock } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';

export interface HeartbeatParts {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly isServerBeating: boolean;
  readonly ping: () => void;
  readonly dead: () => void;
}

export interface Heartbeat {
  /** Costs one clock reading: the timer finds out later that there was life. */
  heard(): void;
  /** Asks now, without waiting for the silence to be long enough. */
  probe(): void;
  stop(): void;
}

export function heartbeat(parts: HeartbeatParts): Heartbeat {
  const { clock, intervalMs, timeoutMs, isServerBeating, ping, dead } = parts;
  const patienceMs = intervalMs + (isServerBeating ? timeoutMs : 0);
  let heardAt = clock.now();
  let cancel: () => void;

  const listenFor = (ms: number): void => {
    const dueAt = clock.now() + ms;
    cancel = clock.after(ms, () => {
      const now = clock.now();
      const silentMs = now - heardAt;
      // A clock that jumped (back, or while the machine slept) says nothing about the server: it is asked.
      const hasJumped = silentMs < 0 || now - dueAt > CLIENT_LIMITS.lateTimerMs;
      if (hasJumped) probe();
      else if (silentMs < patienceMs) listenFor(patienceMs - silentMs);
      else if (isServerBeating) dead();
      else probe();
    });
  };

  const probe = (): void => {
    cancel();
    const askedAt = clock.now();
    cancel = clock.after(timeoutMs, () => {
      if (heardAt < askedAt) dead();
      else listenFor(patienceMs);
    });
    // Heard in the same millisecond as asked would pass for an answer.
    if (heardAt === askedAt) heardAt -= 1;
    ping();
  };

  listenFor(patienceMs);
  return {
    heard: () => {
      heardAt = clock.now();
    },
    probe,
    stop: () => cancel(),
  };
}
