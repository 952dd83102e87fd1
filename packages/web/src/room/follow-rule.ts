// Does the reader want to stay at the newest entry? Told from how the list was scrolled: only a move upwards that they made
// themselves takes them away. A list that grows faster than it can be drawn is away from its end too, and corrects its
// position up and down while it learns how high its rows are; nobody asked it to. Pure.

export interface ScrollState {
  readonly top: number;
  /** Of the whole content. */
  readonly height: number;
  /** Of what is in sight. */
  readonly viewport: number;
  /** Milliseconds, on any clock. */
  readonly at: number;
  /** When wheel, finger, key or pointer last touched the list, on the same clock. */
  readonly touchedAt: number;
  /** When the content last changed its height. */
  readonly changedAt: number;
}

/** As close to the end as this, in pixels, counts as being there. */
export const AT_END_PX = 60;
/** Below this, in pixels, a move is rounding. */
const MOVE_MIN_PX = 2;
/** A move this soon after a touch is the reader's. */
const TOUCH_MS = 1_000;
/** A move of a list that has been as high for this long is nobody's correction. It may be a screen reader's, for instance. */
const QUIET_MS = 500;

export function follows(wasFollowing: boolean, before: ScrollState, now: ScrollState): boolean {
  if (now.height - now.top - now.viewport <= AT_END_PX) return true;
  const isMovedUp = now.top < before.top - MOVE_MIN_PX;
  const isTouched = now.at - now.touchedAt <= TOUCH_MS;
  // Content that shrinks (old rows dropped at the top) pulls the position up with it.
  const isSteady = now.height >= before.height && now.at - now.changedAt >= QUIET_MS;
  return wasFollowing && !(isMovedUp && (isTouched || isSteady));
}
