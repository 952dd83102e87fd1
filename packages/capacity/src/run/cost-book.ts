// What the phases have found out about costs, and what follows from it: the model, its predictions, and where resources run out.
import { statfsSync } from 'node:fs';
import { totalmem } from 'node:os';
import type { Mix } from '../mix.ts';
import { ceilingsOf } from '../model/ceilings.ts';
import {
  COST_POINTS_MIN,
  type CostFit,
  type CostPoint,
  fitCosts,
  type MemoryPoint,
} from '../model/cost-fit.ts';
import { predictCpu, predictMemory } from '../model/cost-model.ts';
import { formulaOf } from '../model/formula.ts';
import type { Ceiling, Costs, Prediction, Step } from '../report.ts';
import type { RunningTarget } from '../target/target.ts';
import type { IdleMeasured } from './idle-phase.ts';
import { isDisturbed } from './limit.ts';
import type { MeasuredStep } from './step-measurement.ts';

const NO_IDLE: IdleMeasured = {
  idleCores: 0,
  connectionMicros: 0,
  connectionBytes: 0,
  handshakeCpuMicros: 0,
};
/** Steps at which the server was so busy say what its threads divide. */
const BUSY_CORES = 0.1;
/** A process of the load that is busier than this reads late, and sees fewer writes than there were. */
const GENERATOR_CORES_MAX = 0.85;
/** Steps in which other programs had more of the server's cores are left out, as long as there are so many others. */
const QUIET_POINTS_MIN = 8;

export class CostBook {
  readonly #points: (CostPoint & { readonly isDisturbed: boolean })[] = [];
  readonly #memory: MemoryPoint[] = [];
  readonly #steps: Step[] = [];
  #idle: IdleMeasured | undefined;
  #fit: CostFit | undefined;
  #envelopeBytes = 0;
  #stored = 0;
  #storedTextBytes = 0;
  #readersStored = 0;
  /** Of the server under way: the most readers that it had. */
  #readersMost = 0;
  #isFresh = false;

  idle(measured: IdleMeasured): void {
    this.#idle = measured;
  }

  /** From here on it is a server that has done nothing yet: its memory is what loads take, and not what others once took. */
  serverBegins(): void {
    this.#readersMost = 0;
    if (!this.#isFresh) this.#memory.length = 0;
    this.#isFresh = true;
  }

  /** In the database whose growth `messageBytes` is told. */
  stored({ step, stored }: MeasuredStep): void {
    this.#stored += stored;
    this.#storedTextBytes += stored * step.mix.size;
    this.#readersStored = Math.max(this.#readersStored, step.mix.readers);
  }

  add({ step, isHeldBack, work, envelopeBytes }: MeasuredStep): void {
    this.#envelopeBytes = Math.max(this.#envelopeBytes, envelopeBytes);
    this.#steps.push(step);
    this.#readersMost = Math.max(this.#readersMost, step.mix.readers);
    if (step.server === undefined || step.phase === 'predict') return;
    this.#memory.push({ readers: this.#readersMost, bytes: step.server.memoryBytes });
    // A server that was held back did other work than was asked: nothing follows from it for one that is not.
    if (isHeldBack || step.generatorCpuCores >= GENERATOR_CORES_MAX) return;
    const { cpuCores } = step.server;
    this.#points.push({ mix: step.mix, work, cpuCores, isDisturbed: isDisturbed(step) });
  }

  /** Bytes of disk for a message of this size, where the database has grown by so many: beside texts, rows for messages and people. */
  messageBytes(size: number, grownBytes: number): number {
    if (grownBytes <= this.#storedTextBytes) return 0;
    return size + (grownBytes - this.#storedTextBytes) / (this.#stored + this.#readersStored);
  }

  /** Undefined where too little was measured for a model. */
  costs(messageDiskBytes: number): Costs | undefined {
    if (this.#points.length < COST_POINTS_MIN) return undefined;
    const idle = this.#idle ?? NO_IDLE;
    const quiet = this.#points.filter((point) => !point.isDisturbed);
    const points = quiet.length >= QUIET_POINTS_MIN ? quiet : this.#points;
    this.#fit = fitCosts(points, { points: this.#memory, isFresh: this.#isFresh }, idle);
    const { model, r2, worstErrorPercent } = this.#fit;
    const quietAcks = this.#steps.flatMap(({ ackMs, postsPerSecond }) =>
      ackMs === undefined ? [] : [{ p50: ackMs.p50, postsPerSecond }],
    );
    quietAcks.sort((a, b) => a.postsPerSecond - b.postsPerSecond);
    return {
      connection: {
        memoryBytes: idle.connectionBytes,
        handshakeCpuMicros: idle.handshakeCpuMicros,
      },
      delivery: {
        cpuMicros: model.writeMicros + model.deliveryMicros,
        packedCpuMicros: model.deliveryMicros,
      },
      message: {
        cpuMicros: model.messageMicros + model.roundMicros,
        diskBytes: messageDiskBytes,
        ...(quietAcks[0] !== undefined && { commitMsP50: quietAcks[0].p50 }),
      },
      idleCpuCores: idle.idleCores,
      baseMemoryBytes: model.baseBytes,
      ...{ formula: formulaOf(model), r2, worstErrorPercent, model },
    };
  }

  /** What the model said of this step, beside what was. */
  predictions({ mix, server }: Step): Prediction[] {
    if (this.#fit === undefined || server === undefined) return [];
    const { model, spreadPercent } = this.#fit;
    const beside = (predicted: number, measured: number, spread: number | undefined) => ({
      ...{ mix, predicted, measured },
      ...(spread !== undefined && { spreadPercent: spread }),
      errorPercent: measured > 0 ? ((predicted - measured) / measured) * 100 : 0,
    });
    const mib = 2 ** 20;
    return [
      {
        ...{ quantity: 'cpu', unit: 'cores' },
        ...beside(predictCpu(model, mix), server.cpuCores, spreadPercent.cpu),
      },
      {
        ...{ quantity: 'memory', unit: 'MiB' },
        ...beside(predictMemory(model, mix) / mib, server.memoryBytes / mib, spreadPercent.memory),
      },
    ];
  }

  ceilings(mix: Mix, target: RunningTarget, messageDiskBytes: number): Ceiling[] {
    if (this.#fit === undefined) return [];
    const isHere = target.cores !== undefined;
    return ceilingsOf(this.#fit.model, mix, {
      mainThreadShare: this.#mainThreadShare(),
      cores: target.cores,
      memoryBytes: isHere ? memoryHere() : undefined,
      openFilesMax: target.openFilesMax,
      diskFreeBytes: target.dataDir === undefined ? undefined : freeBytesAt(target.dataDir),
      messageDiskBytes,
      envelopeBytes: this.#envelopeBytes,
    });
  }

  #mainThreadShare(): number | undefined {
    const shares = this.#steps.flatMap(({ server }) =>
      server?.busiestThreadCores === undefined || server.cpuCores < BUSY_CORES
        ? []
        : [server.busiestThreadCores / server.cpuCores],
    );
    return shares.length === 0 ? undefined : Math.max(...shares);
  }
}

/** What a process here may have: less than the machine's where a container says so. */
function memoryHere(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function freeBytesAt(folder: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
