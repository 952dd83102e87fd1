// How a message that somebody asked to see is found: among the rows that are there, in a gap, or in older pages, of which so many
// are loaded and no more. Pure; use-sought-row.ts does what it says.
import { isEntryItem, type TimelineItem } from '@wireroom/client';
import type { Row } from './rows.ts';

/** Pages that are loaded for one search. */
export const SOUGHT_PAGES_MAX = 20;

export interface Search {
  readonly seq: number;
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly isLoading: boolean;
  /** Pages that were asked for so far. */
  readonly pages: number;
}

export type SearchStep =
  | { readonly kind: 'show'; readonly index: number }
  | { readonly kind: 'fill'; readonly key: string }
  /** `rowless`: it is no message; it changed one. */
  | { readonly kind: 'load' | 'wait' | 'gone' | 'rowless' };

export function searchStep({ seq, rows, hasOlder, isLoading, pages }: Search): SearchStep {
  const index = rows.findIndex(({ item }) => isEntryItem(item) && item.seq === seq);
  if (index >= 0) return { kind: 'show', index };
  if (isLoading) return { kind: 'wait' };
  if (pages >= SOUGHT_PAGES_MAX) return { kind: 'gone' };
  for (const { item } of rows) {
    if (item.kind === 'pending') continue;
    if (item.kind === 'gap' && item.from <= seq && seq <= item.to)
      return item.isLoading ? { kind: 'wait' } : { kind: 'fill', key: item.key };
    // What comes after it is later still; before the first row there may be older ones.
    if ((item.kind === 'gap' ? item.from : item.seq) > seq) break;
  }
  if (isBefore(seq, rows[0]?.item)) return { kind: hasOlder ? 'load' : 'gone' };
  return { kind: rows.length > 0 ? 'rowless' : 'gone' };
}

function isBefore(seq: number, first: TimelineItem | undefined): boolean {
  if (first === undefined || first.kind === 'pending') return false;
  return seq < (first.kind === 'gap' ? first.from : first.seq);
}
