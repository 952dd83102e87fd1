// Which days of a room's history are asked for: the reader's days, as the instants between which the server looks. Pure: the caller brings
// the moment; days begin where this machine's clock says that they do.
import type { HistorySpec } from '@wireroom/history';

export const SPAN_KINDS = ['all', 'week', 'month', 'days'] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** `first` and `last` as a date field gives them, `2026-11-26`, both of them included; empty: open on that side. */
export interface Span {
  readonly kind: SpanKind;
  readonly first: string;
  readonly last: string;
}

export const WHOLE: Span = { kind: 'all', first: '', last: '' };

/** Days that "the last 7 days" has, today among them. */
const WEEK_DAYS = 7;

export type SpanInstants = Pick<HistorySpec, 'from' | 'to'>;

export function instantsOf(span: Span, now: Date): SpanInstants {
  switch (span.kind) {
    case 'all':
      return {};
    case 'week':
      return { from: dayStart(now.getFullYear(), now.getMonth(), now.getDate() - (WEEK_DAYS - 1)) };
    case 'month':
      return { from: dayStart(now.getFullYear(), now.getMonth(), 1) };
    case 'days': {
      const from = instantOf(span.first, 0);
      const to = instantOf(span.last, 1);
      return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    }
  }
}

/** Both days are given, and the last is before the first. */
export const isBackwards = ({ kind, first, last }: Span): boolean =>
  kind === 'days' && first !== '' && last !== '' && last < first;

/** The start of that day, or of one so many days later. */
function instantOf(day: string, daysLater: number): string | undefined {
  const [, year, month, date] = /^(\d{4,6})-(\d{2})-(\d{2})$/.exec(day) ?? [];
  if (year === undefined) return undefined;
  return dayStart(Number(year), Number(month) - 1, Number(date) + daysLater);
}

const dayStart = (year: number, month: number, date: number): string =>
  new Date(year, month, date).toISOString();
