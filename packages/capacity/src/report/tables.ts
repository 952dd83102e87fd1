// The tables of a report. Each says what a plot shows, in figures, and what no plot shows.
import type { CapacityReport, Costs, Step } from '../report.ts';
import {
  about,
  bytes,
  count,
  deviation,
  digits,
  foretold,
  micros,
  milliseconds,
  quantity,
} from './amounts.ts';
import { answerOf, firstCeiling } from './answer.ts';
import { curveOf } from './curve.ts';
import type { Side } from './plots.ts';
import { escaped } from './svg.ts';
import type { ReportWords } from './words.ts';

interface Cell {
  readonly text: string;
  /** Below it, smaller. */
  readonly note?: string;
  readonly isNumber?: boolean;
  /** A line of its own on a phone. */
  readonly isWhole?: boolean;
  readonly isBad?: boolean;
}

interface TableRow {
  readonly cells: readonly Cell[];
  readonly isMarked?: boolean;
}

function table(className: string, columns: readonly Cell[], rows: readonly TableRow[]): string {
  if (rows.length === 0) return '';
  const head = columns.map((cell) => cellOf('th', cell)).join('');
  const body = rows.map(({ cells, isMarked }) => {
    const inner = cells.map((cell, index) => cellOf(index === 0 ? 'th' : 'td', cell)).join('');
    return `<tr${isMarked === true ? ' class="first"' : ''}>${inner}</tr>`;
  });
  // Wider than a phone: it scrolls in itself, also by keyboard.
  const thead = columns.length === 0 ? '' : `<thead><tr>${head}</tr></thead>`;
  return `<div class="table" tabindex="0"><table class="${className}">${thead}<tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}

function cellOf(tag: 'th' | 'td', { text, note, isNumber, isWhole, isBad }: Cell): string {
  const classes = [isNumber && 'n', isWhole && 'whole', isBad && 'bad'].filter(
    (name) => typeof name === 'string',
  );
  const attribute = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
  return `<${tag}${attribute}>${escaped(text)}${note === undefined ? '' : `<small>${escaped(note)}</small>`}</${tag}>`;
}

const plain = (text: string): Cell => ({ text });
const number = (text: string): Cell => ({ text, isNumber: true });
const whole = (text: string): Cell => ({ text, isWhole: true });
const NOTHING = '–';

export function costTable(costs: Costs, words: ReportWords): string {
  const { connection, delivery, message } = costs;
  const rows: readonly (readonly [keyof ReportWords['costs'], string | undefined])[] = [
    ['connectionMemory', bytes(connection.memoryBytes)],
    ['handshake', micros(connection.handshakeCpuMicros)],
    ['delivery', micros(delivery.cpuMicros)],
    ['packed', micros(delivery.packedCpuMicros)],
    ['message', micros(message.cpuMicros)],
    ['disk', bytes(message.diskBytes)],
    ['commit', message.commitMsP50 === undefined ? undefined : milliseconds(message.commitMsP50)],
    ['idle', digits(costs.idleCpuCores)],
    ['base', bytes(costs.baseMemoryBytes)],
  ];
  const cells = rows.flatMap(([name, value]): TableRow[] => {
    const [text, note] = words.costs[name];
    return value === undefined ? [] : [{ cells: [{ text, note }, number(value)] }];
  });
  return table('costs', [], cells);
}

export function ceilingTable(report: CapacityReport, words: ReportWords): string {
  const [resource, readers, basis, advice] = words.ceilingColumns;
  const first = firstCeiling(report)?.resource;
  const rows = report.ceilings
    .toSorted(
      (one, other) => (one.readers ?? Number.POSITIVE_INFINITY) - (other.readers ?? Number.POSITIVE_INFINITY),
    )
    .map((ceiling): TableRow => {
      const at = ceiling.readers === null ? words.notReached : about(ceiling.readers);
      return {
        isMarked: ceiling.resource === first,
        cells: [
          plain(words.resources[ceiling.resource]),
          number(at),
          whole(ceiling.basis),
          whole(words.advice?.[ceiling.resource] ?? ceiling.advice),
        ],
      };
    });
  return table('stacked', [plain(resource), number(readers), plain(basis), plain(advice)], rows);
}

export function predictionTable({ predictions }: CapacityReport, words: ReportWords): string {
  const [load, what, ...numbers] = words.predictionColumns;
  const rows = predictions.map((prediction): TableRow => {
    const { mix, unit, predicted, measured, spreadPercent, errorPercent } = prediction;
    return {
      cells: [
        plain(words.load(count(mix.readers), count(mix.senders), digits(mix.rate), bytes(mix.size))),
        plain(words.quantities[prediction.quantity]),
        number(foretold(predicted, unit, spreadPercent)),
        number(quantity(measured, unit)),
        { ...number(deviation(errorPercent)), isBad: Math.abs(errorPercent) > 15 },
      ],
    };
  });
  return table('tests', [plain(load), plain(what), ...numbers.map(number)], rows);
}

/** At the largest room that all of them were measured in. */
export function besideTable(sides: readonly Side[], words: ReportWords): string {
  const sizes = sides.map(({ report }) => new Set(curveOf(report).map(({ mix }) => mix.readers)));
  const common = curveOf(sides[0]?.report ?? { steps: [] })
    .map(({ mix }) => mix.readers)
    .filter((readers) => sizes.every((known) => known.has(readers)));
  const chosen = [...new Set([common[Math.floor(common.length / 2)], common.at(-1)])];
  const at = (side: Side, readers: number): Step | undefined =>
    curveOf(side.report).find(({ mix }) => mix.readers === readers);
  const row = (name: string, value: (side: Side) => string | undefined): TableRow => ({
    cells: [plain(name), ...sides.map((side) => number(value(side) ?? NOTHING))],
  });
  const measured = chosen.flatMap((readers): TableRow[] => {
    if (readers === undefined) return [];
    const where = words.besideAt(count(readers));
    return [
      row(`p50 ${where}`, (side) => milliseconds(at(side, readers)?.latencyMs.p50 ?? 0)),
      row(`p99 ${where}`, (side) => milliseconds(at(side, readers)?.latencyMs.p99 ?? 0)),
      row(`${words.axes.deliveries} ${where}`, (side) => count(at(side, readers)?.deliveriesPerSecond ?? 0)),
      row(`${words.axes.cpu} ${where}`, (side) => {
        const cores = at(side, readers)?.server?.cpuCores;
        return cores === undefined ? undefined : digits(cores);
      }),
    ];
  });
  const rows = [
    row(words.figures.people, ({ report }) => {
      const { people } = answerOf(report, 'en');
      return people === undefined ? undefined : about(people);
    }),
    ...measured,
    row(
      words.costs.connectionMemory[0],
      ({ report }) => report.costs && bytes(report.costs.connection.memoryBytes),
    ),
    row(words.costs.delivery[0], ({ report }) => report.costs && micros(report.costs.delivery.cpuMicros)),
    row(words.costs.packed[0], ({ report }) => report.costs && micros(report.costs.delivery.packedCpuMicros)),
    row(words.costs.message[0], ({ report }) => report.costs && micros(report.costs.message.cpuMicros)),
    row(words.circumstances.storage, ({ report }) => {
      const { isDurable } = report.target;
      return words.durable[isDurable === undefined ? 'unknown' : isDurable ? 'yes' : 'no'];
    }),
  ];
  // What none of them has is no comparison.
  const known = rows.filter(({ cells }) => cells.slice(1).some(({ text }) => text !== NOTHING));
  return table('beside', [plain(''), ...sides.map(({ name }) => number(name))], known);
}

export function stepTable({ steps }: CapacityReport, words: ReportWords): string {
  const rows = steps.map((step): TableRow => {
    const { mix, latencyMs, ackMs, server } = step;
    const faults = step.lost + step.repeated + step.disordered + step.refused;
    return {
      cells: [
        plain(words.phases[step.phase]),
        ...[count(mix.readers), count(mix.senders), digits(mix.rate)].map(number),
        ...[digits(step.postsPerSecond), count(step.deliveriesPerSecond)].map(number),
        ...[latencyMs.p50, latencyMs.p95, latencyMs.p99, latencyMs.max].map((ms) =>
          number(step.deliveriesPerSecond > 0 ? milliseconds(ms) : NOTHING),
        ),
        number(ackMs === undefined ? NOTHING : milliseconds(ackMs.p99)),
        number(server === undefined ? NOTHING : server.cpuCores.toFixed(2)),
        number(server === undefined ? NOTHING : bytes(server.memoryBytes)),
        number(step.generatorCpuCores.toFixed(2)),
        plain(words.limits[step.limitedBy]),
        { text: words.faults(step), isBad: faults > 0 },
      ],
    };
  });
  const columns = words.stepColumns.map((name, index) =>
    index === 0 || index >= words.stepColumns.length - 2 ? plain(name) : number(name),
  );
  return table('steps', columns, rows);
}
