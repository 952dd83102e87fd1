// The lines that show a run while it is under way: those that are drawn again and again on a terminal, the one that is printed now and
// then elsewhere, and those that tell a result once. Pure: state in, lines out, none wider than the terminal.
import {
  bytes,
  type CapacityEvent,
  count,
  digits,
  duration,
  milliseconds,
  type Sample,
  type Step,
} from '@wireroom/capacity';
import { harmless, type Style } from '../terminal/terminal.ts';
import { padded, widthOf } from '../terminal/width.ts';
import { VIEW } from './limits.ts';
import type { LiveState } from './live-state.ts';
import { progressBar, sparkline } from './sparkline.ts';
import type { CapacityWords } from './words.ts';

export interface Look {
  readonly columns: number;
  readonly style: Style;
  readonly words: CapacityWords;
}

/** Figures stand in front of their bars, as wide as the widest. */
const FIGURE_WIDTH = 12;

export function viewLines(state: LiveState, look: Look): string[] {
  const { style, words } = look;
  const columns = Math.max(20, Math.min(look.columns - 1, VIEW.columnsMax));
  const { left } = state;
  const percent = `${Math.floor(left.share * 100)} %`;
  const time = state.isStopping ? words.stopping : left.ms === undefined ? '' : words.left(duration(left.ms));
  const tail = `  ${percent.padStart(5)}  ${time}`;
  const bar = progressBar(left.share, Math.max(6, columns - widthOf(tail)));
  return [
    style.bold(fitted(`${harmless(state.target)} · ${words.phases[state.phase]}`, columns)),
    fitted(activityOf(state, words), columns),
    fitted(`${bar}${tail}`, columns),
    ...rowsOf(state, look, columns),
    style.dim(fitted(words.hint, columns)),
  ];
}

function activityOf({ activity, phase }: LiveState, words: CapacityWords): string {
  if (activity === undefined) return words.phases[phase];
  return activity.mix === undefined ? harmless(activity.text) : words.load(activity.mix, count);
}

function rowsOf({ samples }: LiveState, { style, words }: Look, columns: number): string[] {
  const names = Object.values(words.rows);
  const nameWidth = Math.max(...names.map(widthOf));
  const room = columns - nameWidth - FIGURE_WIDTH - 4;
  const last = samples.at(-1);
  const row = (
    name: keyof CapacityWords['rows'],
    of: (sample: Sample) => number | undefined,
    format: (value: number) => string,
  ): string[] => {
    const values = samples.map(of);
    if (values.every((value) => value === undefined)) return [];
    const now = last === undefined ? undefined : of(last);
    const figure = now === undefined ? '–' : format(now);
    const spark = sparkline(values, Math.max(0, Math.min(room, VIEW.sparkSamplesMax)));
    const head = `${padded(words.rows[name], nameWidth)}  ${' '.repeat(Math.max(0, FIGURE_WIDTH - widthOf(figure)))}${figure}`;
    return [`${fitted(head, columns)}  ${style.tone('name', spark)}`];
  };
  return [
    ...row('p50', ({ latencyMs }) => latencyMs?.p50, milliseconds),
    ...row('p99', ({ latencyMs }) => latencyMs?.p99, milliseconds),
    ...row(
      'deliveries',
      ({ deliveriesPerSecond }) => deliveriesPerSecond,
      (value) => `${count(value)}/s`,
    ),
    ...row('cpu', ({ serverCpuCores }) => serverCpuCores, digits),
    ...row('memory', ({ serverMemoryBytes }) => serverMemoryBytes, bytes),
    ...row('generator', ({ generatorCpuCores }) => generatorCpuCores, digits),
  ];
}

/** All of it in one line, for where nothing can be drawn again. */
export function plainLine(state: LiveState, words: CapacityWords): string {
  const last = state.samples.at(-1);
  const { left } = state;
  const figures =
    last === undefined
      ? []
      : [
          `${count(last.deliveriesPerSecond)}/s`,
          ...(last.latencyMs === undefined
            ? []
            : [`p50 ${milliseconds(last.latencyMs.p50)}`, `p99 ${milliseconds(last.latencyMs.p99)}`]),
          ...(last.serverCpuCores === undefined ? [] : [`CPU ${digits(last.serverCpuCores)}`]),
        ];
  return [
    `${Math.floor(left.share * 100)} %`,
    ...(left.ms === undefined ? [] : [words.left(duration(left.ms))]),
    harmless(state.target),
    words.phases[state.phase],
    ...(state.activity === undefined ? [] : [activityOf(state, words)]),
    ...figures,
  ].join(' · ');
}

/** What is told once; undefined for what is only state. */
export function resultLine(event: CapacityEvent, { style, words }: Look): string | undefined {
  switch (event.type) {
    case 'step':
      return stepLine(event.step, style, words);
    case 'prediction': {
      const { mix, quantity, errorPercent } = event.prediction;
      const sign = errorPercent < 0 ? '−' : '+';
      return style.dim(
        `${words.load(mix, count)} · ${words.off} ${sign}${Math.abs(errorPercent).toFixed(1)} % (${quantity})`,
      );
    }
    case 'warning':
      return style.yellow(`${words.warning}${words.colon}${harmless(event.text)}`);
    default:
      return undefined;
  }
}

function stepLine(step: Step, style: Style, words: CapacityWords): string {
  const { mix, latencyMs, deliveriesPerSecond, server, limitedBy, lost } = step;
  const parts = [
    `${count(mix.readers).padStart(7)} ${words.people}`,
    // Of nothing there is no latency.
    ...(deliveriesPerSecond > 0
      ? [`p50 ${milliseconds(latencyMs.p50)}`, `p99 ${milliseconds(latencyMs.p99)}`]
      : []),
    `${digits(deliveriesPerSecond)}/s`,
    ...(server === undefined ? [] : [`CPU ${digits(server.cpuCores)}`]),
  ];
  const verdict = lost > 0 ? words.lost(lost) : words.limits[limitedBy];
  const isGood = lost === 0 && limitedBy === 'nothing';
  return `${parts.join('  ')}  ${isGood ? style.dim(verdict) : style.yellow(verdict)}`;
}

/** Cut to so many columns, with a sign that something is missing. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns - 1) break;
    cut += character;
  }
  return `${cut}…`;
}
