// The answer in one picture: the chat's latency over time, for three ways of downloading, one below the other on the same scales.
// Colours that can be read on light and on dark; the background is the page's.
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Second, WayResult } from './timeline.ts';

use([LineChart, GridComponent, MarkAreaComponent, TitleComponent, SVGRenderer]);

const WIDTH = 960;
const PANEL = 170;
const TOP = 64;
const GAP = 62;
const INK = '#7a8290';
const FAINT = 'rgba(122, 130, 144, 0.25)';
const COLORS = { p50: '#2f9e78', p99: '#d9822b', downloader: '#c2478f' } as const;
const LEAST_MS = 0.1;

export function pictureOf(results: readonly WayResult[], title: string): string {
  const height = TOP + results.length * (PANEL + GAP);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  const all = results.flatMap(({ seconds, downloaderSeconds }) => [...seconds, ...downloaderSeconds]);
  const secondMax = Math.max(...all.map(({ second }) => second)) + 1;
  const mostMs = 10 ** Math.ceil(Math.log10(Math.max(...all.map(({ p99Ms }) => p99Ms), 10)));
  const textStyle = { color: INK, fontFamily: 'system-ui, sans-serif' };
  chart.setOption({
    animation: false,
    backgroundColor: 'transparent',
    textStyle,
    title: [
      { text: title, left: 56, top: 4, textStyle: { ...textStyle, fontSize: 16 } },
      ...LEGEND.map(({ text, color, left }) => ({
        ...{ text, left, top: 28 },
        textStyle: { ...textStyle, color, fontSize: 12 },
      })),
      ...results.map((result, index) => ({
        text: headingOf(result),
        left: 56,
        top: topOf(index) - 24,
        textStyle: { ...textStyle, fontSize: 13 },
      })),
    ],
    grid: results.map((_, index) => ({ left: 64, right: 24, top: topOf(index), height: PANEL })),
    xAxis: results.map((_, gridIndex) => ({
      ...{ gridIndex, type: 'value', min: 0, max: secondMax },
      axisLabel: { color: INK, formatter: '{value} s' },
      axisLine: { lineStyle: { color: INK } },
      splitLine: { show: false },
    })),
    yAxis: results.map((_, gridIndex) => ({
      ...{ gridIndex, type: 'log', min: LEAST_MS, max: mostMs },
      axisLabel: { color: INK, formatter: (ms: number) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`) },
      splitLine: { lineStyle: { color: FAINT } },
    })),
    series: results.flatMap((result, index) => [
      { ...line(index, result.seconds, 'p50Ms', COLORS.p50), markArea: areaOf(result) },
      line(index, result.seconds, 'p99Ms', COLORS.p99),
      { ...line(index, result.downloaderSeconds, 'p50Ms', COLORS.downloader), lineStyle: { type: 'dashed' } },
    ]),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg.replaceAll(/<style\s*>[\s\S]*?<\/style>\n?/g, '').replace('<svg ', `<svg role="img" aria-label="${title}" `)}\n`;
}

const LEGEND = [
  { text: '—— p50 of everybody', color: COLORS.p50, left: 56 },
  { text: '—— p99 of everybody', color: COLORS.p99, left: 226 },
  { text: '- - - p50 of who downloads', color: COLORS.downloader, left: 396 },
  { text: '▒ the download', color: INK, left: 606 },
];

const topOf = (index: number): number => TOP + GAP / 2 + index * (PANEL + GAP);

const headingOf = ({ way, quietP99Ms, duringP99Ms, downloaderDuringP99Ms, durationS }: WayResult): string =>
  `Over ${way === 'HTTP' ? way : `the ${way}`}, in ${durationS} s: p99 ${quietP99Ms} → ${duringP99Ms} ms; for who downloads ${downloaderDuringP99Ms} ms`;

function line(index: number, seconds: readonly Second[], key: 'p50Ms' | 'p99Ms', color: string) {
  return {
    ...{ type: 'line', xAxisIndex: index, yAxisIndex: index, showSymbol: false, color },
    lineStyle: { width: 2 },
    data: seconds.map((each) => [each.second + 0.5, Math.max(LEAST_MS, each[key])]),
  };
}

function areaOf({ download: { fromMs, toMs } }: WayResult) {
  return {
    silent: true,
    itemStyle: { color: FAINT },
    data: [[{ xAxis: fromMs / 1000 }, { xAxis: toMs / 1000 }]],
  };
}
