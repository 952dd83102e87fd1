// Which loads a plan consists of, how long each is held, and how long the whole takes as far as that is known. Pure.
import type { Phase } from '../event.ts';
import type { Mix } from '../mix.ts';
import { type CapacityPlan, isOwn, shareOf } from '../plan.ts';
import type { Step } from '../report.ts';
import { costMixes, messageMixes, testMixes } from './cost-mixes.ts';
import { idleSeconds } from './idle-phase.ts';

/** Loads that are for the model only are held this long, or as long as the others if that is shorter. */
const COST_SECONDS = 4;
const COST_WARM_SECONDS = 1;
/** Between loads: what is under way arrives. */
const AROUND_SECONDS = 0.6;
/** Readers who enter in a second. Of a crowd each comes twice: to become a member, and to stay. */
const ENTERING_PER_SECOND = 800;
const START_SECONDS = 2;
const END_SECONDS = 1;
const IDLE_MIN = 400;
const IDLE_MAX = 2_000;
/** Of a server of the run's own, where nobody else minds. */
const IDLE_OWN = 4_000;
/** A load is held for longer than was asked where so few post that too little would be learnt, but at most for so many times as long. */
const MESSAGES_MIN = 20;
const LONGER_MAX = 2;
/** A server that has just begun runs code that is not compiled yet: before anything is measured it has had this to do. */
export const WORK_IN = {
  ...{ seconds: 3, warmSeconds: 0 },
  mix: { readers: 200, senders: 20, rate: 7.5, size: 120 },
} as const;
const FRESH_SECONDS = 1 + WORK_IN.seconds + AROUND_SECONDS;

export function phasesOf({ aim, withCosts }: CapacityPlan): readonly Phase[] {
  return [
    'start',
    ...(withCosts ? (['idle', 'messages'] as const) : []),
    aim.kind,
    ...(withCosts ? (['costs', 'predict'] as const) : []),
    'end',
  ];
}

export function holdOf(
  plan: CapacityPlan,
  phase: Step['phase'],
  { senders, rate }: Mix,
): Pick<CapacityPlan, 'seconds' | 'warmSeconds'> {
  const isForCosts = phase === 'costs';
  const seconds = isForCosts ? Math.min(plan.seconds, COST_SECONDS) : plan.seconds;
  const wanted = Math.ceil(MESSAGES_MIN / (senders * rate));
  return {
    seconds: Math.min(Math.max(seconds, wanted), seconds * LONGER_MAX),
    warmSeconds: isForCosts ? Math.min(plan.warmSeconds, COST_WARM_SECONDS) : plan.warmSeconds,
  };
}

export function rampMixes({ aim, mix }: CapacityPlan): Mix[] {
  return aim.kind === 'ramp' ? aim.shares.map((share) => shareOf(mix, share)) : [];
}

export function predictedMixes({ predictions, mix }: CapacityPlan, readersMax: number): readonly Mix[] {
  return predictions.length > 0 ? predictions : testMixes(mix, readersMax);
}

/** Connections that are silent, for what one costs. */
export function idleCount({ mix, target }: CapacityPlan): number {
  return isOwn(target) ? IDLE_OWN : Math.min(IDLE_MAX, Math.max(IDLE_MIN, mix.readers));
}

/** Seconds of everything, in order. A search counts as that many steps. */
export function wholeItems(plan: CapacityPlan, searchSteps: number): number[] {
  const readersMax = Math.max(plan.mix.readers, ...rampMixes(plan).map(({ readers }) => readers));
  const before = plan.withCosts
    ? [idleSeconds(idleCount(plan)), ...messageMixes(plan.mix).map((mix) => lengthOf(plan, 'costs', mix))]
    : [];
  const curve =
    plan.aim.kind === 'ramp'
      ? rampMixes(plan).map((mix) => lengthOf(plan, 'ramp', mix) + enteringSeconds(mix.readers) / 2)
      : searchItems(plan, searchSteps);
  const start = START_SECONDS + (isOwn(plan.target) ? WORK_IN.seconds : 0);
  return [start, ...before, ...curve, ...restItems(plan, readersMax)];
}

export function searchItems(plan: CapacityPlan, steps: number): number[] {
  const { mix } = plan;
  return Array.from(
    { length: Math.max(0, steps) },
    () => lengthOf(plan, 'search', mix) + enteringSeconds(mix.readers),
  );
}

/** What comes after the curve. */
export function restItems(plan: CapacityPlan, readersMax: number): number[] {
  if (!plan.withCosts) return [END_SECONDS];
  const isFresh = isOwn(plan.target);
  const before = ({ readers }: Mix): number => (isFresh ? FRESH_SECONDS : 0) + enteringSeconds(readers);
  return [
    ...costMixes(plan.mix, readersMax).flatMap((room) =>
      room.map((mix, index) => lengthOf(plan, 'costs', mix) + (index === 0 ? before(mix) : 0)),
    ),
    ...predictedMixes(plan, readersMax).map((mix) => lengthOf(plan, 'predict', mix) + before(mix)),
    END_SECONDS,
  ];
}

const enteringSeconds = (readers: number): number => (2 * readers) / ENTERING_PER_SECOND;

function lengthOf(plan: CapacityPlan, phase: Step['phase'], mix: Mix): number {
  const { seconds, warmSeconds } = holdOf(plan, phase, mix);
  return seconds + warmSeconds + AROUND_SECONDS;
}
