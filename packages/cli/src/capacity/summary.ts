// What is said at the end, in a terminal: the answer in a sentence, the curve as a small table, what things cost, what runs out first.
import {
  answerOf,
  bytes,
  type CapacityFile,
  type CapacityReport,
  count,
  curveOf,
  digits,
  milliseconds,
} from '@wireroom/capacity';
import type { Language } from '../terminal/language.ts';
import { harmless, type Style } from '../terminal/terminal.ts';
import { widthOf } from '../terminal/width.ts';
import { sparkline } from './sparkline.ts';
import { type CapacityWords, WORDS } from './words.ts';

export function summaryOf(file: CapacityFile, language: Language, style: Style): string {
  const words = WORDS[language];
  const { peers = [], ...own } = file;
  const parts = [own, ...peers].flatMap((report) => {
    const { sentence, limit } = answerOf(report, language);
    const title = peers.length === 0 ? [] : [style.bold(harmless(report.target.name))];
    const warnings = report.warnings.map((text) =>
      style.yellow(`${words.warning}${words.colon}${harmless(text)}`),
    );
    return [
      ...title,
      ...(report.isComplete ? [] : [style.yellow(words.stopped)]),
      ...curveTable(report, words, style),
      ...costLines(report, words, style),
      ...warnings,
      '',
      style.bold(harmless(sentence)),
      ...(limit === undefined ? [] : [style.bold(limit)]),
      '',
    ];
  });
  return parts.join('\n');
}

/** One line for each size of the room, the p99 as a bar. */
function curveTable(report: CapacityReport, words: CapacityWords, style: Style): string[] {
  const steps = curveOf(report);
  if (steps.length === 0) return [];
  const bars = Array.from(
    sparkline(
      steps.map(({ latencyMs }) => latencyMs.p99),
      steps.length,
    ),
  );
  const rows = steps.map(({ mix, latencyMs, deliveriesPerSecond, server }) => [
    `${count(mix.readers)} ${words.people}`,
    ...[latencyMs.p50, latencyMs.p99].map((ms) => (deliveriesPerSecond > 0 ? milliseconds(ms) : '–')),
    `${count(deliveriesPerSecond)}/s`,
    server === undefined ? '–' : digits(server.cpuCores),
    server === undefined ? '–' : bytes(server.memoryBytes),
  ]);
  const heads = ['', 'p50', 'p99', words.rows.deliveries, `CPU (${words.cores})`, words.rows.memory];
  const widths = heads.map((head, index) =>
    Math.max(widthOf(head), ...rows.map((cells) => widthOf(cells[index] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => ' '.repeat((widths[index] ?? 0) - widthOf(cell)) + cell).join('  ');
  return [
    style.dim(line(heads)),
    ...rows.map((cells, index) => `${line(cells)}  ${style.tone('name', bars[index] ?? '')}`),
    '',
  ];
}

const costLines = ({ costs }: CapacityReport, words: CapacityWords, style: Style): string[] =>
  costs === undefined ? [] : [style.dim(`${words.costs}${words.colon}${harmless(costs.formula)}`), ''];
