// capacity.json: what a run found, as a file that can be read again. Of a comparison it holds the peers' reports as well. Whatever
// else claims to be such a file is refused in a sentence. What is drawn from it is drawn in report-page.ts.
import { z } from 'zod';
import type { CapacityReport } from '../report.ts';

export interface CapacityFile extends CapacityReport {
  /** The same plan against other servers. */
  readonly peers?: readonly CapacityReport[];
}

/** Its message is a sentence that says what is wrong with the file. */
export class CapacityFileError extends Error {}

/** Bytes. A long search has some hundred steps of less than a kilobyte. */
export const CAPACITY_FILE_BYTES_MAX = 16 * 1024 * 1024;

const LISTED_MAX = 10_000;
const text = z.string().max(20_000);
const amount = z.number();
const list = <T extends z.ZodType>(of: T) => z.array(of).max(LISTED_MAX);

const mix = z.object({ readers: amount, senders: amount, rate: amount, size: amount });
const quantiles = z.object({ p50: amount, p95: amount, p99: amount, max: amount });

const step = z.object({
  phase: z.enum(['ramp', 'search', 'costs', 'predict']),
  mix,
  seconds: amount,
  postsPerSecond: amount,
  deliveriesPerSecond: amount,
  latencyMs: quantiles,
  ackMs: quantiles.exactOptional(),
  lost: amount,
  repeated: amount,
  disordered: amount,
  refused: amount,
  server: z
    .object({
      cpuCores: amount,
      busiestThreadCores: amount.exactOptional(),
      memoryBytes: amount,
      othersCores: amount.exactOptional(),
      diskBytesPerSecond: amount.exactOptional(),
    })
    .exactOptional(),
  generatorCpuCores: amount,
  generatorDelayMsP99: amount,
  limitedBy: z.enum(['nothing', 'server', 'generator']),
});

const costModel = z.object({
  idleCores: amount,
  connectionMicros: amount,
  messageMicros: amount,
  roundMicros: amount,
  writeMicros: amount,
  deliveryMicros: amount,
  deliveryByteNanos: amount,
  coldShare: amount,
  coldCores: amount,
  gatherMs: amount,
  gatherMicrosPerReader: amount,
  baseBytes: amount,
  readerBytes: amount,
});

const costs = z.object({
  connection: z.object({ memoryBytes: amount, handshakeCpuMicros: amount }),
  delivery: z.object({ cpuMicros: amount, packedCpuMicros: amount }),
  message: z.object({ cpuMicros: amount, diskBytes: amount, commitMsP50: amount.exactOptional() }),
  idleCpuCores: amount,
  baseMemoryBytes: amount,
  formula: text,
  r2: amount,
  worstErrorPercent: amount,
  model: costModel,
});

const prediction = z.object({
  mix,
  quantity: z.enum(['cpu', 'memory', 'deliveries', 'p99']),
  unit: text,
  predicted: amount,
  measured: amount,
  spreadPercent: amount.exactOptional(),
  errorPercent: amount,
});

const ceiling = z.object({
  resource: z.enum(['cpu', 'memory', 'disk', 'sockets', 'network']),
  readers: amount.nullable(),
  basis: text,
  advice: text,
});

const report = z.object({
  v: z.literal(1),
  startedAt: text,
  finishedAt: text,
  isComplete: z.boolean(),
  cutBy: text.exactOptional(),
  command: text,
  machine: z.object({ cpus: amount, cpuModel: text, memoryBytes: amount, platform: text, node: text }),
  target: z.object({
    kind: z.enum(['own', 'wireroom', 'socketio']),
    url: text,
    name: text,
    version: text.exactOptional(),
    // Where it is not known, JSON has nothing.
    isDurable: z.boolean().optional(),
  }),
  asked: mix,
  p99MsMax: amount.exactOptional(),
  steps: list(step),
  costs: costs.exactOptional(),
  predictions: list(prediction),
  ceilings: list(ceiling),
  found: z.object({ readers: amount, p99Ms: amount }).exactOptional(),
  warnings: list(text),
});

const file = report.extend({ peers: list(report).exactOptional() });

/** Throws a CapacityFileError. */
export function readCapacityFile(content: string): CapacityFile {
  const parsed = file.safeParse(jsonOf(content));
  if (parsed.success) return withDurability(parsed.data);
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.');
  throw new CapacityFileError(`It is no report of a capacity run: ${place}: ${issue?.message ?? 'unknown'}.`);
}

export const capacityFileText = (content: CapacityFile): string =>
  `${JSON.stringify(content, undefined, 2)}\n`;

function jsonOf(content: string): unknown {
  if (Buffer.byteLength(content) > CAPACITY_FILE_BYTES_MAX) {
    throw new CapacityFileError('It is too large to be a report of a capacity run.');
  }
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new CapacityFileError('It is not JSON.', { cause });
  }
}

type Parsed = z.infer<typeof report>;

function withDurability(parsed: z.infer<typeof file>): CapacityFile {
  const whole = (one: Parsed): CapacityReport => ({
    ...one,
    target: { ...one.target, isDurable: one.target.isDurable },
  });
  const { peers, ...own } = parsed;
  return { ...whole(own), ...(peers !== undefined && { peers: peers.map(whole) }) };
}
