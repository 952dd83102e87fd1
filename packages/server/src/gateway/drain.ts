// Emptying the house before a restart: who is told when to come back, and how fast connections are closed. Knows no protocol:
// each gateway says goodbye in its own words. The setting is DRAIN_WINDOW; the formula stands here and nowhere else.
import { GATEWAY_LIMITS } from './limits.ts';

/** A connection that can be sent away. */
export interface Leaver {
  /** Tells the client when to come back, where its protocol has words for it, and closes. */
  leave(reconnectAfterMs: number): void;
}

export interface DrainOptions {
  /** The setting; undefined: as long as so many clients need. */
  readonly windowMs: number | undefined;
  readonly pause: (ms: number) => Promise<void>;
}

const { restartMs, returnsPerSecond, returnWindowMsMin, closesPerSlice, closeSliceMs, closeSlicesMax } =
  GATEWAY_LIMITS.drain;

/** How long the clients take to come back, from the first to the last. */
export function returnWindowMs(clients: number, windowMs: number | undefined): number {
  return windowMs ?? Math.max(returnWindowMsMin, Math.ceil((clients / returnsPerSecond) * 1000));
}

/**
 * Sends everybody away, some at a time, so that those who are still here are served meanwhile. Nobody is to come back before a
 * restart can be over; from then on they come one after another, evenly over the window, whatever the order of closing.
 */
export async function drain(leavers: readonly Leaver[], { windowMs, pause }: DrainOptions): Promise<void> {
  const count = leavers.length;
  const sliceSize = Math.max(closesPerSlice, Math.ceil(count / closeSlicesMax));
  const lastSlice = Math.max(0, Math.ceil(count / sliceSize) - 1);
  const spread = returnWindowMs(count, windowMs);
  for (let slice = 0; slice <= lastSlice; slice++) {
    if (slice > 0) await pause(closeSliceMs);
    const untilLastMs = (lastSlice - slice) * closeSliceMs;
    const first = slice * sliceSize;
    for (const [index, leaver] of leavers.slice(first, first + sliceSize).entries()) {
      const returnsAtMs = (spread * (first + index)) / count;
      leaver.leave(Math.round(untilLastMs + restartMs + returnsAtMs));
    }
  }
}
