// The model's numbers out of what was measured. Pure. Two fits, one after the other: how what is posted gathers into rounds, from how
// often readers were written to; then what each kind of work costs, from the CPU time and the work that was really done.
import type { Mix } from '../mix.ts';
import {
  type CostModel,
  cpuOf,
  predictMemoryAt,
  roundsOf,
  type Work,
  withCold,
  workOf,
} from './cost-model.ts';
import { type Equation, leastSquares } from './least-squares.ts';

/** A load, what it was as work, and what it took. */
export interface CostPoint {
  readonly mix: Mix;
  readonly work: Work;
  readonly cpuCores: number;
}

export interface MemoryPoint {
  /** The most that have been there so far, of this server. */
  readonly readers: number;
  readonly bytes: number;
}

export interface MemorySeen {
  readonly points: readonly MemoryPoint[];
  /** Are they of servers begun for one room each? Of one that runs on, memory is what the largest load has left behind. */
  readonly isFresh: boolean;
}

/** What silence costs, measured by itself. */
export interface IdleCosts {
  readonly idleCores: number;
  readonly connectionMicros: number;
  readonly connectionBytes: number;
}

export interface CostFit {
  readonly model: CostModel;
  readonly r2: number;
  readonly worstErrorPercent: number;
  /** How far the points lie beside the model, root mean square; undefined where there are too few to say. */
  readonly spreadPercent: { readonly cpu: number | undefined; readonly memory: number | undefined };
}

export const COST_POINTS_MIN = 4;

/** Below this a measured time is mostly chance, and its relative error says nothing. */
const CORES_MIN = 0.01;

export function fitCosts(points: readonly CostPoint[], memory: MemorySeen, idle: IdleCosts): CostFit {
  const rest = {
    ...{ idleCores: idle.idleCores, connectionMicros: idle.connectionMicros },
    ...gatherOf(points),
    ...memoryOf(memory, idle),
  };
  const models = COLD_SHARES.flatMap((coldShare) =>
    COLD_CORES.map(
      (coldCores): CostModel => ({
        ...rest,
        coldShare,
        coldCores,
        ...workCosts(points, { idle, coldShare, coldCores }),
      }),
    ),
  );
  const model = models.reduce((best, each) =>
    errorOf(points, each) < errorOf(points, best) * 0.999 ? each : best,
  );
  return {
    ...{ model, ...goodness(points, model) },
    spreadPercent: {
      cpu: spreadOf(
        points.map(({ mix, work, cpuCores }) => {
          const predicted = cpuOf(model, mix.readers, workOf(doneMix(mix, work), model));
          return (predicted - cpuCores) / Math.max(cpuCores, CORES_MIN);
        }),
        CPU_FREEDOM,
      ),
      memory: spreadOf(
        memory.points.map(({ readers, bytes }) => (predictMemoryAt(model, readers) - bytes) / bytes),
        MEMORY_FREEDOM,
      ),
    },
  };
}

/** Numbers of the model that fit themselves to the points, and so take that much from the errors. */
const CPU_FREEDOM = 5;
const MEMORY_FREEDOM = 2;

function spreadOf(errors: readonly number[], freedom: number): number | undefined {
  if (errors.length <= freedom) return undefined;
  const squares = errors.reduce((sum, error) => sum + error * error, 0);
  return Math.sqrt(squares / (errors.length - freedom)) * 100;
}

/** Of nothing to 150 %, and gone by a fiftieth of a core or by a half. */
const COLD_SHARES = Array.from({ length: 16 }, (_, step) => step / 10);
const COLD_CORES = [0.02, 0.04, 0.08, 0.15, 0.3, 0.5] as const;

interface Cold {
  readonly idle: IdleCosts;
  readonly coldShare: number;
  readonly coldCores: number;
}

type WorkCosts = Pick<
  CostModel,
  'messageMicros' | 'roundMicros' | 'writeMicros' | 'deliveryMicros' | 'deliveryByteNanos'
>;

function workCosts(points: readonly CostPoint[], cold: Cold): WorkCosts {
  const { idle } = cold;
  const equations: Equation[] = points.map(({ mix, work, cpuCores }) => {
    const cores = withoutCold(Math.max(0, cpuCores - idle.idleCores), cold);
    return {
      terms: [work.messages, work.rounds, work.writes, work.deliveries, work.deliveredBytes],
      value: cores * 1e6 - idle.connectionMicros * mix.readers,
      weight: 1 / Math.max(cores, CORES_MIN) / 1e6,
    };
  });
  const [messageMicros = 0, roundMicros = 0, writeMicros = 0, deliveryMicros = 0, byteMicros = 0] =
    leastSquares(equations, 5);
  return { messageMicros, roundMicros, writeMicros, deliveryMicros, deliveryByteNanos: byteMicros * 1e3 };
}

