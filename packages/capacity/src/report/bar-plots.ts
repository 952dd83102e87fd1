// The two plots with a row for each thing: where each resource runs out, and how far predictions were off.
import type { CapacityReport } from '../report.ts';
import { about, compact, count, deviation } from './amounts.ts';
import { firstCeiling } from './answer.ts';
import { largestCarried } from './curve.ts';
import { type Colour, colour } from './palette.ts';
import { FONT } from './plot-frame.ts';
import type { Size } from './svg.ts';
import type { ReportWords } from './words.ts';

/** A stem and a dot: on a scale of powers of ten the length of a bar would lie. */
export function ceilingsOption(report: CapacityReport, words: ReportWords, size: Size) {
  const reached = report.ceilings
    .flatMap(({ resource, readers }) => (readers === null || readers <= 0 ? [] : [{ resource, readers }]))
    .toSorted((one, other) => one.readers - other.readers);
  if (reached.length === 0) return undefined;
  const first = firstCeiling(report)?.resource;
  const least = Math.min(...reached.map(({ readers }) => readers));
  const carried = report.found?.readers ?? largestCarried(report)?.mix.readers;
  const min = 10 ** Math.floor(Math.log10(Math.max(1, Math.min(least, carried ?? least)) * 0.99));
  return {
    ...rowsFrame(
      reached.map(({ resource }) => words.resources[resource]),
      size,
    ),
    xAxis: {
      ...valueAxis(words.axes.people, compact),
      type: 'log',
      min: Math.max(1, min),
      max: 10 ** Math.ceil(Math.log10(Math.max(...reached.map(({ readers }) => readers)) * 1.01)),
    },
    series: rowSeries(
      reached.map(({ resource, readers }) => ({
        value: readers,
        label: about(readers),
        colour: resource === first ? 'copper' : 'blue',
      })),
      carried === undefined ? [] : [{ at: carried, name: words.carriedHere(count(carried)) }],
    ),
  };
}

/** Beyond it the model is not worth its paper. */
const ALLOWED_PERCENT = 15;

export function predictionsOption({ predictions }: CapacityReport, words: ReportWords, size: Size) {
  if (predictions.length === 0) return undefined;
  const farthest = Math.max(
    ALLOWED_PERCENT,
    ...predictions.map(({ errorPercent }) => Math.abs(errorPercent)),
  );
  // Room for the figure beside the last dot; whole tens, where the marks are.
  const most = Math.ceil((farthest * 1.5) / 10) * 10;
  return {
    ...rowsFrame(
      predictions.map(
        ({ quantity, mix }) => `${words.quantities[quantity]}\n${words.people(about(mix.readers))}`,
      ),
      size,
    ),
    xAxis: {
      ...valueAxis(words.axes.error, (value) => `${value > 0 ? '+' : ''}${value}`.replace('-', '−')),
      type: 'value',
      min: -most,
      max: most,
    },
    series: rowSeries(
      predictions.map(({ errorPercent }) => ({
        value: errorPercent,
        label: deviation(errorPercent),
        colour: Math.abs(errorPercent) <= ALLOWED_PERCENT ? 'blue' : 'danger',
      })),
      [
        { at: -ALLOWED_PERCENT, name: '' },
        { at: ALLOWED_PERCENT, name: '' },
      ],
    ),
  };
}

const rowsFrame = (rows: readonly string[], { width }: Size): Record<string, unknown> => ({
  textStyle: { fontFamily: FONT, fontSize: 12 },
  grid: { left: 100, right: width < 400 ? 60 : 74, top: 34, bottom: 44 },
  yAxis: {
    type: 'category',
    inverse: true,
    data: rows,
    axisLabel: { color: colour('ink'), lineHeight: 15, interval: 0 },
    axisLine: { show: false },
    axisTick: { show: false },
  },
});

const valueAxis = (name: string, format: (value: number) => string): Record<string, unknown> => ({
  name,
  nameLocation: 'middle',
  nameGap: 28,
  nameTextStyle: { color: colour('ink-soft') },
  splitNumber: 4,
  axisLabel: { color: colour('ink-soft'), formatter: format, hideOverlap: true },
  splitLine: { lineStyle: { color: colour('hairline') } },
  axisLine: { show: false },
  axisTick: { show: false },
});

interface Row {
  readonly value: number;
  readonly label: string;
  readonly colour: Colour;
}

interface Mark {
  readonly at: number;
  readonly name: string;
}

/** Stems from the left edge, or from zero, and a dot with the figure at their end. */
function rowSeries(rows: readonly Row[], marks: readonly Mark[]): Record<string, unknown>[] {
  const stems = {
    type: 'bar',
    silent: true,
    barWidth: 2,
    data: rows.map(({ value, colour: paint }) => ({ value, itemStyle: { color: colour(paint) } })),
    markLine: {
      silent: true,
      symbol: 'none',
      data: marks.map(({ at, name }) => ({ xAxis: at, name })),
      lineStyle: { color: colour('border'), type: 'dashed', width: 1 },
      // The rows run downwards, so a line across them starts at the top.
      label: { show: true, position: 'start', formatter: '{b}', color: colour('ink-soft'), fontSize: 12 },
    },
  };
  const dots = {
    type: 'scatter',
    silent: true,
    symbolSize: 9,
    data: rows.map(({ value, label, colour: paint }, index) => ({
      value: [value, index],
      itemStyle: { color: colour(paint), opacity: 1 },
      label: {
        show: true,
        position: value < 0 ? 'left' : 'right',
        color: colour(paint),
        fontSize: 12,
        formatter: label,
      },
    })),
  };
  return [stems, dots];
}
