// How fast it comes, from what came lately, and how long the rest takes at that. Pure: the caller brings the times.

/** What is looked back on, in milliseconds: long enough to be calm, short enough to notice a change. */
const WINDOW_MS = 8_000;
/** Below this there is nothing to tell a speed from. */
const KNOWN_AFTER_MS = 700;
/** Points kept: more would be nearer in time to each other than anybody sees. */
const POINTS_MAX = 64;

interface Point {
  readonly at: number;
  readonly bytes: number;
}

export class Rate {
  #points: Point[] = [];

  /** `bytes`: all that have come so far. */
  add(at: number, bytes: number): void {
    const newest = this.#points.at(-1);
    if (newest !== undefined && at - newest.at < WINDOW_MS / POINTS_MAX) return;
    this.#points.push({ at, bytes });
    while (this.#points.length > POINTS_MAX || (this.#points[1] && at - this.#points[1].at > WINDOW_MS))
      this.#points.shift();
  }

  /** After a pause: what was before says nothing about what comes. */
  restart(): void {
    this.#points = [];
  }

  bytesPerSecond(): number | undefined {
    const [oldest] = this.#points;
    const newest = this.#points.at(-1);
    if (oldest === undefined || newest === undefined || newest.at - oldest.at < KNOWN_AFTER_MS)
      return undefined;
    return Math.max(0, ((newest.bytes - oldest.bytes) / (newest.at - oldest.at)) * 1000);
  }
}

/** Whole seconds, at least one; undefined where nothing comes, or where more has come than was estimated. */
export function secondsLeft(bytes: number, bytesOfAll: number, bytesPerSecond: number): number | undefined {
  if (bytesPerSecond <= 0 || bytes >= bytesOfAll) return undefined;
  return Math.max(1, Math.ceil((bytesOfAll - bytes) / bytesPerSecond));
}
