// What a run tells while it is under way: which phase, how far, what was seen in the last second. A view draws from these; what
// is kept is in the report.
import type { Mix } from './mix.ts';
import type { CapacityReport, Ceiling, Costs, Prediction, Quantiles, Step } from './report.ts';

/** In this order. `costs` and `predict` only where costs are asked for; `ramp` or `search`, as the plan says. */
export type Phase = 'start' | 'idle' | 'messages' | 'ramp' | 'search' | 'costs' | 'predict' | 'end';

export type CapacityEvent =
  | { readonly type: 'phase'; readonly phase: Phase; readonly index: number; readonly count: number }
  /** What is done now, in words: `entering 500 readers`, `holding 1000 readers, 20 senders`. */
  | { readonly type: 'activity'; readonly text: string; readonly mix?: Mix }
  /** Several times a second. Of the whole run: 0 to 1, and how long is left by what is planned. */
  | { readonly type: 'progress'; readonly share: number; readonly secondsLeft: number }
  /** Once a second while a load is on. */
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'step'; readonly step: Step }
  | { readonly type: 'costs'; readonly costs: Costs }
  | { readonly type: 'prediction'; readonly prediction: Prediction }
  | { readonly type: 'ceilings'; readonly ceilings: readonly Ceiling[] }
  | { readonly type: 'warning'; readonly text: string };

/** What was seen in one second. */
export interface Sample {
  /** Since the run began. */
  readonly atSeconds: number;
  readonly connections: number;
  readonly postsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** Of what arrived in this second; undefined if nothing did. */
  readonly latencyMs: Quantiles | undefined;
  /** Absent where the server's process cannot be asked. */
  readonly serverCpuCores?: number;
  readonly serverMemoryBytes?: number;
  readonly generatorCpuCores: number;
}

export interface CapacityOptions {
  readonly onEvent?: (event: CapacityEvent) => void;
  /** Aborted: what runs is ended at once, and the report says what was done by then. */
  readonly signal?: AbortSignal;
}

/** A run under way. */
export interface CapacityRun {
  /** Resolves with the report, also of a run that was cut; rejects with CapacityError if nothing could be measured at all. */
  readonly finished: Promise<CapacityReport>;
  /** What is known by now, in the form of the report. */
  reportSoFar(): CapacityReport;
}
