// `npm run bench`: measures our engine beside its peers and writes a report. See README.md; the parts, in the order in
// which a run meets them: options, installation, peers, scenarios, session (with processes), report, results.
import '../scripts/preflight.mjs';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { build } from '../scripts/build.mjs';
import { isBuildStale } from '../scripts/build-stamp.mjs';
import { root } from '../scripts/root.mjs';
import { compile, install, type Place, placeAt } from './installation.ts';
import { commitOf, machineOf, putOurselvesFirst, versionsOf } from './machine.ts';
import { type BenchOptions, HELP, readOptions, UsageError } from './options.ts';
import type { Peer } from './peer.ts';
import { extraPeer, peersOf, SUBJECT } from './peers.ts';
import { isPinned, Processes } from './processes.ts';
import { behindLines, notMeasured, ratioTable, scenarioSection, writeReport } from './report.ts';
import { keepRun, keptRuns, writeComparison } from './results.ts';
import { type RunRecord, type ScenarioRecord, writeRecord } from './run-record.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { missingPeers, runSession } from './session.ts';

const resultsFolder = join(root, 'bench/results');
const say = (line: string): void => console.log(line);
const warn = (line: string): void => console.error(line);

function chosenPeers(options: BenchOptions, place: Place): Peer[] {
  const known = peersOf(place, options.node);
  const extra = options.extra.map((description) => {
    const peer = extraPeer(description);
    if (peer === undefined)
      throw new UsageError(`--extra wants 'NAME|ws or sio or raw|COMMAND', not ${description}`);
    return peer;
  });
  const { peers: names } = options;
  const unknown = names?.find((name) => !known.some((peer) => peer.name === name));
  if (unknown !== undefined) throw new UsageError(`there is no server ${unknown}; --list shows their names`);
  return [...known.filter(({ name }) => names === undefined || names.includes(name)), ...extra];
}

function chosenScenarios({ only, isQuick }: BenchOptions): Scenario[] {
  return scenarios.filter((scenario) => only?.test(scenario.name) ?? (!isQuick || scenario.isQuick));
}

async function run(options: BenchOptions, place: Place): Promise<boolean> {
  const wanted = chosenPeers(options, place);
  if (isBuildStale(root) && !(await build(root))) return false;
  compile(place);
  if (options.isBoosted && !putOurselvesFirst()) warn('NOTE: the priority of this login could not be raised');
  if (!isPinned) warn('NOTE: there is no taskset, so nothing is pinned to a core');
  if (os.cpus().length < 2) warn('NOTE: one core only: server and generator take it from each other');
  const missing = missingPeers(wanted);
  const plan = {
    ...options,
    peers: wanted.filter(({ name }) => !(name in missing)),
    scenarios: chosenScenarios(options),
  };
  const measured: ScenarioRecord[] = [];
  const head = headOf(options, place, missing);
  say(`${head.machine}; ${head.conditions}\n`);
  if (Object.keys(missing).length > 0) warn(`${notMeasured({ missing, scenarios: [] })}\n`);
  for await (const scenario of runSession(new Processes(place), plan)) {
    measured.push(scenario);
    say(`${scenarioSection(scenario)}\n`);
  }
  const record: RunRecord = { ...head, scenarios: measured };
  say(`${ratioTable(measured)}\n\nBehind:\n${behindLines(measured).join('\n')}\n`);
  keep(options, place, record);
  const troubles = notMeasured(record);
  if (troubles !== '') warn(troubles.toUpperCase().slice(0, 15) + troubles.slice(15));
  return !measured.some(({ rows }) =>
    rows.some(({ peer, error }) => peer === SUBJECT && error !== undefined),
  );
}

function headOf(
  options: BenchOptions,
  place: Place,
  missing: Record<string, string>,
): Omit<RunRecord, 'scenarios'> {
  const { rounds, seconds, warmSeconds, node, isBoosted } = options;
  const cores = isPinned ? 'server on core 0, generator on core 1' : 'not pinned to cores';
  const rest = `${warmSeconds} s before each${isBoosted ? ', priority raised' : ''}; medians`;
  return {
    format: 1,
    at: new Date().toISOString().slice(0, 16),
    commit: commitOf(root),
    command: ['npm run bench --', ...process.argv.slice(2)].join(' '),
    machine: machineOf(),
    versions: versionsOf(place, node),
    conditions: `Loopback, ${cores}; ${rounds} rounds in turns of ${seconds} s, ${rest}`,
    missing,
  };
}

function keep({ isKept, out }: BenchOptions, place: Place, record: RunRecord): void {
  const last = out ?? join(place.folder, 'last.md');
  writeFileSync(last, writeReport(record));
  writeFileSync(`${last.replace(/\.md$/, '')}.json`, writeRecord(record));
  say(`Report: ${isKept ? keepRun(resultsFolder, record) : last}`);
}

function compare(): boolean {
  const [now, before] = keptRuns(resultsFolder).reverse();
  if (now !== undefined && before !== undefined) say(writeComparison(before, now));
  else warn('There are not two kept runs yet; `npm run bench` keeps one.');
  return now !== undefined && before !== undefined;
}

function installPeers(place: Place): boolean {
  const problems = install(place);
  for (const problem of problems) warn(`NOT INSTALLED: ${problem}`);
  return problems.length === 0;
}

function list(place: Place): void {
  say(
    `servers:   ${peersOf(place, process.execPath)
      .map(({ name }) => name)
      .join(' ')}`,
  );
  say(`scenarios: ${scenarios.map(({ name }) => name).join(' ')}`);
}

async function main(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args);
  const place = placeAt(options.folder);
  switch (options.task) {
    case 'run':
      return run(options, place);
    case 'install':
      return installPeers(place);
    case 'compare':
      return compare();
    case 'list':
      list(place);
      return true;
    case 'help':
      say(HELP);
      return true;
  }
}

try {
  if (!(await main(process.argv.slice(2)))) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  warn(error.message);
  process.exitCode = 2;
}
