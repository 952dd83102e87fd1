// A measuring package for tests of the command: it tells what a test wants it to tell, and ends when it is told to. Measures nothing.
import {
  CapacityError,
  type CapacityEvent,
  type CapacityPlan,
  type CapacityReport,
  type Sample,
  type Step,
} from '@wireroom/capacity';
import type { Measure } from './session.ts';

export const SAMPLE: Sample = {
  atSeconds: 1,
  connections: 1000,
  postsPerSecond: 4,
  deliveriesPerSecond: 4000,
  latencyMs: { p50: 2.5, p95: 6, p99: 12, max: 20 },
  serverCpuCores: 0.31,
  serverMemoryBytes: 90 * 2 ** 20,
  generatorCpuCores: 0.12,
};

export const STEP: Step = {
  phase: 'ramp',
  mix: { readers: 1000, senders: 20, rate: 0.2, size: 120 },
  seconds: 10,
  postsPerSecond: 4,
  deliveriesPerSecond: 4000,
  latencyMs: { p50: 2.5, p95: 6, p99: 12, max: 20 },
  lost: 0,
  repeated: 0,
  disordered: 0,
  refused: 0,
  server: { cpuCores: 0.31, memoryBytes: 90 * 2 ** 20 },
  generatorCpuCores: 0.12,
  generatorDelayMsP99: 0.4,
  limitedBy: 'nothing',
};

export function reportFor(plan: CapacityPlan, changes: Partial<CapacityReport> = {}): CapacityReport {
  const kind = plan.target.kind;
  return {
    v: 1,
    startedAt: '2026-11-20T10:00:00.000Z',
    finishedAt: '2026-11-20T10:01:00.000Z',
    isComplete: true,
    command: plan.command,
    machine: { cpus: 2, cpuModel: 'Example', memoryBytes: 8 * 2 ** 30, platform: 'linux x64', node: '20' },
    target: {
      kind,
      url:
        plan.target.kind === 'own' ? 'ws://127.0.0.1:4000/ws' : (plan.target.url ?? 'http://127.0.0.1:4001'),
      name: kind === 'socketio' ? 'Socket.IO' : 'Wireroom',
      isDurable: kind === 'own',
    },
    asked: plan.mix,
    steps: [STEP],
    predictions: [],
    ceilings: [],
    warnings: [],
    ...changes,
  };
}

/** Runs that end when they are told to; in the order in which they were begun. */
export class FakeMeasure {
  readonly plans: CapacityPlan[] = [];
  readonly #runs: FakeRun[] = [];
  readonly #waiters = new Map<number, (run: FakeRun) => void>();

  readonly measure: Measure = (plan, { onEvent = () => undefined, signal }) => {
    this.plans.push(plan);
    const run = new FakeRun(plan, onEvent);
    // As the real one does: what was done by then is a report.
    signal?.addEventListener('abort', () => {
      if (run.endsAtOnce) run.end({ isComplete: false, cutBy: 'stopped' });
    });
    this.#waiters.get(this.#runs.length)?.(run);
    this.#runs.push(run);
    return {
      finished: run.finished,
      reportSoFar: () => reportFor(plan, { isComplete: false, cutBy: 'stopped' }),
    };
  };

  run(index: number): Promise<FakeRun> {
    const known = this.#runs[index];
    return known === undefined
      ? new Promise((resolve) => this.#waiters.set(index, resolve))
      : Promise.resolve(known);
  }
}

export class FakeRun {
  readonly finished: Promise<CapacityReport>;
  readonly say: (event: CapacityEvent) => void;
  /** At Ctrl-C; otherwise it takes its time. */
  endsAtOnce = true;
  readonly #plan: CapacityPlan;
  #settle: (report: CapacityReport) => void = () => undefined;
  #refuse: (error: Error) => void = () => undefined;

  constructor(plan: CapacityPlan, say: (event: CapacityEvent) => void) {
    this.#plan = plan;
    this.say = say;
    this.finished = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#refuse = reject;
    });
  }

  end(changes: Partial<CapacityReport> = {}): void {
    this.#settle(reportFor(this.#plan, changes));
  }

  fail(why: string): void {
    this.#refuse(new CapacityError(why));
  }
}
