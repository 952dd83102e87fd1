// The report as far as it is known: filled by the phases, readable at any time. Knows no processes.
import { availableParallelism, cpus, totalmem } from 'node:os';
import type { CapacityEvent } from '../event.ts';
import type { CapacityPlan } from '../plan.ts';
import type { CapacityReport, Ceiling, Costs, Machine, Prediction, Step, Target } from '../report.ts';

export class ReportDraft {
  readonly #plan: CapacityPlan;
  readonly #say: (event: CapacityEvent) => void;
  readonly #startedAt = new Date().toISOString();
  readonly #steps: Step[] = [];
  readonly #predictions: Prediction[] = [];
  readonly #warnings: string[] = [];
  #target: Target;
  #costs: Costs | undefined;
  #ceilings: readonly Ceiling[] = [];
  #found: CapacityReport['found'];
  #end: { readonly at: string; readonly cutBy: string | undefined } | undefined;

  constructor(plan: CapacityPlan, say: (event: CapacityEvent) => void) {
    this.#plan = plan;
    this.#say = say;
    const { target } = plan;
    const url = target.kind === 'own' ? '' : (target.url ?? '');
    this.#target = { kind: target.kind, url, name: '', isDurable: undefined };
  }

  get steps(): readonly Step[] {
    return this.#steps;
  }

  target(target: Target): void {
    this.#target = target;
  }

  step(step: Step): void {
    this.#steps.push(step);
    this.#say({ type: 'step', step });
  }

  costs(costs: Costs): void {
    this.#costs = costs;
    this.#say({ type: 'costs', costs });
  }

  prediction(prediction: Prediction): void {
    this.#predictions.push(prediction);
    this.#say({ type: 'prediction', prediction });
  }

  ceilings(ceilings: readonly Ceiling[]): void {
    this.#ceilings = ceilings;
    this.#say({ type: 'ceilings', ceilings });
  }

  found(found: NonNullable<CapacityReport['found']>): void {
    this.#found = found;
  }

  /** The same sentence once. */
  warn(text: string): void {
    if (this.#warnings.includes(text)) return;
    this.#warnings.push(text);
    this.#say({ type: 'warning', text });
  }

  /** Nothing more comes. Undefined: it was not cut. */
  end(cutBy: string | undefined): void {
    this.#end ??= { at: new Date().toISOString(), cutBy };
  }

  report(): CapacityReport {
    const end = this.#end;
    const { aim, command, mix } = this.#plan;
    const cutBy = end === undefined ? 'It is still running.' : end.cutBy;
    return {
      ...{ v: 1, startedAt: this.#startedAt, finishedAt: end?.at ?? new Date().toISOString() },
      isComplete: cutBy === undefined,
      ...(cutBy !== undefined && { cutBy }),
      ...{ command, machine: machine(), target: this.#target, asked: mix },
      ...(aim.kind === 'search' && { p99MsMax: aim.p99MsMax }),
      steps: [...this.#steps],
      ...(this.#costs !== undefined && { costs: this.#costs }),
      ...{ predictions: [...this.#predictions], ceilings: this.#ceilings },
      ...(this.#found !== undefined && { found: this.#found }),
      warnings: [...this.#warnings],
    };
  }
}

function machine(): Machine {
  return {
    cpus: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
  };
}
