// Instants as a wall clock of one time zone shows them. Intl is asked once for each quarter of an hour, in which no zone
// changes its offset; the rest is arithmetic, since a download reads a million of these.

export interface Moment {
  /** 2026-11-26 */
  readonly day: string;
  /** 20:58:51 */
  readonly time: string;
  /** 2026-11-26T20:58:51.123+01:00; with Z in UTC. */
  readonly iso: string;
  readonly epochMs: number;
}

export type ZoneClock = (at: string) => Moment | undefined;

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TWO = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
const two = (number: number): string => TWO[number] ?? String(number);

/** Does this name a time zone that the runtime knows? */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Throws a RangeError for a zone that `isTimeZone` does not know. The clock gives undefined for what is no instant. */
export function zoneClock(zone = 'UTC'): ZoneClock {
  const offsetAt = zone === 'UTC' ? () => 0 : offsetsOf(zone);
  let day = { number: Number.NaN, text: '' };
  return (at) => {
    const epochMs = Date.parse(at);
    if (Number.isNaN(epochMs)) return undefined;
    const offsetMs = offsetAt(epochMs);
    const local = epochMs + offsetMs;
    const number = Math.floor(local / DAY_MS);
    if (number !== day.number) day = { number, text: dayText(number) };
    const ms = local - number * DAY_MS;
    const seconds = Math.floor(ms / 1000);
    const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const rest = String(ms % 1000).padStart(3, '0');
    const suffix = zone === 'UTC' ? 'Z' : offsetText(offsetMs);
    return { day: day.text, time, iso: `${day.text}T${time}.${rest}${suffix}`, epochMs };
  };
}

function offsetsOf(zone: string): (epochMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  let known = { quarter: Number.NaN, offsetMs: 0 };
  return (epochMs) => {
    const quarter = Math.floor(epochMs / QUARTER_MS);
    if (quarter !== known.quarter) known = { quarter, offsetMs: offsetOf(format, quarter * QUARTER_MS) };
    return known.offsetMs;
  };
}

function offsetOf(format: Intl.DateTimeFormat, epochMs: number): number {
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  const local = Date.UTC(
    ...([part('year'), part('month') - 1, part('day')] as const),
    ...([part('hour'), part('minute'), part('second')] as const),
  );
  return local - epochMs;
}

/** To the minute, as ISO 8601 has it. */
function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / MINUTE_MS);
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function dayText(number: number): string {
  return new Date(number * DAY_MS).toISOString().split('T', 1)[0] ?? '';
}

const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday'] as const;
const MONTHS = [
  ...(['January', 'February', 'March', 'April', 'May', 'June'] as const),
  ...(['July', 'August', 'September', 'October', 'November', 'December'] as const),
];

/** Thursday, 26 November 2026 */
export function longDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  const days = Math.floor(Date.parse(day) / DAY_MS);
  const weekday = WEEKDAYS[((days % 7) + 7) % 7] ?? '';
  return `${weekday}, ${date ?? ''} ${MONTHS[(month ?? 0) - 1] ?? ''} ${year ?? ''}`;
}
