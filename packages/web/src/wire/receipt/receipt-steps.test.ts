// The way of a message: its stations in order on one clock, with the frames, and what the time was spent on.
import { decode } from '@wireroom/capture';
import { describe, expect, it } from 'vitest';
import { chatCapture } from '../../fixture/wire-capture.ts';
import { gapPx, phasesOf, STEP_NAMES, wayOf } from './receipt-steps.ts';

const records = chatCapture();
const way = wayOf(records, 12, decode({ records }));

describe('wayOf', () => {
  it('leads from the keyboard over the disk to the screen, each station once and in order', () => {
    expect(way.steps.map(({ name }) => name)).toEqual(STEP_NAMES);
    expect(way.total).toBe(1_827_900 - 1_802_100);
  });

  it('lays the browser’s times on the server’s clock', () => {
    const [composed, sent, read] = way.steps;
    expect(sent?.took).toBe(360);
    expect((read?.at ?? 0) - (composed?.at ?? 0)).toBe(1_803_020 - 1_802_100 - 180);
  });

  it('knows the frames of the command and of the entry', () => {
    expect(way.steps.find(({ name }) => name === 'read')?.frame).toEqual({ direction: 'in', index: 2 });
    expect(way.steps.find(({ name }) => name === 'written')?.frame).toEqual({ direction: 'out', index: 3 });
  });

  it('knows each reader, and who was too slow', () => {
    const { readers } = way.steps.find(({ name }) => name === 'delivered') ?? { readers: [] };
    expect(readers.map(({ name, isBehind }) => [name, isBehind])).toEqual([
      ['路过的橘猫', false],
      ['Ada', false],
      ['林溪', true],
    ]);
  });

  it('of somebody else’s message, shows what there is', () => {
    const others = wayOf(records, 11, decode({ records }));
    expect(others.steps.map(({ name }) => name)).toEqual(['written']);
    expect(wayOf([], 11, decode({ records: [] })).steps).toEqual([]);
  });
});

describe('phasesOf', () => {
  it('says what the time was spent on, the disk apart', () => {
    expect(phasesOf(way.steps).map(({ phase }) => phase)).toEqual([
      'browser',
      'network',
      'server',
      'disk',
      'server',
      'network',
      'browser',
    ]);
    expect(phasesOf(way.steps).find(({ phase }) => phase === 'disk')?.took).toBe(5820);
  });
});

describe('gapPx', () => {
  it('grows with the time, and stays on the screen', () => {
    expect([-500, 0, 100, 10_000, 10_000_000].map(gapPx)).toEqual([6, 6, 11, 51, 84]);
  });
});
