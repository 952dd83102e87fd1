// Sizes, speeds and times as people read them, by Intl in the reader's language. Pure.

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** 512 bytes, 48 kB, 2.1 MB: thousands, as file managers and networks count. */
export function sizeText(locale: string, bytes: number): string {
  let step = 0;
  let value = bytes;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step === 0 || value >= 100 ? 0 : value >= 10 ? (step > 1 ? 1 : 0) : 1;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[step] ?? 'byte',
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

export const speedText = (locale: string, bytesPerSecond: number): string =>
  `${sizeText(locale, bytesPerSecond)}/s`;

/** 8 seconds, 3 minutes, 2 hours: one unit, since the rest would be a guess. */
export function durationText(locale: string, seconds: number): string {
  const [value, unit] =
    seconds < 60
      ? [seconds, 'second']
      : seconds < 3600
        ? [Math.round(seconds / 60), 'minute']
        : [Math.round(seconds / 3600), 'hour'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

export const countText = (locale: string, count: number): string =>
  new Intl.NumberFormat(locale).format(count);
