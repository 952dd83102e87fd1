import { describe, expect, it } from 'vitest';
import { makeGap, makeNotice } from '../fixture/timeline-items.ts';
import { createRows } from './rows.ts';
import { SOUGHT_PAGES_MAX, searchStep } from './sought-row.ts';

const rows = createRows()([40, 41, 42].map((seq) => makeNotice(seq, 'join')));
const search = { rows, hasOlder: true, isLoading: false, pages: 0 };

describe('searchStep', () => {
  it('shows a row that is there, also while something is being loaded', () => {
    expect(searchStep({ ...search, seq: 41 })).toEqual({ kind: 'show', index: 1 });
    expect(searchStep({ ...search, seq: 42, isLoading: true })).toEqual({ kind: 'show', index: 2 });
  });

  it('loads what is before the first row, one page after the other', () => {
    expect(searchStep({ ...search, seq: 7 })).toEqual({ kind: 'load' });
    expect(searchStep({ ...search, seq: 7, isLoading: true, pages: 1 })).toEqual({ kind: 'wait' });
  });

  it('gives up after so many pages, at the beginning of the log, and where there is nothing at all', () => {
    expect(searchStep({ ...search, seq: 7, pages: SOUGHT_PAGES_MAX })).toEqual({ kind: 'gone' });
    expect(searchStep({ ...search, seq: 7, hasOlder: false })).toEqual({ kind: 'gone' });
    expect(searchStep({ ...search, seq: 7, rows: [] })).toEqual({ kind: 'gone' });
  });

  it('knows that an edit or a reaction has no row', () => {
    const around = createRows()([40, 42].map((seq) => makeNotice(seq, 'join')));
    expect(searchStep({ ...search, seq: 41, rows: around })).toEqual({ kind: 'rowless' });
    expect(searchStep({ ...search, seq: 43, rows: around })).toEqual({ kind: 'rowless' });
  });

  it('fills a gap that holds it, and waits while that loads', () => {
    const withGap = (isLoading: boolean) =>
      createRows()([makeNotice(3, 'join'), makeGap(4, 90, isLoading), makeNotice(91, 'join')]);
    expect(searchStep({ ...search, seq: 50, rows: withGap(false) })).toEqual({ kind: 'fill', key: 'gap-90' });
    expect(searchStep({ ...search, seq: 50, rows: withGap(true) })).toEqual({ kind: 'wait' });
    expect(searchStep({ ...search, seq: 50, rows: withGap(false), pages: SOUGHT_PAGES_MAX })).toEqual({
      kind: 'gone',
    });
    expect(searchStep({ ...search, seq: 1, rows: withGap(false) })).toEqual({ kind: 'load' });
    const atTop = createRows()([makeGap(4, 90), makeNotice(91, 'join')]);
    expect(searchStep({ ...search, seq: 2, rows: atTop })).toEqual({ kind: 'load' });
  });
});
