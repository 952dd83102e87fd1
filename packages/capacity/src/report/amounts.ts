// Amounts as people read them: short, with a unit, the same in every language. Not rounded further than what was measured allows.

const KIB = 1024;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
/** Thin and unbreakable, between a number and its unit. */
const GAP = '\u202f';

/** People, messages, connections: whole, with a comma at thousands. */
export const count = (number: number): string => Math.round(number).toLocaleString('en-GB');

/** To two digits: a room is not measured to one person. */
export function about(number: number): string {
  if (number < 100) return count(number);
  const step = 10 ** (Math.floor(Math.log10(number)) - 1);
  return count(Math.round(number / step) * step);
}

/** A few significant digits, no exponent. */
export function digits(number: number): string {
  const size = Math.abs(number);
  if (size >= 100) return count(number);
  if (size >= 10) return trimmed(number.toFixed(1));
  if (size >= 1 || size === 0) return trimmed(number.toFixed(2));
  return trimmed(number.toFixed(3));
}

export function bytes(number: number): string {
  let size = number;
  let unit = 0;
  while (Math.abs(size) >= KIB && unit < UNITS.length - 1) {
    size /= KIB;
    unit += 1;
  }
  return `${unit === 0 ? count(size) : digits(size)}${GAP}${UNITS[unit] ?? 'B'}`;
}

export function milliseconds(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)}${GAP}s`;
  if (ms >= 100) return `${count(ms)}${GAP}ms`;
  return `${trimmed(ms.toFixed(ms >= 10 ? 1 : 2))}${GAP}ms`;
}

export function micros(number: number): string {
  return number >= 10_000
    ? milliseconds(number / 1000)
    : `${number >= 100 ? count(number) : digits(number)}${GAP}µs`;
}

/** For the scale of an axis: 500, 20k, 1M. */
export function compact(number: number): string {
  if (number >= 1e6) return `${digits(number / 1e6)}M`;
  return number >= 10_000 ? `${digits(number / 1000)}k` : count(number);
}

/** A figure with the unit that it was measured in. */
export const quantity = (number: number, unit: string): string =>
  unit === 'bytes' ? bytes(number) : `${digits(number)}${GAP}${unit}`;

/** What was foretold, and how far the points that the model was made from lie beside it. */
export const foretold = (number: number, unit: string, spreadPercent: number | undefined): string =>
  spreadPercent === undefined
    ? quantity(number, unit)
    : `${quantity(number, unit)} ± ${Math.max(1, Math.round(spreadPercent))}${GAP}%`;

/** A length of time to wait: 12 s, 3 min 05 s, 1 h 02 min. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}${GAP}s`;
  const two = (number: number): string => String(number).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${GAP}min ${two(seconds % 60)}${GAP}s`;
  return `${Math.floor(minutes / 60)}${GAP}h ${two(minutes % 60)}${GAP}min`;
}

export const percent = (number: number): string => `${digits(number)}${GAP}%`;

/** With its sign: how far a prediction was off. */
export const deviation = (number: number): string =>
  `${number < 0 ? '−' : '+'}${Math.abs(number).toFixed(1)}${GAP}%`;

const trimmed = (text: string): string => text.replace(/\.?0+$/, '');
