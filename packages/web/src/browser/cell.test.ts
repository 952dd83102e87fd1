import { describe, expect, it } from 'vitest';
import { createCell } from './cell.ts';

describe('createCell', () => {
  it('tells those who listen of each change, and of nothing else', () => {
    const cell = createCell<string | undefined>(undefined);
    const seen: (string | undefined)[] = [];
    const stop = cell.subscribe(() => seen.push(cell.get()));
    cell.set('one');
    cell.set('one');
    cell.set(undefined);
    stop();
    cell.set('unheard');
    expect(seen).toEqual(['one', undefined]);
    expect(cell.get()).toBe('unheard');
  });
});
