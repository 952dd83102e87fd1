// A row of numbers as a row of small bars, and how far something is as a long one. Pure.

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
/** A second in which there was nothing to measure. */
const NOTHING = '·';

/** The last of them, as many as there are columns. The tallest bar is the largest that is shown; the floor is zero. */
export function sparkline(values: readonly (number | undefined)[], columns: number): string {
  const shown = values.slice(-Math.max(0, columns));
  const most = Math.max(0, ...shown.map((value) => value ?? 0));
  return shown
    .map((value) => {
      if (value === undefined) return NOTHING;
      const level = most === 0 ? 0 : Math.ceil((value / most) * BARS.length) - 1;
      return BARS[Math.min(BARS.length - 1, Math.max(0, level))] ?? NOTHING;
    })
    .join('');
}

/** `share` from 0 to 1. */
export function progressBar(share: number, columns: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return `${'━'.repeat(full)}${'─'.repeat(Math.max(0, columns - full))}`;
}
