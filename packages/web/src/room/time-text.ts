// Times as people read them, by Intl in the reader's locale. Formatters are dear to make and are kept per locale.
import { isSameDay } from './message-layout.ts';

interface Formats {
  readonly clock: Intl.DateTimeFormat;
  readonly full: Intl.DateTimeFormat;
  readonly day: Intl.DateTimeFormat;
  readonly dayOfYear: Intl.DateTimeFormat;
  readonly relative: Intl.RelativeTimeFormat;
}

const cache = new Map<string, Formats>();

/** 14:05, or 2:05 PM where people write so. */
export const clockText = (locale: string, at: string): string => formatsOf(locale).clock.format(new Date(at));

/** Date and time to the second, for whoever wants to know exactly. */
export const fullText = (locale: string, at: string): string => formatsOf(locale).full.format(new Date(at));

/** Today, yesterday, a weekday with its date; the year only where it is not this one. */
export function dayText(locale: string, at: string, now: Date): string {
  const formats = formatsOf(locale);
  const date = new Date(at);
  if (isSameDay(date, now)) return capital(formats.relative.format(0, 'day'), locale);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (isSameDay(date, yesterday)) return capital(formats.relative.format(-1, 'day'), locale);
  return (date.getFullYear() === now.getFullYear() ? formats.day : formats.dayOfYear).format(date);
}

/** Milliseconds until the reader's next midnight, when "today" turns into "yesterday". */
export function untilMidnightMs(now: Date): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime() - now.getTime();
}

function formatsOf(locale: string): Formats {
  const known = cache.get(locale);
  if (known !== undefined) return known;
  const made: Formats = {
    clock: new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }),
    day: new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' }),
    dayOfYear: new Intl.DateTimeFormat(locale, { dateStyle: 'long' }),
    relative: new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }),
  };
  cache.set(locale, made);
  return made;
}

const capital = (text: string, locale: string): string => {
  const [first = '', ...rest] = text;
  return first.toLocaleUpperCase(locale) + rest.join('');
};
