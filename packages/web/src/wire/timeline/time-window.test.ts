// The timeline's window: zooming keeps the moment under the pointer, ticks are round, labels do not cover one another.
import { describe, expect, it } from 'vitest';
import { around, labelRows, moved, stretchesOf, ticksOf, xOf, zoomed } from './time-window.ts';

const window = { from: 1_000_000, to: 2_000_000 };

describe('a window of time', () => {
  it('zooms around a moment, which stays where it is', () => {
    const near = zoomed(window, 0.5, 1_250_000);
    expect(near).toEqual({ from: 1_125_000, to: 1_625_000 });
    expect(xOf(1_250_000, near, 800)).toBe(xOf(1_250_000, window, 800));
    expect(zoomed(near, 2, 1_250_000)).toEqual(window);
  });

  it('cannot be zoomed to nothing', () => {
    const smallest = zoomed(window, 0, 1_500_000);
    expect(smallest.to - smallest.from).toBe(50);
  });

  it('moves by a part of itself, and has air around what it shows', () => {
    expect(moved(window, -0.5)).toEqual({ from: 500_000, to: 1_500_000 });
    expect(around({ from: 1000, to: 1000 })).toEqual({ from: 900, to: 1100 });
    expect(around(window)).toEqual({ from: 940_000, to: 2_060_000 });
  });
});

describe('stretchesOf', () => {
  it('ends a stretch where nothing happened for a while', () => {
    expect(stretchesOf([0, 900, 250_000, 1_802_000, 1_827_000])).toEqual([
      { from: 0, to: 250_000 },
      { from: 1_802_000, to: 1_827_000 },
    ]);
    expect(stretchesOf([])).toEqual([]);
  });
});

describe('ticksOf', () => {
  it('writes round moments, as precisely as they lie apart', () => {
    expect(ticksOf({ from: 0, to: 1_000_000 }, 0, 5).map(({ text }) => text)).toEqual([
      '0.0 s',
      '0.2 s',
      '0.4 s',
      '0.6 s',
      '0.8 s',
      '1.0 s',
    ]);
    expect(ticksOf({ from: 1_802_000, to: 1_803_000 }, 0, 2).map(({ text }) => text)).toEqual([
      '1.8020 s',
      '1.8025 s',
      '1.8030 s',
    ]);
  });

  it('counts from the start of the connection', () => {
    expect(ticksOf({ from: 5_000_000, to: 7_000_000 }, 5_000_000, 2)).toEqual([
      { at: 5_000_000, text: '0 s' },
      { at: 6_000_000, text: '1 s' },
      { at: 7_000_000, text: '2 s' },
    ]);
  });
});

describe('labelRows', () => {
  const label = (x: number, width: number) => ({ x, from: x, to: x + width });

  it('writes labels beside each other in one row, and those that would meet further away from their marks', () => {
    expect(labelRows([label(0, 50), label(50, 50)], 2)).toEqual([0, 0]);
    expect(labelRows([label(0, 50), label(10, 50), label(70, 20)], 2)).toEqual([1, 0, 0]);
  });

  it('leaves out what has no room', () => {
    expect(labelRows([label(0, 50), label(10, 50), label(20, 50)], 2)).toEqual([undefined, 1, 0]);
  });

  it('leads no line through a label, also where one is written to the left of its mark', () => {
    // The second stands left of its mark, over the mark of the first: it is the nearer one or none.
    const places = [label(80, 30), { x: 120, from: 70, to: 120 }];
    expect(labelRows(places, 3)).toEqual([undefined, 0]);
    const far = [label(0, 30), { x: 120, from: 70, to: 120 }];
    expect(labelRows(far, 3)).toEqual([0, 0]);
  });
});
