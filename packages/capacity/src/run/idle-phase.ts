// What connections cost that only are there: they come in steps, and after each step the server's memory is read once it has settled.
// Of a server of the run's own it is one by itself, so that nothing else is in its memory.
import type { IdleCosts } from '../model/cost-fit.ts';
import { medianSlope } from '../model/median-slope.ts';
import { spentBetween, type Usage } from '../target/usage.ts';
import type { Stage } from './step-measurement.ts';

export interface IdleMeasured extends IdleCosts {
  readonly handshakeCpuMicros: number;
}

const STEPS = 5;
/** What the first connections bring is not theirs: code is compiled, memory is taken in steps. */
export const IDLE_BEFORE = 256;
const SETTLE_MS = 1_000;
const QUIET_MS = 3_000;

export function idleSeconds(count: number): number {
  return (STEPS * SETTLE_MS + 2 * QUIET_MS + SETTLE_MS) / 1e3 + count / 800;
}

/** Undefined where the server's process cannot be asked. */
export async function measureIdle(stage: Stage, count: number): Promise<IdleMeasured | undefined> {
  const { say, wait, target, fleet } = stage;
  const read = (): Promise<Usage | undefined> => target.usage.read();
  say({ type: 'activity', text: 'an empty room' });
  await fleet.greet(Math.min(IDLE_BEFORE, count));
  await wait(SETTLE_MS);
  const empty = await read();
  await wait(QUIET_MS);
  let before = await read();
  if (empty === undefined || before === undefined) return undefined;
  const idleCores = spentBetween(empty, before).cpuCores;
  const points = [{ x: 0, y: before.memoryBytes }];
  const each = Math.max(1, Math.round(count / STEPS));
  let handshakeSeconds = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    say({ type: 'activity', text: `${step * each} idle connections` });
    await fleet.greet(each);
    const greeted = await read();
    await wait(SETTLE_MS);
    const settled = await read();
    if (greeted === undefined || settled === undefined) return undefined;
    const seconds = (greeted.at - before.at) / 1e3;
    handshakeSeconds += Math.max(0, greeted.cpuSeconds - before.cpuSeconds - idleCores * seconds);
    points.push({ x: step * each, y: settled.memoryBytes });
    before = settled;
  }
  await wait(QUIET_MS);
  const after = await read();
  if (after === undefined) return undefined;
  const withAll = spentBetween(before, after).cpuCores;
  const connections = STEPS * each;
  return {
    idleCores,
    connectionMicros: Math.max(0, ((withAll - idleCores) / connections) * 1e6),
    connectionBytes: Math.max(0, medianSlope(points)),
    handshakeCpuMicros: (handshakeSeconds / connections) * 1e6,
  };
}
