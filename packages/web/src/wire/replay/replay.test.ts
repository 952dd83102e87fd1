// A capture played again: what has happened when.
import type { CaptureRecord } from '@wireroom/capture';
import { expect, it } from 'vitest';
import { countAt, lengthOf, planOf, replayed, replayOf, speedFor } from './replay.ts';

const at = (...micros: readonly number[]): CaptureRecord[] =>
  micros.map((when) => ({ kind: 'note', at: when, text: '' }));

it('keeps the pace, cuts long silences, and never goes back', () => {
  const plan = planOf(at(5_000_000, 5_250_000, 65_000_000, 64_999_000, 65_001_000));
  expect(plan).toEqual([0, 250, 1_250, 1_250, 1_251]);
  expect(lengthOf(plan)).toBe(1_251);
  expect([0, 249, 250, 1_250, 9_999].map((ms) => countAt(plan, ms))).toEqual([1, 1, 2, 4, 5]);
});

it('slows down what would be over in a flash', () => {
  expect(speedFor(planOf(at(0, 900_000, 1_800_000, 2_700_000)))).toBe(1);
  expect(speedFor(planOf(at(0, 300_000)))).toBe(0.1);
  expect(speedFor(planOf(at(0, 3_000)))).toBe(0.01);
  expect(speedFor([])).toBe(0.01);
});

it('shows all of it first, plays from the beginning, and stops at the end', () => {
  const plan = planOf(at(0, 500_000, 1_000_000, 1_500_000, 2_500_000));
  let state = replayOf(plan);
  expect(state).toEqual({ count: 5, elapsedMs: 2_500, speed: 1, isPlaying: false });
  state = replayed(plan, state, { type: 'toggle' });
  expect(state).toMatchObject({ count: 1, isPlaying: true });
  state = replayed(plan, state, { type: 'pass', ms: 600 });
  expect(state).toMatchObject({ count: 2, elapsedMs: 600 });
  state = replayed(plan, state, { type: 'toggle' });
  expect(replayed(plan, state, { type: 'pass', ms: 600 })).toBe(state);
  state = replayed(plan, replayed(plan, state, { type: 'toggle' }), { type: 'pass', ms: 60_000 });
  expect(state).toMatchObject({ count: 5, isPlaying: false });
});

it('goes to any record, within bounds, and at another speed', () => {
  const plan = planOf(at(0, 400_000, 900_000));
  const state = replayed(plan, replayOf(plan), { type: 'go', count: 2 });
  expect(state).toMatchObject({ count: 2, elapsedMs: 400, isPlaying: false });
  expect(replayed(plan, state, { type: 'go', count: 99 }).count).toBe(3);
  expect(replayed(plan, state, { type: 'go', count: -1 })).toMatchObject({ count: 0, elapsedMs: 0 });
  const slow = replayed(plan, replayed(plan, state, { type: 'speed', speed: 0.1 }), { type: 'toggle' });
  expect(replayed(plan, slow, { type: 'pass', ms: 1_000 })).toMatchObject({ elapsedMs: 500, count: 2 });
});
