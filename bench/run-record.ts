// One run of the bench as data: what is kept in results/ and what the report is made of.
import type { ScenarioKind } from './scenarios.ts';
import { median, rounded } from './statistics.ts';

/** What the load generator tells of one server in one round, by its own names (load/main.c). */
const FIGURES = [
  'rate',
  'cpuUs',
  'serverCpu',
  'generatorCpu',
  'eachP50Us',
  'eachP99Us',
  'lastP50Us',
  'lastP99Us',
  'rssMib',
  'slowCut',
  'rssBeforeMib',
  'idleKib',
  'idleAfterMessageKib',
] as const;

export type Figure = (typeof FIGURES)[number];

/** One round of one server. */
export interface Round {
  readonly figures: Readonly<Partial<Record<Figure, number>>>;
  /** Empty when every message was right. */
  readonly error: string;
}

export interface Row {
  readonly peer: string;
  /** Of the rounds without an error. */
  readonly medians: Readonly<Partial<Record<Figure, number>>>;
  readonly rates: readonly number[];
  readonly cpuUs: readonly number[];
  /** The first error; also why a server did not start. */
  readonly error?: string;
}

export interface ScenarioRecord {
  readonly name: string;
  readonly title: string;
  readonly kind: ScenarioKind;
  readonly unit: string;
  readonly rows: readonly Row[];
}

export interface RunRecord {
  readonly format: 1;
  /** ISO 8601, to the minute. */
  readonly at: string;
  readonly commit: string;
  readonly command: string;
  readonly machine: string;
  /** By name, in the order in which they are shown. */
  readonly versions: Readonly<Record<string, string>>;
  readonly conditions: string;
  /** Servers that were asked for and could not be had, and why. */
  readonly missing: Readonly<Record<string, string>>;
  readonly scenarios: readonly ScenarioRecord[];
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads what the load generator printed. */
export function readRound(output: string): Round {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return { figures: {}, error: 'the load generator gave no result' };
  }
  if (!isRecord(value)) return { figures: {}, error: 'the load generator gave no result' };
  const figures: Partial<Record<Figure, number>> = {};
  for (const name of FIGURES) {
    const figure = value[name];
    if (typeof figure === 'number') figures[name] = figure;
  }
  const error = typeof value.error === 'string' ? value.error : '';
  return { figures, error: error === '' && figures.rate === 0 ? 'nothing came in the time measured' : error };
}

export function rowOf(peer: string, rounds: readonly Round[]): Row {
  const right = rounds.filter(({ error }) => error === '');
  const medians: Partial<Record<Figure, number>> = {};
  const values = (name: Figure): number[] => right.flatMap(({ figures }) => figures[name] ?? []).map(rounded);
  for (const name of FIGURES) {
    const found = values(name);
    if (found.length > 0) medians[name] = rounded(median(found));
  }
  const error = rounds.find((round) => round.error !== '')?.error;
  return { peer, medians, rates: values('rate'), cpuUs: values('cpuUs'), ...(error && { error }) };
}

/** As JSON with one line per row, so that a run stays small and two of them can be compared by eye. */
export function writeRecord({ scenarios, ...head }: RunRecord): string {
  const fields = JSON.stringify(head, undefined, 1).slice(2, -2);
  const blocks = scenarios.map(({ rows, ...scenario }) => {
    const lines = rows.map((row) => `   ${JSON.stringify(row)}`).join(',\n');
    return `  {${JSON.stringify(scenario).slice(1, -1)},"rows":[\n${lines}\n  ]}`;
  });
  return `{\n${fields},\n "scenarios": [\n${blocks.join(',\n')}\n ]\n}\n`;
}

/** Undefined for what is none of ours. */
export function readRecord(text: string): RunRecord | undefined {
  const value: unknown = JSON.parse(text);
  return isRunRecord(value) ? value : undefined;
}

function isRunRecord(value: unknown): value is RunRecord {
  return isRecord(value) && value.format === 1 && Array.isArray(value.scenarios);
}

/** What a server is held against others by: the lower the better. CPU where there is any, memory where it is idle. */
export function costOf(scenario: ScenarioRecord, peer: string): number {
  const medians = scenario.rows.find((row) => row.peer === peer)?.medians;
  return (scenario.kind === 'idle' ? medians?.idleKib : medians?.cpuUs) ?? Number.NaN;
}
