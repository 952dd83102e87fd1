// How long to wait before trying again: exponential with full jitter, so that clients cut off together do not return together.
import type { Random } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';

/** `attempt` counts from 0. Anything from 0 to min(max, base · growth^attempt) milliseconds, evenly; `max` is larger in a long outage. */
export function backoffMs(attempt: number, random: Random): number {
  const isShort = attempt < CLIENT_LIMITS.backoffShortAttempts;
  const maxMs = isShort ? CLIENT_LIMITS.backoffMaxMs : CLIENT_LIMITS.backoffLongMaxMs;
  // Beyond that the maximum holds anyway, and the power stays a number.
  const ceilingMs = CLIENT_LIMITS.backoffBaseMs * CLIENT_LIMITS.backoffGrowth ** Math.min(attempt, 64);
  return Math.floor(random.fraction() * Math.min(maxMs, ceilingMs));
}

/** The wait that the server asked for, within reason, or else the back-off's own. */
export function retryDelayMs(retryAfterMs: number | undefined, attempt: number, random: Random): number {
  const ownMs = backoffMs(attempt, random);
  if (retryAfterMs === undefined || !Number.isFinite(retryAfterMs) || retryAfterMs < 0) return ownMs;
  // Asked to wait the same time, everybody would come at the same moment: the jitter is added, not replaced.
  return Math.min(retryAfterMs, CLIENT_LIMITS.retryAfterMaxMs) + Math.floor(ownMs / 4);
}
