// The kept runs: DATE-COMMIT.json and .md in results/, an index of them, and the newest held against the one before.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BASE, RIVAL, SUBJECT } from './peers.ts';
import { writeReport } from './report.ts';
import { costOf, type RunRecord, readRecord, writeRecord } from './run-record.ts';
import { figure, markdownTable, timesBetter } from './table.ts';

const nameOf = ({ at, commit }: RunRecord): string => `${at.replace('T', '-').replace(':', '')}-${commit}`;

/** Writes the run and renews the index; returns the report's file. */
export function keepRun(folder: string, run: RunRecord): string {
  mkdirSync(folder, { recursive: true });
  const report = join(folder, `${nameOf(run)}.md`);
  writeFileSync(join(folder, `${nameOf(run)}.json`), writeRecord(run));
  writeFileSync(report, writeReport(run));
  writeFileSync(join(folder, 'README.md'), writeIndex(keptRuns(folder)));
  return report;
}

/** The oldest first. */
export function keptRuns(folder: string): RunRecord[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readRecord(readFileSync(join(folder, name), 'utf8')) ?? [])
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

export function writeIndex(runs: readonly RunRecord[]): string {
  const opening = `# Kept runs of the bench

Written by \`npm run bench\`, the newest first; [the bench](../README.md) says how. Runs on different machines do not compare.
Ratios are of server CPU for one message, ${SUBJECT} to the other; above 1 ${SUBJECT} takes less.
`;
  if (runs.length === 0) return `${opening}\nNone has been kept yet.\n`;
  const head = ['run', 'machine', 'scenarios', `ahead of ${RIVAL}`, `median × ${RIVAL}`, `median × ${BASE}`];
  const rows = [...runs].reverse().map((run) => {
    const [toRival, toBase] = [ratios(run, RIVAL), ratios(run, BASE)];
    const ahead = toRival.filter((ratio) => ratio > 1).length;
    return [
      `[${nameOf(run)}](${nameOf(run)}.md)`,
      `${run.machine}, Node ${run.versions.node ?? '?'}`,
      String(run.scenarios.length),
      `${ahead} of ${toRival.length}`,
      figure(middle(toRival), 2),
      figure(middle(toBase), 2),
    ];
  });
  return `${opening}\n${markdownTable([head, ...rows])}\n`;
}

function ratios({ scenarios }: RunRecord, other: string): number[] {
  return scenarios
    .map((scenario) => costOf(scenario, other) / costOf(scenario, SUBJECT))
    .filter((ratio) => Number.isFinite(ratio));
}

/** Of ratios that belong to different things, no mean of two: the one in the middle, the lower of two. */
function middle(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1];
}

/** `--compare`: cost of our server then and now, and how it stood to the others. */
export function writeComparison(before: RunRecord, now: RunRecord): string {
  const unlike =
    before.machine === now.machine ? '' : `\nNOT THE SAME MACHINE: ${before.machine}; ${now.machine}\n`;
  const head = [
    ...['scenario', 'before', 'now', 'better by'],
    ...[`× ${BASE} before`, 'now', `× ${RIVAL} before`, 'now'],
  ];
  const rows = now.scenarios.flatMap((scenario) => {
    const old = before.scenarios.find(({ name }) => name === scenario.name);
    if (old === undefined) return [];
    const costs = [old, scenario].map((each) => costOf(each, SUBJECT));
    const [then = Number.NaN, today = Number.NaN] = costs;
    const toOthers = [BASE, RIVAL].flatMap((other) => [
      timesBetter(costOf(old, other), then),
      timesBetter(costOf(scenario, other), today),
    ]);
    return [[scenario.name, figure(then, 2), figure(today, 2), timesBetter(then, today), ...toOthers]];
  });
  const title = `${SUBJECT}, server CPU µs for one message (idle: KiB a connection): ${nameOf(before)}, then ${nameOf(now)}`;
  return `${title}\n${unlike}\n${markdownTable([head, ...rows])}\n`;
}