/** What `withCold` was made from: it grows with what it is given, so halving finds it. */
function withoutCold(cores: number, cold: Cold): number {
  let low = 0;
  let high = cores;
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (withCold(middle, cold) < cores) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const HALVINGS = 40;

/** Relative, squared, of the work that was really done. */
function errorOf(points: readonly CostPoint[], model: CostModel): number {
  return points.reduce((sum, { mix, work, cpuCores }) => {
    const error = (cpuOf(model, mix.readers, work) - cpuCores) / Math.max(cpuCores, CORES_MIN);
    return sum + error * error;
  }, 0);
}

/** The time within which what comes goes out together: of many tried, the one by which rounds come out nearest to what was seen. */
export function gatherOf(
  points: readonly CostPoint[],
): Pick<CostModel, 'gatherMs' | 'gatherMicrosPerReader'> {
  const seen = points.filter(({ work }) => work.rounds >= ROUNDS_MIN);
  const distance = (gatherMs: number, gatherMicrosPerReader: number): number =>
    seen.reduce((sum, { mix, work }) => {
      const seconds = gatherMs / 1e3 + (gatherMicrosPerReader * mix.readers) / 1e6;
      const error = Math.log(roundsOf(work.messages, seconds) / work.rounds);
      return sum + error * error;
    }, 0);
  let best = { error: Number.POSITIVE_INFINITY, gatherMs: 0, gatherMicrosPerReader: 0 };
  for (const gatherMs of GATHER_MS)
    for (const gatherMicrosPerReader of GATHER_MICROS) {
      const error = distance(gatherMs, gatherMicrosPerReader);
      if (error < best.error - 1e-9) best = { error, gatherMs, gatherMicrosPerReader };
    }
  return { gatherMs: best.gatherMs, gatherMicrosPerReader: best.gatherMicrosPerReader };
}

/** A second: below this their number is chance. */
const ROUNDS_MIN = 4;
/** From nothing to 200 ms, and from nothing to 100 µs a reader, in steps of a tenth. */
const GATHER_MS = [0, ...Array.from({ length: 80 }, (_, step) => 0.1 * 1.1 ** step)];
const GATHER_MICROS = [0, ...Array.from({ length: 56 }, (_, step) => 0.5 * 1.1 ** step)];

/**
 * Of servers that had one room each, a line through rooms of different sizes; where these are too small to show in what the process
 * has, a reader takes no less than a silent connection. Otherwise a reader takes what a silent connection does,
 * and the rest is what the process has come to under all this load: it gives back little of what it once had, so the largest room that
 * it has seen is in it.
 */
function memoryOf(
  { points, isFresh }: MemorySeen,
  { connectionBytes }: IdleCosts,
): Pick<CostModel, 'baseBytes' | 'readerBytes'> {
  if (isFresh && new Set(points.map(({ readers }) => readers)).size > 1) {
    const [baseBytes = 0, readerBytes = 0] = leastSquares(
      points.map(({ readers, bytes }) => ({ terms: [1, readers], value: bytes, weight: 1 / bytes })),
      2,
    );
    if (readerBytes >= connectionBytes) return { baseBytes, readerBytes };
  }
  const bases = points.map(({ readers, bytes }) => bytes - readers * connectionBytes);
  if (isFresh && bases.length > 0)
    return {
      baseBytes: bases.reduce((sum, each) => sum + each, 0) / bases.length,
      readerBytes: connectionBytes,
    };
  return { baseBytes: Math.max(0, ...bases), readerBytes: connectionBytes };
}

/** Of the whole model, rounds foretold as well: as it is used. */
function goodness(points: readonly CostPoint[], model: CostModel): Pick<CostFit, 'r2' | 'worstErrorPercent'> {
  const mean = points.reduce((sum, { cpuCores }) => sum + cpuCores, 0) / points.length;
  let left = 0;
  let all = 0;
  let worst = 0;
  for (const { mix, work, cpuCores } of points) {
    const predicted = cpuOf(model, mix.readers, workOf(doneMix(mix, work), model));
    left += (predicted - cpuCores) ** 2;
    all += (cpuCores - mean) ** 2;
    worst = Math.max(worst, Math.abs(predicted - cpuCores) / Math.max(cpuCores, CORES_MIN));
  }
  return { r2: all === 0 ? 1 : 1 - left / all, worstErrorPercent: worst * 100 };
}

/** What was really posted: a few seconds have a message more or less than was asked. */
function doneMix(mix: Mix, { messages }: Work): Mix {
  return { ...mix, rate: messages / mix.senders };
}
