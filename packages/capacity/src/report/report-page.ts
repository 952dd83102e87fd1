// A report as one HTML file: it opens without a network, runs no script and is readable on paper. Its parts stand in sections.ts and
// tables.ts; whatever comes from a server or a person goes through `escaped`.
import type { CapacityReport } from '../report.ts';
import { about, count, milliseconds } from './amounts.ts';
import { answerOf, firstCeiling, type ReportLanguage } from './answer.ts';
import type { CapacityFile } from './capacity-file.ts';
import { curveOf, largestCarried } from './curve.ts';
import { type Plot, plotsOf, type Side } from './plots.ts';
import { sectionsOf } from './sections.ts';
import { STYLE } from './style.ts';
import { escaped } from './svg.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';

const LANGS: Readonly<Record<ReportLanguage, string>> = { en: 'en', zh: 'zh-Hans' };

export function reportPage(file: CapacityFile, language: ReportLanguage): string {
  const words = REPORT_WORDS[language];
  const sides = sidesOf(file);
  const plots = plotsOf(sides, words);
  return [
    '<!doctype html>',
    `<html lang="${LANGS[language]}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    // Should something slip through: nothing is loaded, nothing runs.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped([words.title, file.target.name].filter((part) => part !== '').join(' · '))}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    `<body${file.isComplete ? '' : ' class="cut"'}>`,
    headOf(file, sides, words),
    answerPart(file, language),
    notesOf(file, words),
    '<main>',
    ...sectionsOf(sides, plots, words),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The pictures alone, each with its colours: for documents. File name without ending -> SVG. */
export function plotImages(file: CapacityFile, language: ReportLanguage): Plot[] {
  return plotsOf(sidesOf(file), REPORT_WORDS[language]);
}

/** In a plot there is no room for more. */
const NAME_LENGTH_MAX = 12;

/** Names that tell them apart, also where two servers bear the same one. */
export function sidesOf({ peers = [], ...own }: CapacityFile): Side[] {
  const colours = ['blue', 'violet', 'teal'] as const;
  const seen = new Set<string>();
  return [own, ...peers].map((report, index) => {
    // What comes after a comma is an explanation.
    const letters = Array.from(report.target.name.split(',')[0] ?? '');
    const name =
      letters.length > NAME_LENGTH_MAX
        ? `${letters.slice(0, NAME_LENGTH_MAX - 1).join('')}…`
        : letters.join('');
    const unique = seen.has(name) ? `${name} (${index + 1})` : name;
    seen.add(unique);
    return { report, name: unique, colour: colours[index % colours.length] ?? 'blue' };
  });
}

function headOf(file: CapacityFile, sides: readonly Side[], words: ReportWords): string {
  const parts = [
    sides
      .map(({ report: { target } }) => [target.name, target.version].filter(Boolean).join(' '))
      .join(' · '),
    file.startedAt.slice(0, 10),
    words.machine(file.machine, `${Math.round(file.machine.memoryBytes / 2 ** 30)} GiB`),
    ...(file.isComplete ? [] : [words.isIncomplete]),
  ];
  return `<header><h1>${escaped(words.title)}</h1><p class="soft">${escaped(parts.join(' · '))}</p></header>`;
}

function answerPart(report: CapacityReport, language: ReportLanguage): string {
  const words = REPORT_WORDS[language];
  const { sentence, limit, people, p99Ms } = answerOf(report, language);
  const first = firstCeiling(report);
  const at = curveOf(report).find(({ mix }) => mix.readers === people) ?? largestCarried(report);
  const figures: readonly (readonly [string, string | undefined])[] = [
    [words.figures.people, people === undefined ? undefined : about(people)],
    [words.figures.p99, p99Ms === undefined ? undefined : milliseconds(p99Ms)],
    [words.figures.deliveries, at && count(at.deliveriesPerSecond)],
    [words.figures.first, first && words.resources[first.resource]],
  ];
  const known = figures.filter(([, value]) => value !== undefined);
  return [
    `<p class="answer">${escaped(sentence)}</p>`,
    ...(limit === undefined ? [] : [`<p class="answer">${escaped(limit)}</p>`]),
    ...(known.length === 0
      ? []
      : [
          `<dl class="figures">${known
            .map(([name, value = '']) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
            .join('')}</dl>`,
        ]),
  ].join('\n');
}

function notesOf(file: CapacityFile, words: ReportWords): string {
  const cut = file.isComplete ? '' : `<p class="note">${escaped(words.incomplete(file.cutBy ?? ''))}</p>`;
  const warnings = [file, ...(file.peers ?? [])].flatMap((report) =>
    report.warnings.map((text) => (report === file ? text : `${report.target.name}: ${text}`)),
  );
  if (warnings.length === 0) return cut;
  const list = warnings.map((text) => `<li>${escaped(text)}</li>`).join('');
  return `${cut}<div class="note"><strong>${escaped(words.warningsTitle)}</strong><ul>${list}</ul></div>`;
}
