// The numbers of the last line of `npm test`: nothing that went wrong may be counted as well.
import { expect, test } from 'vitest';
import {
  addCounts,
  countReport,
  failedFiles,
  lastLine,
  unsteadyTests,
  withSecondLook,
} from './test-count.mjs';

const root = '/repo';
const file = (statuses: readonly string[], status = 'passed') => ({
  name: '/repo/a/b.test.ts',
  status,
  assertionResults: statuses.map((each, index) => ({
    status: each,
    title: `test ${index}`,
    ancestorTitles: ['', 'needs a driver'],
  })),
});

test('passed, failed and skipped tests are counted', () => {
  const report = { testResults: [file(['passed', 'passed', 'failed', 'skipped', 'todo'], 'failed')] };
  expect(countReport(report, 1, root)).toMatchObject({ passed: 2, failed: 1, skipped: 2 });
});

test('a file that could not be loaded is one failure', () => {
  const count = countReport({ testResults: [file([], 'failed'), file(['passed'])] }, 1, root);
  expect(count).toMatchObject({ passed: 1, failed: 1, isFailedOutsideTests: false });
});

test('tests that never finished have failed', () => {
  expect(countReport({ testResults: [file(['pending'])] }, 0, root).failed).toBe(1);
});

test('an error outside every test is one failure', () => {
  const count = countReport({ testResults: [file(['passed'])] }, 1, root);
  expect(count).toMatchObject({ passed: 1, failed: 1, isFailedOutsideTests: true });
});

test('skipped suites are named once, with their number of tests', () => {
  const { skippedSuites } = countReport({ testResults: [file(['skipped', 'skipped', 'passed'])] }, 0, root);
  expect(skippedSuites).toEqual([{ file: 'a/b.test.ts', title: 'needs a driver', tests: 2 }]);
});

const run = (code: number, ...testResults: readonly ReturnType<typeof file>[]) => ({
  code,
  report: { testResults },
  errorsOutsideTests: 0,
});
const named = (name: string, statuses: readonly string[], status?: string) => ({
  ...file(statuses, status),
  name,
});

test('a file in which something failed is looked at once more, alone; and that counts', () => {
  const first = run(1, named('/repo/a', ['passed', 'failed'], 'failed'), named('/repo/b', ['passed']));
  expect(failedFiles(first)).toEqual(['/repo/a']);
  const second = run(0, named('/repo/a', ['passed', 'passed']));
  const { report, code } = withSecondLook(first, second);
  expect(countReport(report, code, root)).toMatchObject({ passed: 3, failed: 0 });
  expect(unsteadyTests(first, second, root)).toEqual(['a › needs a driver › test 1']);
});

test('a file that could not be loaded, and could be alone, is named', () => {
  const first = run(1, named('/repo/a', [], 'failed'));
  expect(unsteadyTests(first, run(0, named('/repo/a', ['passed'])), root)).toEqual(['a']);
  expect(unsteadyTests(first, first, root)).toEqual([]);
});

test('what fails alone as well has failed', () => {
  const first = run(1, named('/repo/a', ['failed'], 'failed'));
  const { report, code } = withSecondLook(first, first);
  expect(countReport(report, code, root)).toMatchObject({ failed: 1 });
  expect(unsteadyTests(first, first, root)).toEqual([]);
});

test('a file that left no report of its second look has failed still', () => {
  const first = run(1, named('/repo/a', [], 'failed'), named('/repo/b', ['failed'], 'failed'));
  const { report, code } = withSecondLook(first, run(0, named('/repo/b', ['passed'])));
  expect(countReport(report, code, root)).toMatchObject({ passed: 1, failed: 1 });
});

test('an error outside every test is no matter of a second look', () => {
  const failing = named('/repo/a', ['failed'], 'failed');
  expect(failedFiles({ ...run(1, named('/repo/b', ['passed'])), errorsOutsideTests: 1 })).toEqual([]);
  expect(failedFiles({ ...run(1, failing), errorsOutsideTests: 1 })).toEqual([]);
  expect(failedFiles(run(1, failing))).toEqual(['/repo/a']);
});

test('the last line adds up the steps', () => {
  const steps = [
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 10, failed: 2, skipped: 3 },
  ];
  expect(lastLine(addCounts(steps))).toBe('11 passed, 2 failed, 3 skipped');
});
