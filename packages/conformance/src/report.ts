// Results as text and as JSON: a table by section, and the cases that were not simply right. Prints nothing itself.
import type { Verdict } from './case.ts';
import { SECTIONS } from './cases/cases.ts';
import type { CaseResult } from './tester/trial.ts';

export interface SectionSummary {
  readonly number: string;
  readonly title: string;
  readonly cases: number;
  readonly counts: Readonly<Record<Verdict, number>>;
}

const NO_COUNTS: Record<Verdict, number> = {
  pass: 0,
  'non-strict': 0,
  informational: 0,
  unimplemented: 0,
  fail: 0,
};

/** One for each section that has results, then one for all of them. */
export function summarise(results: readonly CaseResult[]): SectionSummary[] {
  const sections = SECTIONS.map((section) => ({
    ...section,
    results: results.filter((result) => result.section === section.number),
  })).filter((section) => section.results.length > 0);
  return [...sections, { number: '', title: 'all', results }].map(({ number, title, results: own }) => {
    const counts = { ...NO_COUNTS };
    for (const { verdict } of own) counts[verdict] += 1;
    return { number, title, cases: own.length, counts };
  });
}

/** A table in Markdown. */
export function tableOf(results: readonly CaseResult[]): string {
  const columns: readonly Verdict[] = ['pass', 'non-strict', 'informational', 'unimplemented', 'fail'];
  const rows = summarise(results).map(({ number, title, cases, counts }) => [
    `${number} ${title}`.trim(),
    String(cases),
    ...columns.map((verdict) => String(counts[verdict])),
  ]);
  const head = ['section', 'cases', ...columns];
  const widths = head.map((name, index) =>
    Math.max(...[name, ...rows.map((row) => row[index] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, index) => (index === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** A line for each result that is one of these, with what was seen. */
export function linesOf(results: readonly CaseResult[], verdicts: readonly Verdict[]): string[] {
  return results.filter(({ verdict }) => verdicts.includes(verdict)).map(lineOf);
}

export const lineOf = ({ id, verdict, title, rule, notes }: CaseResult): string =>
  `${verdict.padEnd(13)} ${id.padEnd(9)} ${title} (${rule})${notes.length === 0 ? '' : `: ${notes.join('; ')}`}`;
