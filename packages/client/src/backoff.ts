// How long to wait before trying again: exponential with full jitter, so that clients cut off together do not return together.
import type { Random } from './clock.ts';
import { CLIENT_LIMITS } from './limits.ts';

/** `attempt` counts from 0. Anything from 0 to min(max, base · 2^attempt) milliseconds, evenly; `max` is larger in a long outage. */
export function backoffMs(attempt: number, random: Random): number {
  const { backoffBaseMs, backoffMaxMs, backoffShortAttempts, backoffLongMaxMs } = CLIENT_LIMITS;
  const maxMs = attempt < backoffShortAttempts ? backoffMaxMs : backoffLongMaxMs;
  // Beyond 2^16 the maximum holds anyway, and the power stays a number.
  const ceilingMs = Math.min(maxMs, backoffBaseMs * 2 ** Math.min(attempt, 16));
  return Math.floor(random.fraction() * ceilingMs);
}

/** The wait that the server asked for, within reason, or else the back-off's own. */
export function retryDelayMs(retryAfterMs: number | undefined, attempt: number, random: Random): number {
  const ownMs = backoffMs(attempt, random);
  if (retryAfterMs === undefined || !Number.isFinite(retryAfterMs) || retryAfterMs < 0) return ownMs;
  // Asked to wait the same time, everybody would come at the same moment: the jitter is added, not replaced.
  return Math.min(retryAfterMs, CLIENT_LIMITS.retryAfterMaxMs) + Math.floor(ownMs / 4);
}
