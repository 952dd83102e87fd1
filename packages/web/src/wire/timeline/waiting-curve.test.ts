import { describe, expect, it } from 'vitest';
import { curveOf, stepsIn, waitingSummaries } from './waiting-curve.ts';

const server = (at: number, bytes: number) => ({ at, bytes, where: 'server' as const });
const waiting = [
  server(0, 0),
  { at: 5, bytes: 70, where: 'browser' as const },
  server(10, 400),
  server(20, 400),
  server(30, 900),
  server(40, 0),
];

describe('the curve of what waited', () => {
  it('begins with what held before the window, and has a step for each change in it', () => {
    expect(stepsIn(waiting, 'server', { from: 15, to: 35 })).toEqual([
      { at: 15, bytes: 400 },
      { at: 30, bytes: 900 },
    ]);
    expect(stepsIn(waiting, 'browser', { from: 0, to: 4 })).toEqual([]);
    expect(stepsIn(waiting, 'browser', { from: 0, to: 9 })).toEqual([{ at: 5, bytes: 70 }]);
  });

  it('holds a value until the next one, and the last one to the edge', () => {
    const place = { x: (at: number) => at * 10, y: (bytes: number) => 100 - bytes / 10 };
    expect(curveOf(stepsIn(waiting, 'server', { from: 15, to: 35 }), 350, place)).toBe(
      'M150.0 60.0H300.0V10.0H350.0',
    );
    expect(curveOf([], 350, place)).toBe('');
  });

  it('is told in words: of each end the most, when, and what is left', () => {
    expect(waitingSummaries(waiting)).toEqual([
      {
        where: 'browser',
        most: { at: 5, bytes: 70, where: 'browser' },
        last: { at: 5, bytes: 70, where: 'browser' },
      },
      { where: 'server', most: server(30, 900), last: server(40, 0) },
    ]);
    expect(waitingSummaries([])).toEqual([]);
  });
});
