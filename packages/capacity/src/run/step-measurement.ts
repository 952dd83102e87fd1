// One load, measured: the room gets its readers, the senders post, and once they have settled in, what arrives in the next seconds
// counts; then everything that is under way is waited for. What is seen meanwhile is sampler.ts's affair.
import type { CapacityEvent } from '../event.ts';
import type { Fleet, FleetState, StepSum } from '../load/fleet.ts';
import { STEPS_MAX } from '../load/stamp.ts';
import type { Mix } from '../mix.ts';
import type { Work } from '../model/cost-model.ts';
import type { Step } from '../report.ts';
import type { RunningTarget } from '../target/target.ts';
import { spentBetween } from '../target/usage.ts';
import { isHeldBack, limitOf } from './limit.ts';
import { busiestOf, type Reading, Sampler } from './sampler.ts';

/** What a measurement is made with. */
export interface Stage {
  readonly fleet: Fleet;
  readonly target: RunningTarget;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  /** Rejects as soon as the run is cut. */
  readonly wait: (ms: number) => Promise<void>;
  readonly say: (event: CapacityEvent) => void;
  /** A number that no other step of this run has. */
  readonly nextStep: () => number;
}

export interface StepPlan {
  readonly phase: Step['phase'];
  readonly mix: Mix;
  readonly seconds: number;
  readonly warmSeconds: number;
}

export interface MeasuredStep {
  readonly step: Step;
  /** Did the server fall behind? What it did then is no answer to what was asked. */
  readonly isHeldBack: boolean;
  /** What was really done, in a second. */
  readonly work: Work;
  /** Around a text, as it came. */
  readonly envelopeBytes: number;
  /** Messages that were stored, from the first to the last. */
  readonly stored: number;
  readonly rateLimited: number;
}

/** Between the order and the first post: every process has heard it by then. */
const LEAD_MS = 150;
const DRAIN_LOOK_MS = 100;
/** Nothing came for so long: what is missing is missing. */
const DRAIN_STILL_MS = 3_000;
const DRAIN_MAX_MS = 30_000;
/** Of few posts the latest one or two are chance, and no hundredth. */
const DELAYS_APART = 2;

export async function measureStep(stage: Stage, plan: StepPlan): Promise<MeasuredStep> {
  const { fleet, say, now } = stage;
  const { mix, seconds, warmSeconds } = plan;
  await resize(stage, mix);
  say({ type: 'activity', text: `${mix.readers} readers, ${mix.senders} senders`, mix });
  const begins = now() + LEAD_MS;
  const counts = begins + warmSeconds * 1e3;
  const ends = counts + seconds * 1e3;
  const step = stage.nextStep() % STEPS_MAX;
  const micros = { beginsAt: begins * 1e3, countsFrom: counts * 1e3, endsAt: ends * 1e3 };
  await fleet.begin(mix, { step, seed: step, ...micros });
  const sampler = new Sampler(stage);
  await sampler.until(counts);
  const before = await sampler.look();
  await sampler.until(ends);
  const after = await sampler.look();
  const { counts: total } = await drained(stage, after.state, mix.readers);
  const sum = await fleet.finish();
  return {
    ...stepOf({ plan, sum, total, before, after, memoryBytes: sampler.memoryMost, target: stage.target }),
    work: workIn(sum, plan),
    envelopeBytes: sum.envelopeBytes,
    stored: total.sent - total.refused,
    rateLimited: total.rateLimited,
  };
}

async function resize({ fleet, say }: Stage, mix: Mix): Promise<void> {
  const more = mix.readers - fleet.readers;
  if (more === 0) return;
  say({ type: 'activity', text: `${Math.abs(more)} readers ${more > 0 ? 'enter' : 'leave'}`, mix });
  await fleet.resize(mix.readers);
}

/** Resolves when every reader has everything, or when nothing comes any more. */
async function drained(stage: Stage, first: FleetState, readers: number): Promise<FleetState> {
  const { now, wait, fleet } = stage;
  const begunAt = now();
  let movedAt = begunAt;
  let state = first;
  const isDone = ({ counts }: FleetState): boolean =>
    counts.got >= (counts.sent - counts.refused) * readers &&
    (counts.acknowledged === 0 || counts.acknowledged + counts.refused >= counts.sent);
  do {
    await wait(DRAIN_LOOK_MS);
    const next = await fleet.state();
    if (next.counts.got !== state.counts.got || next.counts.acknowledged !== state.counts.acknowledged)
      movedAt = now();
    state = next;
  } while (!isDone(state) && now() - movedAt < DRAIN_STILL_MS && now() - begunAt < DRAIN_MAX_MS);
  return state;
}

interface Seen {
  readonly plan: StepPlan;
  readonly sum: StepSum;
  readonly total: FleetState['counts'];
  readonly before: Reading;
  readonly after: Reading;
  readonly memoryBytes: number;
  readonly target: RunningTarget;
}

function stepOf(seen: Seen): Pick<MeasuredStep, 'step' | 'isHeldBack'> {
  const { plan, sum, total, before, after, memoryBytes, target } = seen;
  const { mix, phase, seconds } = plan;
  const spent = before.usage && after.usage && spentBetween(before.usage, after.usage);
  const measured: Omit<Step, 'limitedBy'> = {
    ...{ phase, mix, seconds },
    postsPerSecond: sum.postsCounted / seconds,
    deliveriesPerSecond: sum.deliveriesCounted / seconds,
    latencyMs: sum.latency.quantiles(),
    ...(sum.acks.total > 0 && { ackMs: sum.acks.quantiles() }),
    lost: Math.max(0, (total.sent - total.refused) * mix.readers - total.got),
    repeated: total.repeated,
    disordered: sum.disordered,
    refused: total.refused + (total.due - total.sent),
    ...(spent !== undefined && { server: { ...spent, memoryBytes } }),
    generatorCpuCores: busiestOf(before, after),
    generatorDelayMsP99: sum.delays.quantileMs(Math.min(0.99, 1 - DELAYS_APART / sum.delays.total)),
  };
  const isBehind = isHeldBack({
    ...{ readers: mix.readers, seconds, due: sum.dueCounted, deliveries: sum.deliveriesCounted },
    ...{ refused: measured.refused, lost: measured.lost },
  });
  const limitedBy = limitOf(measured, { isHeldBack: isBehind, cores: target.cores });
  return { step: { ...measured, limitedBy }, isHeldBack: isBehind };
}

function workIn(sum: StepSum, { mix, seconds }: StepPlan): Work {
  const deliveries = sum.deliveriesCounted / seconds;
  const writes = sum.readsCounted / seconds;
  return {
    messages: sum.postsCounted / seconds,
    deliveries,
    // What the server writes at once is read at once, as long as the readers have time.
    rounds: writes / mix.readers,
    writes,
    deliveredBytes: deliveries * mix.size,
  };
}
