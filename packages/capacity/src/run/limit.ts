// What held a load back: the server, the processes that make the load, or nothing. Pure.
import type { Step } from '../report.ts';

/** A process that has had so much of a core had no more to give. */
const BUSY_CORES = 0.9;
/** What the generators add to a latency by being late themselves: harmless below this, and below this share of the p99. */
const DELAY_MS_MIN = 5;
const DELAY_SHARE_MAX = 0.4;
/** So much of what was due has to arrive in the same time, */
const SHARE_MIN = 0.95;
/** but for what is under way at the end and was not at the begin: a message or two, and what is posted in so long. */
const UNDER_WAY_MESSAGES = 2;
const UNDER_WAY_SECONDS = 0.1;

/** What other programs may take of the server's cores before it counts. */
const OTHERS_CORES_MAX = 0.1;

/** Did other programs run where the server was to be alone? */
export function isDisturbed(step: Pick<Step, 'server'>): boolean {
  return othersOf(step) > OTHERS_CORES_MAX;
}

/** Of two measurements of one load, that in which others had less of the server's cores, whatever came of it. */
export function quieterOf<T extends { readonly step: Pick<Step, 'server'> }>(one: T, other: T): T {
  return othersOf(other.step) < othersOf(one.step) ? other : one;
}

const othersOf = ({ server }: Pick<Step, 'server'>): number => server?.othersCores ?? 0;

/** What was posted and what arrived, both in the seconds that counted; `refused` and `lost` of the whole step. */
export interface Flow {
  readonly readers: number;
  readonly seconds: number;
  /** Posts that were due: what was asked, as chance had it. */
  readonly due: number;
  readonly deliveries: number;
  readonly refused: number;
  readonly lost: number;
}

/** Did the server fall behind, or leave something out? Compared with what was really posted: at low rates chance decides how much. */
export function isHeldBack({ readers, seconds, due, deliveries, refused, lost }: Flow): boolean {
  const underWay = UNDER_WAY_MESSAGES + (due / seconds) * UNDER_WAY_SECONDS;
  return refused > 0 || lost > 0 || deliveries < (due * SHARE_MIN - underWay) * readers;
}

export interface Circumstances {
  readonly isHeldBack: boolean;
  /** That the server may use; undefined where that is not known. */
  readonly cores: number | undefined;
}

export function limitOf(step: Omit<Step, 'limitedBy'>, around: Circumstances): Step['limitedBy'] {
  const { latencyMs, generatorDelayMsP99 } = step;
  if (step.generatorCpuCores >= BUSY_CORES) return 'generator';
  if (generatorDelayMsP99 > DELAY_MS_MIN && generatorDelayMsP99 > latencyMs.p99 * DELAY_SHARE_MAX)
    return 'generator';
  return around.isHeldBack || isServerBusy(step, around.cores) ? 'server' : 'nothing';
}

function isServerBusy({ server }: Omit<Step, 'limitedBy'>, cores: number | undefined): boolean {
  if (server === undefined) return false;
  return (
    (server.busiestThreadCores ?? 0) >= BUSY_CORES ||
    (cores !== undefined && server.cpuCores >= cores * BUSY_CORES)
  );
}
