// What the plots are drawn through: which steps are points of which curve, and what the fitted costs foretell between them. Pure.
import type { Mix } from '../mix.ts';
import type { CapacityReport, Step } from '../report.ts';

/** The steps of the ramp or the search, by the size of the room. The last of those measured twice. */
export function curveOf({ steps }: Pick<CapacityReport, 'steps'>): Step[] {
  const byReaders = new Map<number, Step>();
  for (const step of steps) {
    if (step.phase === 'ramp' || step.phase === 'search') byReaders.set(step.mix.readers, step);
  }
  return [...byReaders.values()].toSorted((one, other) => one.mix.readers - other.mix.readers);
}

/**
 * Those whose memory is that of their own room. Of a model they have servers begun for one room each; the curve's steps have one for
 * all, which seldom gives back what a larger room before has taken.
 */
export function stepsOfOwnMemory({ steps }: Pick<CapacityReport, 'steps'>): Step[] {
  const ofModel = steps.filter(({ phase }) => phase === 'costs' || phase === 'predict');
  if (ofModel.length > 0) return ofModel;
  let most = 0;
  return steps.filter(({ mix }) => {
    const isLargest = mix.readers >= most;
    most = Math.max(most, mix.readers);
    return isLargest;
  });
}

/** A second, if everything goes through. */
export const deliveriesAsked = ({ readers, senders, rate }: Mix): number => senders * rate * readers;

const SMOOTH_POINTS = 24;

/** Sizes of rooms at which a model's line is drawn: even, from nobody to the largest that was measured. */
export const smoothSizes = (readersMax: number): number[] =>
  Array.from({ length: SMOOTH_POINTS + 1 }, (_, index) => (readersMax * index) / SMOOTH_POINTS);

/** The asked mix in a room of another size: the same share posts. */
export function mixAt(report: CapacityReport, readers: number): Mix {
  const { asked } = report;
  return { ...asked, readers, senders: (asked.senders / Math.max(1, asked.readers)) * readers };
}

/** The largest load that was carried in full: nothing lost, nothing refused, the server not the limit, the p99 kept. */
export function largestCarried(report: CapacityReport): Step | undefined {
  return curveOf(report).findLast((step) => isCarried(step, report.p99MsMax));
}

export function isCarried(step: Step, p99MsMax = Number.POSITIVE_INFINITY): boolean {
  // Of a load in which nothing arrived nothing can be said.
  if (step.deliveriesPerSecond === 0) return false;
  const isWhole = step.lost === 0 && step.refused === 0 && step.limitedBy === 'nothing';
  return isWhole && step.latencyMs.p99 <= p99MsMax;
}
