// The report of a run as Markdown: what was measured where, one table with all ratios, every row in which we are behind
// uWebSockets.js, then a table for each scenario. Out of a RunRecord alone, so that it can be made again.
import { BASE, FLOOR, RIVAL, SUBJECT } from './peers.ts';
import { costOf, type Row, type RunRecord, type ScenarioRecord } from './run-record.ts';
import { areApart, spread } from './statistics.ts';
import { duration, figure, markdownTable, percent, timesBetter } from './table.ts';

export function writeReport(run: RunRecord): string {
  return [
    `# Bench of ${run.at.slice(0, 10)}, commit ${run.commit}`,
    conditions(run),
    notMeasured(run),
    `## Ratios\n\n${RATIOS_NOTE}\n\n${ratioTable(run.scenarios)}`,
    `## Where ${SUBJECT} is behind ${RIVAL}\n\n${behindLines(run.scenarios).join('\n')}`,
    '## Scenarios',
    ...run.scenarios.map(scenarioSection),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

const RATIOS_NOTE = `How many times less CPU the server takes for one message (delivery, handshake) than ${BASE} without its native
add-ons; for \`idle\`, memory per connection. More is better. The last columns hold ${SUBJECT} against one other server.`;

function conditions({ at, command, machine, versions, conditions: how }: RunRecord): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `- Measured ${at.replace('T', ' ')} UTC by \`${command}\``,
    `- Machine: ${machine}`,
    `- Versions: ${named.join(', ')}`,
    `- ${how}`,
  ].join('\n');
}

/** Loud: a table without a row must not look as if nobody had asked for it. */
export function notMeasured({ missing, scenarios }: Pick<RunRecord, 'missing' | 'scenarios'>): string {
  const lines = Object.entries(missing).map(([peer, reason]) => `- **${peer}: ${reason}**`);
  for (const { name, rows } of scenarios) {
    for (const { peer, error, rates } of rows) {
      if (error === undefined) continue;
      const extent = rates.length === 0 ? 'no result' : `in some rounds; ${rates.length} were right`;
      lines.push(`- **${peer} in ${name}: ${oneLine(error)}** (${extent})`);
    }
  }
  return lines.length === 0 ? '' : `## Not measured\n\n${lines.join('\n')}`;
}

