// The figures of all peers as Markdown: a table for each phase, one for the log, one for the test itself. Pure.
import { JITTER_LIMITS } from './limits.ts';
import type { JitterOptions } from './options.ts';
import { PEERS } from './peers.ts';
import type { Phase, PhaseResult, TrialResult } from './trial.ts';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** One minute's, before and after. */
  readonly load: readonly [number, number];
  readonly versions: Readonly<Record<string, string>>;
  readonly isBuilt: boolean;
}

export interface JitterReport {
  readonly command: string;
  readonly options: JitterOptions;
  readonly machine: Machine;
  readonly trials: readonly TrialResult[];
}

const TITLES: Readonly<Record<Phase, string>> = {
  blips: 'Connections are cut',
  kill: 'The server is killed (kill -9) and started again',
  drain: 'The server is asked to stop (SIGTERM) and started again',
};

export function reportOf(report: JitterReport): string {
  const { trials } = report;
  const phases = (trials[0]?.phases ?? []).map(({ phase }) => phase);
  return [
    ...headOf(report),
    ...phases.flatMap((phase) => ['', `### ${TITLES[phase]}`, '', ...phaseTable(phase, trials)]),
    ...['', '### The log, read over HTTP at the end', '', ...logTable(trials)],
    ...['', '### Was the test itself the limit?', '', ...healthTable(trials)],
    '',
  ].join('\n');
}

function headOf({ command, options, machine, trials }: JitterReport): string[] {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const [before, after] = machine.load.map((load) => load.toFixed(1));
  return [
    `\`${command}\``,
    '',
    `${options.clients} clients, ${options.publishers} of them post ${options.rate} messages a second in all; seed ${options.seed}. ` +
      `${machine.cpu}, ${machine.cores} cores, load average ${before} before and ${after} after; ${versions.join(', ')}; ` +
      `Wireroom ${machine.isBuilt ? 'as built' : 'from source'}.`,
    '',
    ...trials.map(({ peer }) => `- **${PEERS[peer].title}**: ${PEERS[peer].options}.`),
  ];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Two decimals, and never 100.00 for less than all. */
export function percentOf(part: number, whole: number): string {
  if (part === whole) return '100.00 %';
  return `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)} %`;
}

export function timeOf(ms: number): string {
  if (Number.isNaN(ms)) return '–';
  return ms === Number.POSITIVE_INFINITY ? 'never' : `${(ms / 1000).toFixed(2)} s`;
}

function phaseTable(phase: Phase, trials: readonly TrialResult[]): string[] {
  const heads = [
    '',
    'posted',
    'reached the server',
    'of that delivered',
    'missing',
    'of all posted delivered',
  ];
  const flaws = ['twice', 'out of order', 'gaps'];
  const times = ['complete again p50', 'p95', 'p99', 'max', 'never', 'connected again p50', 'p99'];
  const columns = [...heads, ...flaws, ...times];
  return [
    row(columns),
    row(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...trials.flatMap(({ peer, phases }) =>
      phases.filter((each) => each.phase === phase).map((figures) => phaseRow(PEERS[peer].title, figures)),
    ),
  ];
}

function phaseRow(title: string, figures: PhaseResult): string {
  const { expected, delivered, posted, reached, completeMs, connectedMs } = figures;
  // Of each message as many copies as there are clients.
  const deliverable = (reached * expected) / posted;
  return row([
    title,
    String(posted),
    String(reached),
    percentOf(delivered, deliverable),
    String(deliverable - delivered),
    percentOf(delivered, expected),
    String(figures.duplicates),
    String(figures.outOfOrder),
    String(figures.gaps),
    ...[completeMs.p50, completeMs.p95, completeMs.p99, completeMs.max].map(timeOf),
    `${figures.never} of ${figures.outages}`,
    ...[connectedMs.p50, connectedMs.p99].map(timeOf),
  ]);
}

function logTable(trials: readonly TrialResult[]): string[] {
  return [
    row(['', 'posted', 'acknowledged', 'acknowledged and not there', 'there twice', 'in the log']),
    row(['---', '---:', '---:', '---:', '---:', '---:']),
    ...trials.map(({ peer, log }) => {
      const title = PEERS[peer].title;
      if (log === undefined) return row([title, 'has no log', '', '', '', '']);
      const { posted, acknowledged, lost, twice, inLog } = log;
      const [answered, missing] = PEERS[peer].isAcknowledging
        ? [String(acknowledged), String(lost)]
        : ['no acknowledgements', ''];
      return row([title, String(posted), answered, missing, String(twice), String(inLog)]);
    }),
  ];
}

function healthTable(trials: readonly TrialResult[]): string[] {
  return [
    row(['', 'phase', 'clients: of a core', 'loop late p99', 'proxy: of a core', 'loop late p99', '']),
    row(['---', '---', '---:', '---:', '---:', '---:', '---']),
    ...trials.flatMap(({ peer, phases }) =>
      phases.map(({ phase, generator, proxy }) => {
        const cells = [generator, proxy].flatMap(({ busy, loopLateMs }) => [
          `${Math.round(100 * busy)} %`,
          `${loopLateMs} ms`,
        ]);
        const wasLimit = [generator, proxy].some(
          ({ busy, loopLateMs }) =>
            busy > JITTER_LIMITS.busyFraction || loopLateMs > JITTER_LIMITS.loopLateMs,
        );
        return row([PEERS[peer].title, phase, ...cells, wasLimit ? 'was the limit' : '']);
      }),
    ),
  ];
}
