// Looks at server and load once a second while a step runs, and tells what came since the last look.
import type { FleetState } from '../load/fleet.ts';
import { spentBetween, type Usage } from '../target/usage.ts';
import type { Stage } from './step-measurement.ts';

export interface Reading {
  /** Milliseconds on the run's clock. */
  readonly at: number;
  readonly usage: Usage | undefined;
  readonly state: FleetState;
}

const SAMPLE_MS = 1_000;

export class Sampler {
  readonly #stage: Stage;
  #last: Reading | undefined;
  #memoryMost = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** The most memory that the server had in any look; what it has at one moment is up to when garbage was last collected. */
  get memoryMost(): number {
    return this.#memoryMost;
  }

  /** Resolves at that moment of the run's clock. */
  async until(end: number): Promise<void> {
    const { now, wait } = this.#stage;
    for (let left = end - now(); left > 0; left = end - now()) {
      await wait(Math.min(left, SAMPLE_MS));
      if (end - now() > 0) await this.look();
    }
  }

  async look(): Promise<Reading> {
    const { fleet, target, now } = this.#stage;
    const [usage, state] = await Promise.all([target.usage.read(), fleet.state()]);
    const seen = { at: now(), usage, state };
    this.#memoryMost = Math.max(this.#memoryMost, usage?.memoryBytes ?? 0);
    const last = this.#last;
    this.#last = seen;
    if (last !== undefined && seen.at > last.at) this.#tell(last, seen);
    return seen;
  }

  #tell(last: Reading, seen: Reading): void {
    const seconds = (seen.at - last.at) / 1e3;
    const spent = last.usage && seen.usage && spentBetween(last.usage, seen.usage);
    const { counts, recent, connections } = seen.state;
    this.#stage.say({
      type: 'sample',
      sample: {
        atSeconds: seen.at / 1e3,
        connections,
        postsPerSecond: (counts.sent - last.state.counts.sent) / seconds,
        deliveriesPerSecond: (counts.got - last.state.counts.got) / seconds,
        latencyMs: recent.total === 0 ? undefined : recent.quantiles(),
        ...(spent !== undefined && { serverCpuCores: spent.cpuCores, serverMemoryBytes: spent.memoryBytes }),
        generatorCpuCores: busiestOf(last, seen),
      },
    });
  }
}

/** Seconds of CPU a second, of the process of the load that had most. */
export function busiestOf(before: Reading, after: Reading): number {
  const seconds = (after.at - before.at) / 1e3;
  return Math.max(
    ...after.state.cpuMicros.map(
      (micros, index) => (micros - (before.state.cpuMicros[index] ?? 0)) / 1e6 / seconds,
    ),
  );
}
