import { describe, expect, it } from 'vitest';
import type { Verdict } from './case.ts';
import { linesOf, summarise, tableOf } from './report.ts';
import type { CaseResult } from './tester/trial.ts';

const result = (id: string, verdict: Verdict, ...notes: string[]): CaseResult => ({
  ...{ id, section: id.split('.')[0] ?? '', title: `title of ${id}`, rule: 'RFC 6455 5.2' },
  ...{ verdict, notes, tookMs: 1 },
});

const RESULTS = [
  result('2.1', 'pass'),
  result('2.2', 'non-strict', 'late'),
  result('10.1', 'fail', 'first', 'second'),
];

describe('the report', () => {
  it('counts by section, in their order, and in all', () => {
    expect(summarise(RESULTS).map(({ number, cases, counts }) => [number, cases, counts.fail])).toEqual([
      ['2', 2, 0],
      ['10', 1, 1],
      ['', 3, 1],
    ]);
  });

  it('is a table in Markdown', () => {
    expect(tableOf(RESULTS).split('\n')).toEqual([
      '| section         | cases | pass | non-strict | informational | unimplemented | fail |',
      '|-----------------|------:|-----:|-----------:|--------------:|--------------:|-----:|',
      '| 2 Ping and pong |     2 |    1 |          1 |             0 |             0 |    0 |',
      '| 10 Packets      |     1 |    0 |          0 |             0 |             0 |    1 |',
      '| all             |     3 |    1 |          1 |             0 |             0 |    1 |',
    ]);
  });

  it('names the cases that failed and what was seen', () => {
    expect(linesOf(RESULTS, ['fail'])).toEqual([
      'fail          10.1      title of 10.1 (RFC 6455 5.2): first; second',
    ]);
  });
});
