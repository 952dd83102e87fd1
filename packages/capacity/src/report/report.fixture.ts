// Reports for tests, with invented figures: a whole search, one that was stopped, and a Socket.IO room for the side by side.
import type { CapacityReport, CostModel, Mix, Step } from '../index.ts';

const ASKED: Mix = { readers: 1000, senders: 20, rate: 0.2, size: 120 };

const MODEL: CostModel = {
  idleCores: 0.02,
  connectionMicros: 0,
  messageMicros: 140,
  roundMicros: 140,
  writeMicros: 15,
  deliveryMicros: 2,
  deliveryByteNanos: 0,
  coldShare: 0,
  coldCores: 0.1,
  gatherMs: 0,
  gatherMicrosPerReader: 0,
  baseBytes: 78e6,
  readerBytes: 11_400,
};

/** A ramp whose latency bends at about 2,400 people. */
export function stepFixture(readers: number, changes: Partial<Step> = {}): Step {
  const senders = Math.max(1, Math.round(readers * 0.02));
  const postsPerSecond = senders * 0.2;
  const load = readers / 2600;
  const p50 = 1.2 + 4 * load + 30 * load ** 8;
  return {
    phase: 'search',
    mix: { ...ASKED, readers, senders },
    seconds: 10,
    postsPerSecond,
    deliveriesPerSecond: postsPerSecond * readers,
    latencyMs: { p50, p95: p50 * 2.2, p99: p50 * 3.6 + 2, max: p50 * 7 },
    ackMs: { p50: p50 * 0.8, p95: p50 * 1.7, p99: p50 * 2.9, max: p50 * 6 },
    lost: 0,
    repeated: 0,
    disordered: 0,
    refused: 0,
    server: {
      cpuCores: 0.02 + postsPerSecond * readers * 17e-6,
      memoryBytes: 78e6 + readers * 11_400,
      diskBytesPerSecond: postsPerSecond * 610,
    },
    generatorCpuCores: 0.05 + postsPerSecond * readers * 8e-6,
    generatorDelayMsP99: 0.6,
    limitedBy: 'nothing',
    ...changes,
  };
}

export const REPORT_FIXTURE: CapacityReport = {
  v: 1,
  startedAt: '2026-11-20T10:00:00.000Z',
  finishedAt: '2026-11-20T10:04:10.000Z',
  isComplete: true,
  command: 'wireroom capacity --p99 200ms',
  machine: {
    cpus: 2,
    cpuModel: 'Example CPU @ 2.60GHz',
    memoryBytes: 24 * 2 ** 30,
    platform: 'linux x64',
    node: '20.20.2',
  },
  target: {
    kind: 'own',
    url: 'ws://127.0.0.1:41234/ws',
    name: 'Wireroom',
    version: '0.1.0',
    isDurable: true,
  },
  asked: ASKED,
  p99MsMax: 200,
  steps: [
    ...[250, 500, 1000, 1500, 2000, 2400].map((readers) => stepFixture(readers)),
    stepFixture(2800, { limitedBy: 'server' }),
  ],
  costs: {
    connection: { memoryBytes: 11_400, handshakeCpuMicros: 210 },
    delivery: { cpuMicros: 17, packedCpuMicros: 2.1 },
    message: { cpuMicros: 140, diskBytes: 610, commitMsP50: 1.8 },
    idleCpuCores: 0.02,
    baseMemoryBytes: 78e6,
    formula: 'cores = 0.02 + 17 µs × deliveries/s + 140 µs × posts/s',
    r2: 0.994,
    worstErrorPercent: 7.2,
    model: MODEL,
  },
  predictions: [
    {
      mix: { readers: 700, senders: 35, rate: 0.4, size: 200 },
      quantity: 'cpu',
      unit: 'cores',
      predicted: 0.19,
      measured: 0.204,
      spreadPercent: 8.4,
      errorPercent: -6.9,
    },
    {
      mix: { readers: 700, senders: 35, rate: 0.4, size: 200 },
      quantity: 'memory',
      unit: 'bytes',
      predicted: 86e6,
      measured: 84.2e6,
      errorPercent: 2.1,
    },
  ],
  ceilings: [
    {
      resource: 'cpu',
      readers: 3790,
      basis: 'One core, at 17 µs a delivery.',
      advice: 'More servers on one PostgreSQL.',
    },
    {
      resource: 'memory',
      readers: 1_800_000,
      basis: '20 GiB at 11.1 KiB a connection.',
      advice: 'More memory.',
    },
    { resource: 'disk', readers: null, basis: '610 bytes a message.', advice: 'Nothing to do.' },
    {
      resource: 'sockets',
      readers: 1_048_000,
      basis: 'ulimit -n is 1,048,576.',
      advice: 'Raise ulimit -n.',
    },
  ],
  found: { readers: 2400, p99Ms: 92 },
  warnings: [],
};

/** Ctrl-C after the second step. */
export function stoppedFixture(): CapacityReport {
  const { costs: _costs, found: _found, ...rest } = REPORT_FIXTURE;
  return {
    ...rest,
    isComplete: false,
    cutBy: 'Stopped by Ctrl-C.',
    steps: REPORT_FIXTURE.steps.slice(0, 2),
    predictions: [],
    ceilings: [],
  };
}

/** A plain Socket.IO room on the same plan: dearer deliveries, nothing on disk. */
export function socketIoFixture(): CapacityReport {
  const { costs, found: _found, ...rest } = REPORT_FIXTURE;
  const steps = REPORT_FIXTURE.steps.slice(0, 5).map((step): Step => {
    const { ackMs: _ack, ...others } = step;
    const { p50, p95, p99, max } = step.latencyMs;
    return {
      ...others,
      latencyMs: { p50: p50 * 1.9, p95: p95 * 2, p99: p99 * 2.3, max: max * 2 },
      server: {
        cpuCores: 0.02 + step.deliveriesPerSecond * 52e-6,
        memoryBytes: 71e6 + step.mix.readers * 23_000,
      },
    };
  });
  return {
    ...rest,
    target: {
      kind: 'socketio',
      url: 'http://127.0.0.1:41300',
      name: 'Socket.IO',
      version: '4.8.4',
      isDurable: false,
    },
    steps,
    ...(costs !== undefined && {
      costs: {
        ...costs,
        connection: { memoryBytes: 23_000, handshakeCpuMicros: 480 },
        delivery: { cpuMicros: 52, packedCpuMicros: 50 },
        message: { cpuMicros: 60, diskBytes: 0 },
        baseMemoryBytes: 71e6,
        model: {
          ...MODEL,
          writeMicros: 0,
          deliveryMicros: 52,
          messageMicros: 60,
          roundMicros: 60,
          baseBytes: 71e6,
          readerBytes: 23_000,
        },
        formula: 'cores = 0.02 + 52 µs × deliveries/s + 60 µs × posts/s',
      },
    }),
    predictions: [],
    found: { readers: 1500, p99Ms: 130 },
  };
}
