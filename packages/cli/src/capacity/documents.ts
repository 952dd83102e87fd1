// The figures of docs/capacity.md: tables and pictures out of one kept report, so that none is typed by hand. `wireroom capacity --docs
// docs` writes them; a test holds the documents to what is kept.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  about,
  answerOf,
  bytes,
  type CapacityFile,
  type CapacityReport,
  capacityFileText,
  count,
  curveOf,
  digits,
  foretold,
  milliseconds,
  quantity,
  readCapacityFile,
} from '@wireroom/capacity';
import { type Plot, paletteCss, plotImages } from '@wireroom/capacity/report';
import { UsageError } from '../usage-error.ts';

const DOCUMENT = 'capacity.md';
const BEGIN = '<!-- figures: made by wireroom capacity --docs -->';
const END = '<!-- /figures -->';

/** Paths below the folder -> contents. `document` is docs/capacity.md as it stands. */
export function documentsOf(measured: CapacityFile, document: string): Readonly<Record<string, string>> {
  // As whoever reads the kept file has it, down to the order of its fields.
  const file = readCapacityFile(capacityFileText(measured));
  const plots = plotImages(file, 'en');
  return {
    [DOCUMENT]: withFigures(document, figuresOf(file, plots)),
    'capacity.json': capacityFileText(file),
    ...Object.fromEntries(plots.map((plot) => [imageOf(plot), pictureOf(plot)])),
  };
}

export function writeDocuments(folder: string, file: CapacityFile): void {
  for (const [name, text] of Object.entries(documentsOf(file, documentIn(folder)))) {
    const place = join(folder, name);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  }
}

/** As it stands. Throws a UsageError where the figures have no place. */
export function documentIn(folder: string): string {
  const path = join(folder, DOCUMENT);
  if (!existsSync(path))
    throw new UsageError(
      `--docs is "${folder}", and there is no ${DOCUMENT} in it; it must be the folder of Wireroom's documents.`,
    );
  const document = readFileSync(path, 'utf8');
  withFigures(document, '');
  return document;
}

const imageOf = ({ name }: Plot): string => `images/capacity-${name}.svg`;

/** On a ground of its own: where it is shown, nobody knows how light the page is. */
function pictureOf({ wide }: Plot): string {
  const css = `${paletteCss('svg')}svg{background:var(--paper)}`;
  return `${wide.replace(/^(<svg [^>]*>)/, `$1<style>${css}</style>`)}\n`;
}

function withFigures(document: string, figures: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin)
    throw new UsageError(
      `${DOCUMENT} has no place for the figures: it stands between "${BEGIN}" and "${END}".`,
    );
  return `${document.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${document.slice(end)}`;
}

function figuresOf(file: CapacityFile, plots: readonly Plot[]): string {
  const { peers = [], ...own } = file;
  const { sentence, limit } = answerOf(own, 'en');
  return [
    `**${[sentence, limit].filter((part) => part !== undefined).join(' ')}**`,
    circumstancesOf(own),
    ...own.warnings.map((text) => `- ${text}`),
    plots.map((plot) => `![${plot.title}: ${plot.caption}](${imageOf(plot)})`).join('\n'),
    ...[own, ...peers].flatMap((report) => reportPart(report, peers.length > 0)),
  ]
    .map(plain)
    .join('\n\n');
}

/** Thin spaces are for screens; in a file that people search and compare they are in the way. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

function circumstancesOf({ startedAt, command, machine, target }: CapacityReport): string {
  const version = [target.name, target.version].filter((part) => part !== undefined).join(' ');
  return `${startedAt.slice(0, 10)}, \`${command}\`. ${machine.cpus} × ${machine.cpuModel}, ${bytes(machine.memoryBytes)}, ${machine.platform}, Node ${machine.node}; ${version}; server and load on the same machine.`;
}

function reportPart(report: CapacityReport, hasPeers: boolean): string[] {
  const { costs, ceilings, predictions, target } = report;
  return [
    ...(hasPeers ? [`### ${target.name}`, ...(report.costs ? [] : [answerOf(report, 'en').sentence])] : []),
    ...table(
      ['people', 'post', 'deliveries/s', 'p50', 'p95', 'p99', 'CPU, cores', 'memory', 'limit'],
      curveOf(report).map(({ mix, deliveriesPerSecond, latencyMs, server, limitedBy }) => [
        ...[count(mix.readers), count(mix.senders), count(deliveriesPerSecond)],
        ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map(milliseconds),
        ...(server === undefined ? ['–', '–'] : [server.cpuCores.toFixed(2), bytes(server.memoryBytes)]),
        limitedBy === 'nothing' ? '' : limitedBy,
      ]),
    ),
    ...(costs === undefined
      ? []
      : [
          `\`${costs.formula}\` (r² = ${costs.r2.toFixed(3)})`,
          `A connection takes ${bytes(costs.connection.memoryBytes)}; the server alone ${bytes(costs.baseMemoryBytes)}. A message takes ${bytes(costs.message.diskBytes)} of disk.`,
        ]),
    ...table(
      ['load that the model had not seen', 'what', 'foretold', 'measured', 'off by'],
      predictions.map(({ mix, quantity: what, unit, predicted, measured, spreadPercent, errorPercent }) => {
        return [
          `${count(mix.readers)} people, ${count(mix.senders)} post ${digits(mix.rate)}/s of ${bytes(mix.size)}`,
          what,
          ...[foretold(predicted, unit, spreadPercent), quantity(measured, unit)],
          `${errorPercent < 0 ? '−' : '+'}${Math.abs(errorPercent).toFixed(1)} %`,
        ];
      }),
    ),
    ...table(
      ['runs out', 'at people', 'rests on', 'what to do'],
      ceilings
        .toSorted(
          (one, other) =>
            (one.readers ?? Number.POSITIVE_INFINITY) - (other.readers ?? Number.POSITIVE_INFINITY),
        )
        .map(({ resource, readers, basis, advice }) => [
          ...[resource, readers === null ? 'not in reach' : about(readers), basis, advice],
        ]),
    ),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
  return [[line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')];
}
