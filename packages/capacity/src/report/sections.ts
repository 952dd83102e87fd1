// The parts of a report's page in their order: what people feel, what it costs, where it ends, whether the model is right, every
// step, how it was measured. A part with nothing in it is left out.
import type { CapacityReport, Step } from '../report.ts';
import { bytes, count, digits, milliseconds, percent } from './amounts.ts';
import { curveOf } from './curve.ts';
import type { Plot, PlotName, Side } from './plots.ts';
import { escaped } from './svg.ts';
import { besideTable, ceilingTable, costTable, predictionTable, stepTable } from './tables.ts';
import type { ReportWords } from './words.ts';

type SectionName = keyof ReportWords['sections'];

export function sectionsOf(sides: readonly Side[], plots: readonly Plot[], words: ReportWords): string[] {
  const [own] = sides;
  if (own === undefined) return [];
  const { report } = own;
  const figures = (...names: readonly PlotName[]): string => plotsPart(plots, names);
  const part = (name: SectionName, ...content: readonly string[]): string => section(words, name, content);
  const steps = sides.map((side) => titled(sides, side, stepTable(side.report, words)));
  return [
    part('beside', sides.length > 1 ? besideTable(sides, words) : ''),
    part('feel', figures('latency', 'deliveries'), signsOf(sides, words)),
    part('cost', figures('cpu', 'memory'), costsPart(sides, words)),
    part('end', pair(plots, 'ceilings', ceilingTable(report, words))),
    part('proof', pair(plots, 'predictions', predictionTable(report, words))),
    part('steps', ...steps),
    part('how', factsOf(report, words), readingOf(words)),
  ].filter((html) => html !== '');
}

function section(words: ReportWords, name: SectionName, content: readonly string[]): string {
  const parts = content.filter((html) => html !== '');
  if (parts.length === 0) return '';
  const { title, caption } = words.sections[name];
  const lead = caption === '' ? '' : `<p class="lead">${escaped(caption)}</p>`;
  return `<section id="${name}"><h2>${escaped(title)}</h2>${lead}\n${parts.join('\n')}\n</section>`;
}

/** Whose it is, where there are several. */
const titled = (sides: readonly Side[], { name }: Side, html: string): string =>
  sides.length === 1 || html === '' ? html : `<h3 class="whose">${escaped(name)}</h3>${html}`;

function plotsPart(plots: readonly Plot[], names: readonly PlotName[]): string {
  const shown = plots.filter(({ name }) => names.includes(name));
  return shown.length === 0 ? '' : `<div class="plots">\n${shown.map(figureOf).join('\n')}\n</div>`;
}

/** A plot, and beside it what it stands for. */
function pair(plots: readonly Plot[], name: PlotName, table: string): string {
  const plot = plots.find((one) => one.name === name);
  return plot === undefined ? table : `<div class="pair">\n${figureOf(plot)}\n${table}\n</div>`;
}

const figureOf = ({ title, caption, wide, narrow }: Plot): string =>
  `<figure><h3>${escaped(title)}</h3><div class="wide">${wide}</div><div class="narrow">${narrow}</div><figcaption>${escaped(caption)}</figcaption></figure>`;

const SIGNS: Readonly<Record<Step['limitedBy'], string>> = { nothing: '●', server: '◆', generator: '○' };

/** Only those that occur. */
function signsOf(sides: readonly Side[], words: ReportWords): string {
  const limits = new Set(sides.flatMap(({ report }) => curveOf(report).map(({ limitedBy }) => limitedBy)));
  const items = (['nothing', 'server', 'generator'] as const)
    .filter((limit) => limits.has(limit))
    .map((limit) => `<li><b>${SIGNS[limit]}</b>${escaped(words.signs[limit])}</li>`);
  return items.length === 0 ? '' : `<ul class="signs">${items.join('')}</ul>`;
}

/** Tables with their formulas, beside each other where there is room. */
function costsPart(sides: readonly Side[], words: ReportWords): string {
  const parts = sides.flatMap(({ name, report: { costs } }) => {
    if (costs === undefined) return [];
    const fit = words.formula(costs.r2.toFixed(3), percent(costs.worstErrorPercent));
    const formula = `<div class="formula"><code>${escaped(costs.formula)}</code><p class="soft">${escaped(fit)}</p></div>`;
    if (sides.length === 1) return [costTable(costs, words), formula];
    return [`<div><h3>${escaped(name)}</h3>${costTable(costs, words)}${formula}</div>`];
  });
  return parts.length === 0 ? '' : `<div class="pair">\n${parts.join('\n')}\n</div>`;
}

function factsOf(report: CapacityReport, words: ReportWords): string {
  const { target, asked, machine } = report;
  const durable = target.isDurable === undefined ? 'unknown' : target.isDurable ? 'yes' : 'no';
  const load = words.load(count(asked.readers), count(asked.senders), digits(asked.rate), bytes(asked.size));
  const { circumstances } = words;
  const facts: readonly (readonly [string, string])[] = [
    [circumstances.command, `<code>${escaped(report.command)}</code>`],
    [
      circumstances.asked,
      escaped(
        report.p99MsMax === undefined ? load : `${load}; ${words.asksP99(milliseconds(report.p99MsMax))}`,
      ),
    ],
    [circumstances.machine, escaped(words.machine(machine, bytes(machine.memoryBytes)))],
    [
      circumstances.server,
      escaped([target.name, target.version, target.url].filter((part) => part !== undefined).join(' · ')),
    ],
    [circumstances.storage, escaped(words.durable[durable])],
    [circumstances.time, escaped(`${timeOf(report.startedAt)} – ${timeOf(report.finishedAt)} UTC`)],
  ];
  return `<dl class="facts">${facts.map(([name, html]) => `<dt>${escaped(name)}</dt><dd>${html}</dd>`).join('')}</dl>`;
}

/** To the second. */
const timeOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

const readingOf = ({ reading }: ReportWords): string =>
  `<ul class="reading">${reading.map((text) => `<li>${escaped(text)}</li>`).join('')}</ul>`;
