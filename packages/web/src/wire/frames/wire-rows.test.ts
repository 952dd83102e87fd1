// The rows of the frame list: everything in the order of time, fragments in their bracket, frames of one TCP read together.
import { decode } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { chatCapture, sceneCapture } from '../../fixture/wire-capture.ts';
import { filterRows, NO_FILTER, type WireRow, wireRows } from './wire-rows.ts';

const rowsOf = (records: ReturnType<typeof chatCapture>): readonly WireRow[] =>
  wireRows(decode({ records }), records);
const frames = (rows: readonly WireRow[]) => rows.filter((row) => row.kind === 'frame');

describe('wireRows', () => {
  it('begins with the handshake and is in the order of time', () => {
    const rows = rowsOf(chatCapture());
    expect(rows.slice(0, 3).map(({ key }) => key)).toEqual(['request', 'response', 'in0']);
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).sort((a, b) => a - b));
  });

  it('brackets the fragments of a message, and what comes between them', () => {
    expect(frames(rowsOf(sceneCapture())).map(({ key, bracket }) => `${key} ${bracket}`)).toEqual([
      'in0 start',
      'in1 through',
      'out0 through',
      'in2 middle',
      'in3 end',
      'in4 none',
      'out1 none',
      'in5 none',
      'out2 none',
      'in6 none',
    ]);
  });

  it('tells which frames lay in the same read as the one before', () => {
    const shared = frames(rowsOf(chatCapture())).filter(({ sharesRead }) => sharesRead);
    expect(shared.map(({ key }) => key)).toEqual(['out2', 'out4']);
  });
});

describe('filterRows', () => {
  const rows = rowsOf(sceneCapture());

  it('by direction, by type, by text', () => {
    const keys = (filter: Partial<typeof NO_FILTER>) =>
      filterRows(rows, { ...NO_FILTER, ...filter }).map(({ key }) => key);
    expect(keys({ direction: 'out', type: 'data' })).toEqual(['out1']);
    expect(keys({ type: 'control' })).toEqual(['in1', 'out0', 'out2', 'in6']);
    expect(keys({ search: 'invalid utf' })).toContain('out2');
    expect(keys({ search: 'nothing like this' })).toEqual([]);
  });

  it('is the same list where nothing is asked for', () => {
    expect(filterRows(rows, NO_FILTER)).toBe(rows);
  });
});