const oneLine = (text: string): string => text.replaceAll(/[\s|*`]+/g, ' ').trim();

// ---- the table of ratios ----

export function ratioTable(scenarios: readonly ScenarioRecord[]): string {
  const peers = [...new Set(scenarios.flatMap(({ rows }) => rows.map(({ peer }) => peer)))];
  const rivals = [RIVAL, 'bun', 'climit', FLOOR].filter((peer) => peers.includes(peer));
  const isHeld = peers.includes(SUBJECT);
  const against = isHeld ? rivals : [];
  const head = ['scenario', ...peers, ...against.map((rival) => `${SUBJECT} / ${rival}`)];
  const rows = scenarios.map((scenario) => {
    const base = costOf(scenario, BASE);
    const ours = costOf(scenario, SUBJECT);
    return [
      scenario.name,
      ...peers.map((peer) => timesBetter(base, costOf(scenario, peer))),
      ...against.map((rival) => timesBetter(costOf(scenario, rival), ours)),
    ];
  });
  return markdownTable([head, ...rows]);
}

// ---- where we are behind ----

export function behindLines(scenarios: readonly ScenarioRecord[]): string[] {
  const compared = scenarios.filter(
    (scenario) => Number.isFinite(costOf(scenario, SUBJECT)) && Number.isFinite(costOf(scenario, RIVAL)),
  );
  if (compared.length === 0) return [`${SUBJECT} and ${RIVAL} were not measured together.`];
  const lines = compared
    .filter((scenario) => costOf(scenario, SUBJECT) > costOf(scenario, RIVAL))
    .map(behindLine);
  return lines.length > 0 ? lines : [`In none of the ${compared.length} scenarios that both ran.`];
}

function behindLine(scenario: ScenarioRecord): string {
  const ours = costOf(scenario, SUBJECT);
  const theirs = costOf(scenario, RIVAL);
  const unit = scenario.kind === 'idle' ? 'KiB' : 'µs';
  const ratio = `${figure(ours, 2)} ${unit} to ${figure(theirs, 2)} ${unit} (${timesBetter(theirs, ours)})`;
  return `- ${scenario.name}: ${ratio}. ${[certainty(scenario), floorNote(scenario, unit)].filter(Boolean).join(' ')}`;
}

function certainty({ kind, rows }: ScenarioRecord): string {
  if (kind === 'idle') return 'Measured once.';
  const runsOf = (peer: string): readonly number[] => rows.find((row) => row.peer === peer)?.cpuUs ?? [];
  const [ours, theirs] = [runsOf(SUBJECT), runsOf(RIVAL)];
  if (ours.length < 2 || theirs.length < 2) return 'Measured once.';
  return areApart(ours, theirs) ? 'The rounds are apart.' : 'The rounds overlap, so it is not certain.';
}

/** How much of the distance lies below us, in Node's own sockets. */
function floorNote(scenario: ScenarioRecord, unit: string): string {
  const floor = costOf(scenario, FLOOR);
  const ours = costOf(scenario, SUBJECT);
  const theirs = costOf(scenario, RIVAL);
  if (!Number.isFinite(floor)) return '';
  const said = `node:net with no protocol takes ${figure(floor, 2)} ${unit}:`;
  if (floor >= ours) return `${said} we are below what it costs to use it in the documented way.`;
  if (floor <= theirs) return `${said} the whole distance is above it.`;
  return `${said} ${percent((floor - theirs) / (ours - theirs))} of the distance is Node's sockets.`;
}

// ---- one scenario ----

export function scenarioSection(scenario: ScenarioRecord): string {
  const rows = scenario.kind === 'idle' ? idleRows(scenario) : timedRows(scenario);
  return `### ${scenario.name}: ${scenario.title}\n\n${markdownTable(rows)}`;
}

function idleRows(scenario: ScenarioRecord): string[][] {
  const base = costOf(scenario, BASE);
  const head = [
    'server',
    'KiB each, idle',
    `× ${BASE}`,
    'after one message',
    'RSS before, MiB',
    scenario.unit,
  ];
  const rows = scenario.rows.map(({ peer, medians, error }) => [
    peer,
    figure(medians.idleKib, 2),
    timesBetter(base, medians.idleKib ?? Number.NaN),
    figure(medians.idleAfterMessageKib, 2),
    figure(medians.rssBeforeMib, 1),
    figure(medians.rate),
    error === undefined ? '' : 'failed',
  ]);
  return [[...head, 'errors'], ...rows];
}

function timedRows(scenario: ScenarioRecord): string[][] {
  const { kind, unit, rows } = scenario;
  const isBroadcast = kind === 'broadcast';
  const hasSlow = rows.some(({ medians }) => medians.slowCut !== undefined);
  const head = [
    ...['server', unit, `× ${BASE}`, 'CPU µs each', `CPU × ${BASE}`, `CPU × ${RIVAL}`, 'p50', 'p99'],
    ...(isBroadcast ? ['last p50', 'last p99'] : []),
    ...['server CPU', 'generator CPU', 'spread'],
    ...(hasSlow ? ['RSS, MiB', 'slow ones cut'] : []),
    'errors',
  ];
  return [head, ...rows.map((row) => timedRow(scenario, row, { isBroadcast, hasSlow }))];
}

function timedRow(
  scenario: ScenarioRecord,
  { peer, medians, rates, error }: Row,
  columns: { readonly isBroadcast: boolean; readonly hasSlow: boolean },
): string[] {
  const baseRate = scenario.rows.find((row) => row.peer === BASE)?.medians.rate ?? Number.NaN;
  const cost = medians.cpuUs ?? Number.NaN;
  return [
    peer,
    figure(medians.rate),
    figure((medians.rate ?? Number.NaN) / baseRate, 2),
    figure(cost, 2),
    timesBetter(costOf(scenario, BASE), cost),
    timesBetter(costOf(scenario, RIVAL), cost),
    ...[duration(medians.eachP50Us), duration(medians.eachP99Us)],
    ...(columns.isBroadcast ? [duration(medians.lastP50Us), duration(medians.lastP99Us)] : []),
    ...[
      percent(medians.serverCpu),
      percent(medians.generatorCpu),
      rates.length < 2 ? '–' : `± ${percent(spread(rates))}`,
    ],
    ...(columns.hasSlow ? [figure(medians.rssMib), figure(medians.slowCut)] : []),
    error === undefined ? '' : 'failed',
  ];
}
