// How a message that somebody asked to see is found: among the rows that are there, or in older pages, of which so many are
// loaded and no more. Pure; use-sought-row.ts does what it says.
import type { Row } from './rows.ts';

/** Older pages that are loaded for one search. */
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
  | { readonly kind: 'load' | 'wait' | 'gone' };

export function searchStep({ seq, rows, hasOlder, isLoading, pages }: Search): SearchStep {
  const index = rows.findIndex(({ item }) => item.kind !== 'pending' && item.seq === seq);
  if (index >= 0) return { kind: 'show', index };
  if (isLoading) return { kind: 'wait' };
  const first = rows[0]?.item;
  const isBefore = first !== undefined && first.kind !== 'pending' && seq < first.seq;
  return { kind: isBefore && hasOlder && pages < SOUGHT_PAGES_MAX ? 'load' : 'gone' };
}
