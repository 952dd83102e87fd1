// The slope of a line through points of which some are off by much, as memory is that has just been collected or is just about to be:
// the median of the slopes between all pairs of them (Theil and Sen). Pure.
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** 0 of fewer than two. */
export function medianSlope(points: readonly PlanePoint[]): number {
  const slopes = points
    .flatMap((one, index) =>
      points
        .slice(index + 1)
        .flatMap((other) => (other.x === one.x ? [] : [(other.y - one.y) / (other.x - one.x)])),
    )
    .toSorted((a, b) => a - b);
  const middle = (slopes.length - 1) / 2;
  return ((slopes[Math.floor(middle)] ?? 0) + (slopes[Math.ceil(middle)] ?? 0)) / 2;
}
