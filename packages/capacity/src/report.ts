// What a run of the capacity command found, as data: the JSON beside the HTML file, and what plots and terminal are drawn from. A run
// that was cut short has the same form, with what was done by then.
import type { Mix } from './mix.ts';
import type { CostModel } from './model/cost-model.ts';

export interface CapacityReport {
  readonly v: 1;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** False after Ctrl-C or an error: what is here was measured all the same. */
  readonly isComplete: boolean;
  /** Why it is not. */
  readonly cutBy?: string;
  /** As it was typed. */
  readonly command: string;
  readonly machine: Machine;
  readonly target: Target;
  readonly asked: Mix;
  /** Largest p99 that a search allows; absent in a ramp. */
  readonly p99MsMax?: number;
  /** In the order in which they were measured. */
  readonly steps: readonly Step[];
  readonly costs?: Costs;
  /** A mix that no step had, foretold from the costs and then measured. */
  readonly predictions: readonly Prediction[];
  /** Where each resource runs out, for the asked rate, share of senders and size. */
  readonly ceilings: readonly Ceiling[];
  /** Of a search: the largest room that kept the p99. */
  readonly found?: { readonly readers: number; readonly p99Ms: number };
  /** Sentences that a reader should know before the figures. */
  readonly warnings: readonly string[];
}

export interface Machine {
  readonly cpus: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly platform: string;
  readonly node: string;
}

export interface Target {
  /** `own`: a Wireroom that the command started; `wireroom`: any server that speaks wireroom.v1; `socketio`: a plain Socket.IO room. */
  readonly kind: 'own' | 'wireroom' | 'socketio';
  readonly url: string;
  readonly name: string;
  readonly version?: string;
  /** Is every message on disk before it is shown? */
  readonly isDurable: boolean | undefined;
}

/** One load, held for a while and measured at the subscribers. */
export interface Step {
  /** What it was measured for: the curve (`ramp`, `search`), the fit (`costs`) or the test of the fit (`predict`). */
  readonly phase: 'ramp' | 'search' | 'costs' | 'predict';
  readonly mix: Mix;
  readonly seconds: number;
  readonly postsPerSecond: number;
  readonly deliveriesPerSecond: number;
  /** From send to receipt, at every reader, the sender among them. */
  readonly latencyMs: Quantiles;
  /** From send to acknowledgement; absent where the server does not acknowledge. */
  readonly ackMs?: Quantiles;
  /** Messages that some reader did not have by the end, and that some had twice. */
  readonly lost: number;
  readonly repeated: number;
  /** Readers who had them in another order than the first. */
  readonly disordered: number;
  /** Posts that the server refused. */
  readonly refused: number;
  /** Absent where the server's process cannot be asked. `cpuCores`: seconds of CPU a second, all threads. */
  readonly server?: {
    readonly cpuCores: number;
    /** Of the thread that had most; absent where threads cannot be told apart. */
    readonly busiestThreadCores?: number;
    /** The most that it had. */
    readonly memoryBytes: number;
    /** What other programs took of the cores that were for the server alone; absent where it had none of its own. */
    readonly othersCores?: number;
    readonly diskBytesPerSecond?: number;
  };
  /** Of the busiest generator process: seconds of CPU a second. */
  readonly generatorCpuCores: number;
  /** How late the generators were by themselves: what is posted leaves so long after it was due. */
  readonly generatorDelayMsP99: number;
  /** What kept the rate below what was asked, or the latency up. */
  readonly limitedBy: 'nothing' | 'server' | 'generator';
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** What costs what, each measured by itself and fitted. */
export interface Costs {
  readonly connection: { readonly memoryBytes: number; readonly handshakeCpuMicros: number };
  /** `cpuMicros`: at a rate at which each message is written by itself; `packedCpuMicros`: where many share a write. */
  readonly delivery: { readonly cpuMicros: number; readonly packedCpuMicros: number };
  readonly message: { readonly cpuMicros: number; readonly diskBytes: number; readonly commitMsP50?: number };
  /** Seconds of CPU a second while nothing happens. */
  readonly idleCpuCores: number;
  readonly baseMemoryBytes: number;
  /** The model as a person would write it down, with its coefficients. */
  readonly formula: string;
  /** How much of the variance of the measured points it explains. */
  readonly r2: number;
  /** The largest error of the fit at the points that it was made from, in percent. */
  readonly worstErrorPercent: number;
  /** The same as numbers, from which any mix can be foretold: see `predictCpu` and `predictMemory`. */
  readonly model: CostModel;
}

export interface Prediction {
  readonly mix: Mix;
  readonly quantity: 'cpu' | 'memory' | 'deliveries' | 'p99';
  readonly unit: string;
  readonly predicted: number;
  readonly measured: number;
  /** How far the points that the model was made from lie beside it, root mean square: no forecast can be nearer. */
  readonly spreadPercent?: number;
  /** (predicted - measured) / measured, in percent. */
  readonly errorPercent: number;
}

export interface Ceiling {
  readonly resource: 'cpu' | 'memory' | 'disk' | 'sockets' | 'network';
  /** Readers at which it is used up; Infinity is told as null. */
  readonly readers: number | null;
  /** In sentences: what it rests on, and what to do about it. */
  readonly basis: string;
  readonly advice: string;
}
