// Which plots a report has, and what is in each. A plot that has nothing to show is left out. How they look is in plot-frame.ts, how
// they become SVG in svg.ts; where they stand, report-page.ts decides.
import type { Mix } from '../mix.ts';
import { type CostModel, predictCpu, predictMemory } from '../model/cost-model.ts';
import type { CapacityReport, Step } from '../report.ts';
import { compact, count, digits, milliseconds } from './amounts.ts';
import { ceilingsOption, predictionsOption } from './bar-plots.ts';
import { curveOf, deliveriesAsked, mixAt, smoothSizes, stepsOfOwnMemory } from './curve.ts';
import type { Colour } from './palette.ts';
import { boundSeries, type Curve, curveSeries, frameOf, type Point, SIZES, type Sign } from './plot-frame.ts';
import { type Size, svgOf } from './svg.ts';
import type { ReportWords } from './words.ts';

export const PLOTS = ['latency', 'deliveries', 'cpu', 'memory', 'ceilings', 'predictions'] as const;
export type PlotName = (typeof PLOTS)[number];

export interface Plot {
  readonly name: PlotName;
  readonly title: string;
  readonly caption: string;
  /** The same twice; see SIZES. */
  readonly wide: string;
  readonly narrow: string;
}

/** One server in a plot. */
export interface Side {
  readonly report: CapacityReport;
  readonly name: string;
  readonly colour: Colour;
}

type Draw = (sides: readonly Side[], words: ReportWords, size: Size) => Record<string, unknown> | undefined;

const DRAW: Readonly<Record<PlotName, Draw>> = {
  latency,
  deliveries,
  cpu,
  memory,
  ceilings: ([side], words, size) => side && ceilingsOption(side.report, words, size),
  predictions: ([side], words, size) => side && predictionsOption(side.report, words, size),
};

/** Those that have something to show, in the order of PLOTS. */
export function plotsOf(sides: readonly Side[], words: ReportWords): Plot[] {
  return PLOTS.flatMap((name) => {
    const { title, caption } = words.plots[name];
    const drawn = (which: keyof typeof SIZES): string | undefined => {
      const size = { ...SIZES[which], height: heightOf(name, sides, SIZES[which].height) };
      const option = DRAW[name](sides, words, size);
      return option && svgOf({ id: `${name}-${which}`, label: `${title}. ${caption}`, option, size });
    };
    const wide = drawn('wide');
    const narrow = drawn('narrow');
    return wide === undefined || narrow === undefined ? [] : [{ name, title, caption, wide, narrow }];
  });
}

/** Those with a row for each thing are as high as their rows need. */
function heightOf(name: PlotName, [side]: readonly Side[], usual: number): number {
  const rows = { ceilings: side?.report.ceilings.length, predictions: side?.report.predictions.length };
  const count = name === 'ceilings' || name === 'predictions' ? rows[name] : undefined;
  return count === undefined ? usual : ROWS_AROUND + ROW_HEIGHT * Math.max(2, count);
}

const ROWS_AROUND = 78;
const ROW_HEIGHT = 40;

const people = (words: ReportWords) => ({ name: words.axes.people, format: compact, min: 0 });
const namesOf = ({ length }: readonly Side[]) => (length === 1 ? 'one' : 'several');
/** A name says whose line it is only where there are several. */
const named = (sides: readonly Side[], side: Side, what: string): string =>
  sides.length === 1 ? what : `${side.name} ${what}`;

function latency(sides: readonly Side[], words: ReportWords, size: Size) {
  const quantiles = sides.length === 1 ? (['p99', 'p95', 'p50'] as const) : (['p99', 'p50'] as const);
  const styles = {
    p99: { width: 2.5, dash: 'solid' },
    p95: { width: 1.5, dash: 'dashed' },
    p50: { width: 1.5, dash: 'solid' },
  } as const;
  const curves = sides.flatMap((side) =>
    quantiles.map((quantile): Curve => {
      const steps = curveOf(side.report).filter(({ latencyMs }) => latencyMs[quantile] > 0);
      return {
        name: named(sides, side, quantile),
        points: steps.map((step): Point => [step.mix.readers, step.latencyMs[quantile]]),
        colour: side.colour,
        ...styles[quantile],
        symbols: quantile === 'p99' ? steps.map(symbolOf) : 'none',
      };
    }),
  );
  if (!hasPoints(curves)) return undefined;
  const bound = sides[0]?.report.p99MsMax;
  return {
    ...frameOf({
      x: people(words),
      y: { name: words.axes.latency, format: digits, isLog: true },
      size,
      names: namesOf(sides),
    }),
    series: [
      ...curves.map(curveSeries),
      ...(bound === undefined ? [] : [boundSeries(words.allowed(milliseconds(bound)), bound, 'copper')]),
    ],
  };
}

