// The bytes that waited on the connection as a line in steps: a value holds until the next one is known. Pure.
import type { Micros } from '@wireroom/capture';
import type { TimeWindow } from './time-window.ts';
import type { Waiting } from './timeline-events.ts';

export interface WaitingStep {
  readonly at: Micros;
  readonly bytes: number;
}

export interface WaitingSummary {
  readonly where: Waiting['where'];
  readonly most: WaitingStep;
  readonly last: WaitingStep;
}

const ENDS = ['browser', 'server'] as const;

/** Of one end, from the left edge of the window on: what held when it begins, then each change in it. `waiting` in order. */
export function stepsIn(
  waiting: readonly Waiting[],
  where: Waiting['where'],
  { from, to }: TimeWindow,
): readonly WaitingStep[] {
  const steps: WaitingStep[] = [];
  for (const { at, bytes, where: end } of waiting) {
    if (end !== where || at > to) continue;
    const isBefore = at <= from;
    if (isBefore) steps.length = 0;
    if (steps.at(-1)?.bytes !== bytes) steps.push({ at: isBefore ? from : at, bytes });
  }
  return steps;
}

/** As a path: level, then up or down, level to the window's end. Empty where nothing is known. */
export function curveOf(
  steps: readonly WaitingStep[],
  endX: number,
  place: { x(at: Micros): number; y(bytes: number): number },
): string {
  const [first, ...rest] = steps;
  if (first === undefined) return '';
  const begin = `M${place.x(first.at).toFixed(1)} ${place.y(first.bytes).toFixed(1)}`;
  const middle = rest.map(({ at, bytes }) => `H${place.x(at).toFixed(1)}V${place.y(bytes).toFixed(1)}`);
  return `${begin}${middle.join('')}H${endX.toFixed(1)}`;
}

/** Of each end that is known: the most that waited, the first time it did, and what waits at last. */
export function waitingSummaries(waiting: readonly Waiting[]): readonly WaitingSummary[] {
  return ENDS.flatMap((where) => {
    const own = waiting.filter((sample) => sample.where === where);
    const last = own.at(-1);
    if (last === undefined) return [];
    return [{ where, most: own.reduce((most, next) => (next.bytes > most.bytes ? next : most)), last }];
  });
}
