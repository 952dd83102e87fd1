// What is asked, as a plan of the measuring package: the same for every server of a command. Wrong figures are told before anything
// starts.
import { readFileSync } from 'node:fs';
import {
  CAPACITY_LIMITS,
  CapacityError,
  type CapacityPlan,
  checkPlan,
  type TargetPlan,
} from '@wireroom/capacity';
import { UsageError } from '../usage-error.ts';
import type { MeasureArguments, TargetArgument } from './arguments.ts';
import { launcher } from './launcher.ts';
import { CLI_CAPACITY_LIMITS, PACE } from './limits.ts';

export function planOf(options: MeasureArguments, target: TargetArgument): CapacityPlan {
  const {
    mix,
    p99MsMax,
    readersMax = readersThatFit(),
    isQuick,
    seconds,
    withCosts,
    predictions,
    generators,
    command,
  } = options;
  const { warmSeconds, shares } = PACE[isQuick ? 'quick' : 'full'];
  return {
    target: targetOf(target),
    aim: p99MsMax === undefined ? { kind: 'ramp', shares } : { kind: 'search', p99MsMax, readersMax },
    ...{ mix, seconds, warmSeconds, withCosts, predictions, generators, command },
  };
}

const targetOf = (target: TargetArgument): TargetPlan =>
  target.kind === 'own' ? { kind: 'own', launcher: launcher() } : target;

/** So large a room as this process could open, and a server that is started by it; where that can be known. */
function readersThatFit(): number {
  const most = CAPACITY_LIMITS.readersMax;
  try {
    const files = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    return Number.isNaN(files)
      ? most
      : Math.min(most, Math.max(2, files - CLI_CAPACITY_LIMITS.openFilesKept));
  } catch {
    // Not Linux. What does not fit is told when it is known.
    return most;
  }
}

/** Throws a UsageError: a plan that cannot be done is a mistake in the command. */
export function checkPlans(options: MeasureArguments): void {
  try {
    for (const target of options.targets) checkPlan(planOf(options, target));
  } catch (error) {
    if (error instanceof CapacityError) throw new UsageError(error.message);
    throw error;
  }
}
