// One run: a world out of a seed, some steps of weather, then calm, and everything has to come right.
import { type Mutation, NONE } from './mutations.ts';
import { Weather } from './weather.ts';
import { BrokenPromise, type LogKind, World } from './world.ts';

/** Steps of a run, unless somebody asks for more. */
export const STEPS = 60;
/** After the last fault, everything has come right within this, in simulated milliseconds. */
const HEALING_MS_MAX = 180_000;
const HEALING_STEP_MS = 2_000;

export interface RunOptions {
  readonly seed: number;
  readonly steps?: number;
  /** `memory`, unless somebody asks for the log on a disk. */
  readonly log?: LogKind;
  readonly mutation?: Mutation;
  readonly isTraced?: boolean;
}

export interface RunResult {
  readonly seed: number;
  /** How many steps were done, all of them unless a promise broke. */
  readonly steps: number;
  /** The promise that broke, in a sentence. Undefined: all were kept. */
  readonly broken: string | undefined;
  readonly trace: readonly string[];
  readonly drafts: number;
  readonly simulatedMs: number;
}

export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, steps = STEPS, log = 'memory', mutation = NONE, isTraced = false } = options;
  const world = new World({ seed, log, mutation, isTraced });
  const weather = new Weather(world, seed);
  let step = 0;
  let broken: string | undefined;
  try {
    await world.begin();
    for (; step < steps; step += 1) await world.pass(await weather.step());
    weather.calm();
    world.diary.note('weather', () => 'all faults end');
    await heal(world);
    await weather.lastWord();
    await heal(world);
    await judge(world);
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error;
    broken = error.message;
  } finally {
    await world.end();
  }
  const { drafts, time, diary } = world;
  return { seed, steps: step, broken, trace: diary.lines, drafts: drafts.count, simulatedMs: time.now };
}

async function heal(world: World): Promise<void> {
  let unrest: string | undefined;
  for (let ms = 0; ms < HEALING_MS_MAX; ms += HEALING_STEP_MS) {
    await world.pass(HEALING_STEP_MS);
    unrest = world.unrest();
    if (unrest === undefined) return;
  }
  throw new BrokenPromise(`${HEALING_MS_MAX / 1000} s after the last fault ${unrest}`);
}

async function judge(world: World): Promise<void> {
  const objection = (await world.database.objection()) ?? world.drafts.objection();
  if (objection !== undefined) throw new BrokenPromise(objection);
}
