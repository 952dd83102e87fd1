// What a run has going: the server that is measured, and the processes that make the load. Whoever takes it apart leaves nothing behind.
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { CapacityEvent } from '../event.ts';
import { Fleet } from '../load/fleet.ts';
import { STEPS_MAX } from '../load/stamp.ts';
import { type CapacityPlan, isOwn } from '../plan.ts';
import { type Cores, dividedCores } from '../process/program.ts';
import { findServer } from '../target/found-server.ts';
import { startSocketioRoom, startWireroom } from '../target/started-server.ts';
import type { RunningTarget } from '../target/target.ts';
import type { Stage } from './step-measurement.ts';
import type { Surroundings } from './words.ts';

export interface RunClock {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Ends with what it consists of. */
export type OpenStage = Stage & { end(): Promise<void> };

/** Without cores of its own to go by: so many processes at most. */
const GENERATORS_USUAL_MAX = 4;

export class Stages {
  readonly cores: Cores | undefined = dividedCores();
  readonly #plan: CapacityPlan;
  readonly #clock: RunClock;
  readonly #say: (event: CapacityEvent) => void;
  /** Where the run's clock has its zero, in microseconds of the clock that all processes of the machine share. */
  readonly #clockZero: number;
  readonly #fleets = new Set<Fleet>();
  readonly #targets = new Set<RunningTarget>();
  #step = randomBytes(2).readUInt16BE() % STEPS_MAX;

  constructor(plan: CapacityPlan, clock: RunClock, say: (event: CapacityEvent) => void) {
    this.#plan = plan;
    this.#clock = clock;
    this.#say = say;
    this.#clockZero = Number(process.hrtime.bigint() / 1000n) - clock.now() * 1e3;
  }

  /** Is the server one that the run starts, and can start as often as it likes? */
  get isOwn(): boolean {
    return isOwn(this.#plan.target);
  }

  get generators(): number {
    return (
      this.#plan.generators ??
      Math.min(GENERATORS_USUAL_MAX, Math.max(1, this.cores?.load.length ?? availableParallelism() - 1))
    );
  }

  /** The server, and processes for its load. Rejects with CapacityError. */
  async open(): Promise<OpenStage> {
    const target = await this.#target();
    this.#targets.add(target);
    const stage = this.#stageOn(target);
    return {
      ...stage,
      end: async () => {
        await stage.end();
        await target.end();
        this.#targets.delete(target);
      },
    };
  }

  /** Other processes for the load of a server that runs: what those have is gone with them. */
  beside({ target }: Stage): OpenStage {
    return this.#stageOn(target);
  }

  /** What the machine gives to both. */
  around({ target }: Stage): Surroundings {
    return {
      ...{ target, generators: this.generators, isOwn: this.isOwn },
      ...{ isPinned: this.cores !== undefined, cores: availableParallelism() },
    };
  }

  /** At once: for a run that is cut. */
  async endLoads(): Promise<void> {
    await Promise.all([...this.#fleets].map((fleet) => fleet.end()));
  }

  async endAll(): Promise<void> {
    await this.endLoads();
    await Promise.all([...this.#targets].map((target) => target.end()));
  }

  #stageOn(target: RunningTarget): OpenStage {
    const fleet = new Fleet(
      { door: target.door, clockZero: this.#clockZero, run: randomBytes(3).toString('hex') },
      Array.from({ length: this.generators }, (_, index) => this.#coreFor(index)),
    );
    this.#fleets.add(fleet);
    return {
      ...{ fleet, target, say: this.#say, now: this.#clock.now, wait: this.#clock.wait },
      nextStep: () => {
        this.#step += 1;
        return this.#step;
      },
      end: async () => {
        await fleet.end();
        this.#fleets.delete(fleet);
      },
    };
  }

  /** Each process has one of the load's cores to itself, as long as there are enough; of a server that was found they stay free. */
  #coreFor(index: number): readonly number[] | undefined {
    const load = this.isOwn ? this.cores?.load : undefined;
    const core = load?.[index % load.length];
    return core === undefined ? undefined : [core];
  }

  #target(): Promise<RunningTarget> {
    const { target } = this.#plan;
    const options = { cores: this.cores?.server, coresInAll: availableParallelism() };
    switch (target.kind) {
      case 'own':
        return startWireroom(target.launcher, { ...options, dataDir: target.dataDir });
      case 'wireroom':
        return findServer({ ...target, event: '' });
      case 'socketio': {
        const { url, event } = target;
        return url === undefined
          ? startSocketioRoom(event, options)
          : findServer({ kind: 'socketio', url, event, room: '' });
      }
    }
  }
}
