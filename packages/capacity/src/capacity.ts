// A capacity run from outside: begun with a plan, watched by its events, cut at any moment, ended with a report. The order of what is
// measured is in run/course.ts.
import type { CapacityEvent, CapacityOptions, CapacityRun } from './event.ts';
import { type CapacityPlan, checkPlan } from './plan.ts';
import type { CapacityReport } from './report.ts';
import { Course } from './run/course.ts';

/** Throws CapacityError at once if the plan cannot be done. */
export function startCapacity(plan: CapacityPlan, options: CapacityOptions = {}): CapacityRun {
  checkPlan(plan);
  const say = (event: CapacityEvent): void => options.onEvent?.(event);
  const course = new Course(plan, say);
  const onAbort = (): void => course.cut(reasonOf(options.signal));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const finished = course.run().finally(() => options.signal?.removeEventListener('abort', onAbort));
  if (options.signal?.aborted === true) onAbort();
  return { finished, reportSoFar: () => course.report() };
}

/** The report of a whole run; rejects with CapacityError if nothing could be measured. */
export async function measureCapacity(
  plan: CapacityPlan,
  options: CapacityOptions = {},
): Promise<CapacityReport> {
  return startCapacity(plan, options).finished;
}

function reasonOf(signal: AbortSignal | undefined): string {
  return typeof signal?.reason === 'string' ? signal.reason : 'It was stopped.';
}
