// The piece of time that the timeline shows: zooming, moving, its ticks, and the stretches in which something happened. Pure.
import type { Micros } from '@wireroom/capture';

export interface TimeWindow {
  readonly from: Micros;
  readonly to: Micros;
}

/** The shortest that can be shown. */
const WINDOW_MICROS_MIN = 50;
/** Air around a stretch that is shown whole, as a part of its length; and at least so much. */
const AIR = { part: 0.06, microsMin: 100 } as const;
/** Silence that ends a stretch. */
const SILENCE_MICROS = 300_000;

export const lengthOf = ({ from, to }: TimeWindow): Micros => to - from;

export function around(stretch: TimeWindow): TimeWindow {
  const air = Math.max(AIR.microsMin, lengthOf(stretch) * AIR.part);
  return { from: stretch.from - air, to: stretch.to + air };
}

/** `factor` below 1 shows less time, larger. The moment `at` stays where it is. */
export function zoomed(window: TimeWindow, factor: number, at: Micros): TimeWindow {
  const length = Math.max(WINDOW_MICROS_MIN, lengthOf(window) * factor);
  const part = (at - window.from) / Math.max(1, lengthOf(window));
  const from = at - part * length;
  return { from, to: from + length };
}

/** By a part of what is seen: positive is later. */
export function moved(window: TimeWindow, part: number): TimeWindow {
  const by = lengthOf(window) * part;
  return { from: window.from + by, to: window.to + by };
}

/** Where a moment is drawn, in pixels. */
export const xOf = (at: Micros, window: TimeWindow, widthPx: number): number =>
  ((at - window.from) / Math.max(1, lengthOf(window))) * widthPx;

/** Stretches in which something happened, with silence between them. `times` in order. */
export function stretchesOf(times: readonly Micros[]): readonly TimeWindow[] {
  const stretches: { from: Micros; to: Micros }[] = [];
  for (const at of times) {
    const last = stretches.at(-1);
    if (last !== undefined && at - last.to <= SILENCE_MICROS) last.to = Math.max(last.to, at);
    else stretches.push({ from: at, to: at });
  }
  return stretches;
}

export interface Tick {
  readonly at: Micros;
  readonly text: string;
}

/** Round moments since `start`, about `count` of them, written as precisely as they lie apart. */
export function ticksOf(window: TimeWindow, start: Micros, count: number): readonly Tick[] {
  const step = roundStep(lengthOf(window) / Math.max(1, count));
  const places = Math.max(0, Math.min(6, 6 - Math.floor(Math.log10(step) + 1e-9)));
  const ticks: Tick[] = [];
  for (let at = Math.ceil((window.from - start) / step) * step; at <= window.to - start; at += step)
    ticks.push({ at: start + at, text: `${(at / 1_000_000).toFixed(places)} s` });
  return ticks;
}

/** 1, 2 or 5 times a power of ten, at least one microsecond. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, rough)));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

/** A label at a mark: where its mark is, and from where to where it is written. In pixels. */
export interface LabelPlace {
  readonly x: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Which of some labels can be written, and in which row, so that neither a label nor the line down to its mark crosses another
 * label; undefined: none. Row 0 is next to the marks. `places` in order of x.
 */
export function labelRows(places: readonly LabelPlace[], rows: number): readonly (number | undefined)[] {
  const written: Written[] = [];
  const found: (number | undefined)[] = places.map(() => undefined);
  // From the right: a label reaches over the marks to its right, so it lies further away from them than their labels.
  for (let at = places.length - 1; at >= 0; at--) {
    const place = places[at];
    if (place === undefined) continue;
    for (let row = 0; row < rows && found[at] === undefined; row++)
      if (!written.some((other) => isCrossing({ ...place, row }, other))) found[at] = row;
    const row = found[at];
    if (row !== undefined) written.push({ ...place, row });
  }
  return found;
}

type Written = LabelPlace & { readonly row: number };

function isCrossing(one: Written, other: Written): boolean {
  if (one.row === other.row) return one.from < other.to && other.from < one.to;
  const [near, far] = one.row < other.row ? [one, other] : [other, one];
  return far.x > near.from && far.x < near.to;
}
