// The numbers of the last line of `npm test`: nothing that went wrong may be counted as well.
import { expect, test } from 'vitest';
import { addCounts, countReport, lastLine } from './test-count.mjs';

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

test('the last line adds up the steps', () => {
  const steps = [
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 10, failed: 2, skipped: 3 },
  ];
  expect(lastLine(addCounts(steps))).toBe('11 passed, 2 failed, 3 skipped');
});