function deliveries(sides: readonly Side[], words: ReportWords, size: Size) {
  const curves = sides.map((side): Curve => {
    const steps = curveOf(side.report);
    return {
      name: sides.length === 1 ? words.measured : side.name,
      points: steps.map((step): Point => [step.mix.readers, step.deliveriesPerSecond]),
      colour: side.colour,
      symbols: steps.map(symbolOf),
    };
  });
  if (!hasPoints(curves)) return undefined;
  const asked = sides
    .flatMap(({ report }) => curveOf(report))
    .toSorted((one, other) => one.mix.readers - other.mix.readers)
    .map(({ mix }): Point => [mix.readers, deliveriesAsked(mix)]);
  return {
    ...frameOf({
      x: people(words),
      y: { name: words.axes.deliveries, format: count, min: 0 },
      size,
      names: namesOf(sides),
    }),
    series: [
      curveSeries({ name: words.asked, points: asked, colour: 'copper', dash: 'dotted', width: 1.5 }),
      ...curves.map(curveSeries),
    ],
  };
}

function cpu(sides: readonly Side[], words: ReportWords, size: Size) {
  const curves = sides.flatMap((side) => {
    const points = curveOf(side.report).flatMap(({ mix, server }): Point[] =>
      server === undefined ? [] : [[mix.readers, server.cpuCores]],
    );
    return measuredAndModel(sides, side, words, { points, model: predictCpu });
  });
  if (!hasPoints(curves)) return undefined;
  return {
    ...frameOf({
      x: people(words),
      y: { name: words.axes.cpu, format: digits, min: 0 },
      size,
      names: namesOf(sides),
    }),
    series: curves.map(curveSeries),
  };
}

const MIB = 2 ** 20;

function memory(sides: readonly Side[], words: ReportWords, size: Size) {
  const curves = sides.flatMap((side) => {
    // Whatever was posted: a connection is a connection.
    const points = stepsOfOwnMemory(side.report).flatMap(({ mix, server }): Point[] =>
      server === undefined ? [] : [[mix.readers, server.memoryBytes / MIB]],
    );
    return measuredAndModel(sides, side, words, {
      points,
      model: (costs, mix) => predictMemory(costs, mix) / MIB,
    });
  });
  if (!hasPoints(curves)) return undefined;
  return {
    ...frameOf({
      x: { ...people(words), name: words.axes.connections },
      y: { name: words.axes.memory, format: count, min: 0 },
      size,
      names: namesOf(sides),
    }),
    series: curves.map(curveSeries),
  };
}

interface Pair {
  readonly points: readonly Point[];
  readonly model: (model: CostModel, mix: Mix) => number;
}

/** Points for what was measured, a line for what the costs say. */
function measuredAndModel(
  sides: readonly Side[],
  side: Side,
  words: ReportWords,
  { points, model }: Pair,
): Curve[] {
  const { costs } = side.report;
  const line =
    costs === undefined || points.length === 0
      ? []
      : smoothSizes(Math.max(...points.map(([readers]) => readers))).map(
          (readers): Point => [readers, model(costs.model, mixAt(side.report, readers))],
        );
  const hasLine = line.length > 0;
  const measured: Curve = {
    name: sides.length === 1 ? words.measured : side.name,
    points: points.toSorted(([one], [other]) => one - other),
    colour: side.colour,
    symbols: 'circle',
    isScatter: hasLine,
    isUnnamed: hasLine,
  };
  const name = sides.length === 1 ? words.model : side.name;
  return hasLine ? [{ name, points: line, colour: side.colour, width: 1.5 }, measured] : [measured];
}

/** Filled: carried. A diamond: the server was the limit. Hollow: the generator was, and the server could do more. */
const symbolOf = ({ limitedBy }: Step): Sign => SIGNS[limitedBy];

const SIGNS: Readonly<Record<Step['limitedBy'], Sign>> = {
  nothing: 'circle',
  server: 'diamond',
  generator: 'hollow',
};

const hasPoints = (curves: readonly Curve[]): boolean => curves.some(({ points }) => points.length > 0);
