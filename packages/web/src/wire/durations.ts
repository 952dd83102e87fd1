// Times and amounts as people read them: a duration in the unit that fits, bytes counted out. Pure.
import type { Micros } from '@wireroom/capture';

/** `312 µs`, `1.42 ms`, `85 ms`, `1.2 s`, `3 min 20 s`. Never more than three figures that count. */
export function durationText(micros: Micros): string {
  const sign = micros < 0 ? '−' : '';
  const size = Math.abs(micros);
  if (size < 999.5) return `${sign}${Math.round(size)} µs`;
  if (size < 999_500) return `${sign}${threeFigures(size / 1000)} ms`;
  if (size < 60_000_000) return `${sign}${threeFigures(size / 1_000_000)} s`;
  const seconds = Math.round(size / 1_000_000);
  return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function threeFigures(value: number): string {
  if (value < 9.995) return value.toFixed(2);
  return value < 99.95 ? value.toFixed(1) : value.toFixed(0);
}

/** The time since `start` as it stands in lists: `+0.000`, in seconds with three places. */
export const sinceText = (at: Micros, start: Micros): string => {
  const seconds = (at - start) / 1_000_000;
  return `${seconds < 0 ? '−' : '+'}${Math.abs(seconds).toFixed(3)}`;
};

/** `1 044 B` with thin spaces between thousands. */
export const bytesText = (bytes: number): string =>
  `${String(bytes).replace(/\B(?=(\d{3})+$)/g, '\u2009')}\u00a0B`;
