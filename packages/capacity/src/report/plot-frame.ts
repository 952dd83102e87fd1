// What all plots have in common: axes, grid, type, and how a line ends in its name. Options for ECharts, as plain data.
import { type Colour, colour } from './palette.ts';
import type { Size } from './svg.ts';

export type Point = readonly [x: number, y: number];

/** Without double quotes: it comes to stand in attributes as it is. */
export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei UI', 'Noto Sans CJK SC', sans-serif";

/** A plot is drawn twice: for a column of the page, and for a phone, so that its letters stay as large as the text's. */
export const SIZES: Readonly<Record<'wide' | 'narrow', Size>> = {
  wide: { width: 520, height: 320 },
  narrow: { width: 340, height: 270 },
};

/** Space at the right for the names of the lines: of one server's, and of several's. */
const NAMES_WIDTH = { one: 66, several: 104 } as const;

export interface Axis {
  readonly name: string;
  readonly format: (value: number) => string;
  readonly isLog?: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface Frame {
  readonly x: Axis;
  readonly y: Axis;
  readonly size: Size;
  readonly names: keyof typeof NAMES_WIDTH;
}

export function frameOf({ x, y, size, names }: Frame): Record<string, unknown> {
  const isNarrow = size.width < 400;
  return {
    textStyle: { fontFamily: FONT, fontSize: 12 },
    // The name of y stands above its axis, left-aligned, where it can be read.
    grid: { left: 56, right: NAMES_WIDTH[names], top: 34, bottom: 44 },
    xAxis: {
      ...axisOf(x),
      nameLocation: 'middle',
      nameGap: 28,
      splitLine: { show: false },
      splitNumber: isNarrow ? 3 : 5,
      axisLine: { show: true, onZero: false, lineStyle: { color: colour('border') } },
      axisTick: { show: true, lineStyle: { color: colour('border') } },
    },
    yAxis: {
      ...axisOf(y),
      nameLocation: 'end',
      nameGap: 12,
      nameTextStyle: { color: colour('ink-soft'), align: 'left', padding: [0, 0, 0, -50] },
      splitNumber: 4,
      splitLine: { show: true, lineStyle: { color: colour('hairline') } },
      axisLine: { show: false },
      axisTick: { show: false },
    },
  };
}

function axisOf({ name, format, isLog = false, min, max }: Axis): Record<string, unknown> {
  return {
    type: isLog ? 'log' : 'value',
    name,
    nameTextStyle: { color: colour('ink-soft') },
    axisLabel: { color: colour('ink-soft'), formatter: format, hideOverlap: true },
    minorTick: { show: false },
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
}

export type Sign = 'circle' | 'hollow' | 'diamond' | 'none';

export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
  readonly colour: Colour;
  readonly dash?: 'solid' | 'dashed' | 'dotted';
  readonly width?: number;
  /** One for each point, or for all. */
  readonly symbols?: readonly Sign[] | Sign;
  /** Points alone. */
  readonly isScatter?: boolean;
  readonly isUnnamed?: boolean;
}

const SYMBOL_SIZE = 7;
/** Larger, to be told from a dot. */
const DIAMOND_SIZE = 11;

export function curveSeries(curve: Curve): Record<string, unknown> {
  const { name, points, symbols = 'none' } = curve;
  const paint = colour(curve.colour);
  return {
    type: 'line',
    silent: true,
    name,
    data: points.map((value, index) => {
      const sign = typeof symbols === 'string' ? symbols : (symbols[index] ?? 'circle');
      return {
        value,
        symbol: sign === 'hollow' ? 'circle' : sign,
        symbolSize: sign === 'diamond' ? DIAMOND_SIZE : SYMBOL_SIZE,
        itemStyle: { color: sign === 'hollow' ? colour('paper') : paint },
      };
    }),
    showSymbol: symbols !== 'none',
    showAllSymbol: true,
    lineStyle:
      curve.isScatter === true
        ? { color: paint, width: 0, opacity: 0 }
        : { color: paint, width: curve.width ?? 2, type: curve.dash ?? 'solid' },
    color: paint,
    itemStyle: { borderColor: paint, borderWidth: 1.5 },
    endLabel: {
      show: curve.isUnnamed !== true && points.length > 0,
      formatter: name,
      color: paint,
      distance: 6,
      fontSize: 12,
      // Another line may pass behind it.
      textBorderColor: colour('paper'),
      textBorderWidth: 3,
    },
    labelLayout: { moveOverlap: 'shiftY' },
  };
}

/** A line across, with its name at its right end: a bound that is not measured. */
export const boundSeries = (name: string, y: number, paint: Colour): Record<string, unknown> => ({
  type: 'line',
  silent: true,
  data: [],
  lineStyle: { color: colour(paint) },
  markLine: {
    silent: true,
    symbol: 'none',
    data: [{ yAxis: y }],
    lineStyle: { color: colour(paint), type: 'dashed', width: 1 },
    label: { position: 'insideStartTop', formatter: name, color: colour(paint), fontSize: 12 },
  },
});
