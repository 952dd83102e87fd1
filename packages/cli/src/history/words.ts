// Numbers, sizes and times as the lines of `wireroom history` have them.

const grouped = new Intl.NumberFormat('en-US');
export const numberText = (value: number): string => grouped.format(value);

const KIB = 1024;
const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 1,023 bytes, 1.0 KiB, 322.1 MiB */
export function bytesText(bytes: number): string {
  if (bytes < KIB) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let [value, unit] = [bytes / KIB, 0];
  while (value >= KIB && unit < UNITS.length - 1) [value, unit] = [value / KIB, unit + 1];
  return `${value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** 7 s, 3 min 20 s, 1 h 05 min */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${two(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

const two = (value: number): string => String(value).padStart(2, '0');
