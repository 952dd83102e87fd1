// The report, the index and the comparison of runs that are written out here by hand.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { behindLines, ratioTable, scenarioSection, writeReport } from './report.ts';
import { keepRun, keptRuns, writeComparison, writeIndex } from './results.ts';
import { costOf, type RunRecord, readRecord, readRound, rowOf, type ScenarioRecord } from './run-record.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wireroom-bench-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A scenario by what a message costs each server in each round. */
function echoOf(name: string, costs: Readonly<Record<string, readonly number[]>>): ScenarioRecord {
  const rows = Object.entries(costs).map(([peer, cpus]) =>
    rowOf(
      peer,
      cpus.map((cpuUs) => ({ figures: { cpuUs, rate: 1e6 / cpuUs, eachP50Us: 100 }, error: '' })),
    ),
  );
  return { name, title: `${name} in words`, kind: 'echo', unit: 'messages/s', rows };
}

function runOf(scenarios: readonly ScenarioRecord[], rest: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 1,
    at: '2026-03-04T05:06',
    commit: 'abc1234',
    command: 'npm run bench --',
    machine: 'two cores',
    versions: { node: '20.20.2', ws: '8.23.0' },
    conditions: 'Loopback; 3 rounds',
    missing: {},
    scenarios,
    ...rest,
  };
}

const slow = echoOf('slow', {
  wireroom: [40, 41, 42],
  uws: [20, 21, 22],
  ws: [82, 82, 82],
  netraw: [31, 31, 31],
});
const fast = echoOf('fast', { wireroom: [5, 6, 7], uws: [12, 12, 12], ws: [60, 60, 60] });

test('what the load generator prints becomes a round; noise becomes an error', () => {
  const round = readRound('{"mode":"echo","rate":5,"cpuUs":2.5,"errors":0,"error":"","extension":"x"}');
  expect(round).toEqual({ figures: { rate: 5, cpuUs: 2.5 }, error: '' });
  expect(readRound('{"error":"closed","errors":1}').error).toBe('closed');
  expect(readRound('').error).not.toBe('');
  expect(readRound('{"rate":0,"error":""}').error).not.toBe('');
});

test('rounds with an error count in no median, and the first error stays', () => {
  const right = { figures: { rate: 10 }, error: '' };
  const wrong = { figures: { rate: 1000 }, error: 'payload differs' };
  expect(rowOf('ws', [right, wrong, right])).toEqual({
    peer: 'ws',
    medians: { rate: 10 },
    rates: [10, 10],
    cpuUs: [],
    error: 'payload differs',
  });
});

test('ratios say how many times less CPU a server takes than ws, and ours than others', () => {
  const [head = '', , row = ''] = ratioTable([slow]).split('\n');
  const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const byName = new Map(cells(head).map((name, index) => [name, cells(row)[index]]));
  expect(byName.get('wireroom')).toBe('2.00');
  expect(byName.get('uws')).toBe('3.90');
  expect(byName.get('ws')).toBe('1.00');
  expect(byName.get('wireroom / uws')).toBe('0.51');
  expect(byName.get('wireroom / netraw')).toBe('0.76');
});

test('each scenario in which we are behind has a line, with what of it is below us', () => {
  expect(behindLines([slow, fast])).toEqual([
    '- slow: 41.00 µs to 21.00 µs (0.51). The rounds are apart. ' +
      "node:net with no protocol takes 31.00 µs: 50 % of the distance is Node's sockets.",
  ]);
  expect(behindLines([fast])).toEqual(['In none of the 1 scenarios that both ran.']);
  expect(behindLines([echoOf('alone', { wireroom: [1] })])).toEqual([
    'wireroom and uws were not measured together.',
  ]);
});

test('rounds that overlap are called uncertain', () => {
  const close = echoOf('close', { wireroom: [20, 23], uws: [19, 22] });
  expect(behindLines([close])[0]).toContain('not certain');
});

test('an idle connection is compared by its memory', () => {
  const row = (peer: string, idleKib: number) => rowOf(peer, [{ figures: { idleKib }, error: '' }]);
  const idle: ScenarioRecord = {
    name: 'idle',
    title: 'idle',
    kind: 'idle',
    unit: 'connections/s',
    rows: [row('wireroom', 4), row('uws', 1), row('ws', 6)],
  };
  expect(costOf(idle, 'wireroom')).toBe(4);
  expect(behindLines([idle])).toEqual(['- idle: 4.00 KiB to 1.00 KiB (0.25). Measured once.']);
  expect(scenarioSection(idle)).toContain('1.50');
});

test('what could not be measured stands in the report, in bold', () => {
  const failed = { peer: 'bun', medians: {}, rates: [], cpuUs: [], error: 'did not start: no\nsuch | file' };
  const report = writeReport(
    runOf([{ ...slow, rows: [...slow.rows, failed] }], { missing: { deno: 'not installed (x)' } }),
  );
  expect(report).toContain('- **deno: not installed (x)**');
  expect(report).toContain('- **bun in slow: did not start: no such file** (no result)');
  expect(report.match(/^# /gm)).toHaveLength(1);
  expect(report).toContain('Versions: node 20.20.2, ws 8.23.0');
});

test('a kept run can be read again, stands in the index, and is compared with the one before', () => {
  const before = runOf([slow, fast]);
  const now = runOf([echoOf('slow', { wireroom: [20.5], uws: [21], ws: [82] })], {
    at: '2026-03-05T05:06',
    commit: 'def5678',
  });
  keepRun(folder, now);
  const report = keepRun(folder, before);
  expect(report).toBe(join(folder, '2026-03-04-0506-abc1234.md'));
  expect(keptRuns(folder)).toEqual([before, now]);

  const index = readFileSync(join(folder, 'README.md'), 'utf8');
  expect(index.indexOf('def5678')).toBeLessThan(index.indexOf('abc1234'));
  expect(index).toContain('[2026-03-04-0506-abc1234](2026-03-04-0506-abc1234.md)');
  expect(index).toContain('1 of 2');
  expect(writeIndex([])).toContain('None has been kept yet.');

  const comparison = writeComparison(before, now);
  expect(comparison).toMatch(
    /\| slow +\| +41\.00 \| +20\.50 \| +2\.00 \| +2\.00 \| +4\.00 \| +0\.51 \| +1\.02 \|/,
  );
  expect(comparison).not.toContain('fast');
  expect(writeComparison(before, { ...now, machine: 'other' })).toContain('NOT THE SAME MACHINE');
});

test('JSON that is no run of ours is left alone', () => {
  expect(readRecord('{"format":2}')).toBeUndefined();
  expect(readRecord('[]')).toBeUndefined();
});
