// The model and its fit: coefficients that made the points are found again, and loads that were not among them are foretold.
import { describe, expect, it } from 'vitest';
import type { Mix } from '../mix.ts';
import { ceilingsOf, mostReaders, type Resources } from './ceilings.ts';
import { type CostPoint, fitCosts, gatherOf } from './cost-fit.ts';
import { type CostModel, predictCpu, predictMemory, roundsOf, workOf } from './cost-model.ts';
import { formulaOf } from './formula.ts';
import { leastSquares } from './least-squares.ts';
import { medianSlope } from './median-slope.ts';

const MODEL: CostModel = {
  ...{ idleCores: 0.002, connectionMicros: 0.4, messageMicros: 60, roundMicros: 700 },
  ...{ writeMicros: 4, deliveryMicros: 1.2, deliveryByteNanos: 0.5 },
  ...{ coldShare: 0.4, coldCores: 0.08, gatherMs: 2, gatherMicrosPerReader: 6 },
  ...{ baseBytes: 150 * 2 ** 20, readerBytes: 10_000 },
};
const IDLE = { idleCores: 0.002, connectionMicros: 0.4, connectionBytes: 10_000 };

const NO_MEMORY = { points: [], isFresh: false };

const mixOf = (readers: number, messages: number, size = 120): Mix => ({
  ...{ readers, senders: Math.min(readers, 10), size },
  rate: messages / Math.min(readers, 10),
});

const MIXES = [
  ...[15, 80, 400, 1_500].map((messages) => mixOf(4, messages)),
  ...[80, 250, 660].map((messages) => mixOf(100, messages)),
  ...[25, 75, 200].map((messages) => mixOf(333, messages)),
  mixOf(333, 75, 2_048),
  ...[4, 8, 25, 67].map((messages) => mixOf(1_000, messages)),
];

/** What a server would show that is just as the model says, but for some noise. */
function pointsOf(noise: (index: number) => number): CostPoint[] {
  return MIXES.map((mix, index) => {
    const work = workOf(mix, MODEL);
    return { mix, work, cpuCores: predictCpu(MODEL, mix) * (1 + noise(index)) };
  });
}

describe('rounds', () => {
  it('are as many as messages where these are rare, and as many as fit one after the other where they are not', () => {
    expect(roundsOf(0, 0.01)).toBe(0);
    expect(roundsOf(1, 0.002)).toBeCloseTo(1, 4);
    expect(roundsOf(10_000, 0.002)).toBeCloseTo(500, 3);
    expect(roundsOf(500, 0)).toBe(500);
  });

  it('say how long what comes gathers', () => {
    const { gatherMs, gatherMicrosPerReader } = gatherOf(pointsOf(() => 0));
    expect(gatherMs).toBeGreaterThan(1.6);
    expect(gatherMs).toBeLessThan(2.4);
    expect(gatherMicrosPerReader).toBeGreaterThan(5);
    expect(gatherMicrosPerReader).toBeLessThan(7);
  });

  it('that were not seen say nothing', () => {
    const silent = { mix: mixOf(8, 0.2), work: { ...workOf(mixOf(8, 0.2), MODEL), messages: 0, rounds: 0 } };
    const { gatherMs } = gatherOf([...pointsOf(() => 0), { ...silent, cpuCores: 0.001 }]);
    expect(gatherMs).toBeGreaterThan(1.6);
  });
});

describe('the fit', () => {
  it('foretells loads that it has not seen', () => {
    const { model, r2, worstErrorPercent } = fitCosts(
      pointsOf(() => 0),
      NO_MEMORY,
      IDLE,
    );
    expect(r2).toBeGreaterThan(0.999);
    expect(worstErrorPercent).toBeLessThan(5);
    for (const mix of [mixOf(600, 40), mixOf(200, 250), mixOf(800, 20, 500), mixOf(30, 300)])
      expect(predictCpu(model, mix) / predictCpu(MODEL, mix)).toBeCloseTo(1, 1);
  });

  it('bears that each point is off by 8 %', () => {
    const { model } = fitCosts(
      pointsOf((index) => (index % 2 === 0 ? 0.08 : -0.08)),
      NO_MEMORY,
      IDLE,
    );
    for (const mix of [mixOf(600, 40), mixOf(200, 250), mixOf(800, 20, 500)]) {
      const error = predictCpu(model, mix) / predictCpu(MODEL, mix) - 1;
      expect(Math.abs(error)).toBeLessThan(0.12);
    }
  });

  it('says how far the points lie beside it', () => {
    const off = pointsOf((index) => (index % 2 === 0 ? 0.08 : -0.08));
    const memory = [1, 2, 3, 4].map((room, index) => ({
      readers: room * 1_000,
      bytes: (190e6 + room * 13e6) * (index % 2 === 0 ? 1.04 : 0.96),
    }));
    const { spreadPercent } = fitCosts(off, { points: memory, isFresh: true }, IDLE);
    expect(spreadPercent.cpu).toBeGreaterThan(5);
    expect(spreadPercent.cpu).toBeLessThan(12);
    expect(spreadPercent.memory).toBeGreaterThan(2);
    expect(spreadPercent.memory).toBeLessThan(7);
    const few = fitCosts(off.slice(0, 4), NO_MEMORY, IDLE).spreadPercent;
    expect(few).toEqual({ cpu: undefined, memory: undefined });
  });

  it('has no coefficient below zero, also where every delivery is a write', () => {
    const each = MIXES.map((mix) => {
      const work = workOf(mix, { gatherMs: 0, gatherMicrosPerReader: 0 });
      return { mix, work, cpuCores: (work.deliveries * 9 + work.messages * 50) / 1e6 };
    });
    const { model } = fitCosts(each, NO_MEMORY, { idleCores: 0, connectionMicros: 0, connectionBytes: 0 });
    for (const value of Object.values(model)) expect(value).toBeGreaterThanOrEqual(0);
    expect(predictCpu(model, mixOf(500, 50))).toBeCloseTo((25_000 * 9 + 50 * 50) / 1e6, 2);
  });

  it('takes memory of servers with one room each for a line through them', () => {
    const points = [700, 2_333, 7_000].flatMap((readers) =>
      [-1, 0, 1].map((off) => ({ readers, bytes: 190e6 + readers * 13_000 + off * 5e6 })),
    );
    const { model } = fitCosts(
      pointsOf(() => 0),
      { points, isFresh: true },
      IDLE,
    );
    expect(model.readerBytes).toBeGreaterThan(12_500);
    expect(model.readerBytes).toBeLessThan(13_500);
    expect(predictMemory(model, mixOf(4_000, 4)) / (190e6 + 4_000 * 13_000)).toBeCloseTo(1, 2);
  });

  it('takes no less for a reader than for a silent connection, where rooms are too small to show', () => {
    const points = [40, 133, 400].map((readers) => ({ readers, bytes: 151e6 - readers * 3_000 }));
    const { model } = fitCosts(
      pointsOf(() => 0),
      { points, isFresh: true },
      IDLE,
    );
    expect(model.readerBytes).toBe(IDLE.connectionBytes);
    expect(predictMemory(model, mixOf(191, 4)) / (151e6 - 191 * 3_000)).toBeCloseTo(1, 3);
  });

  it('takes memory of a server that runs on for what it has come to, and a reader for what a connection takes', () => {
    const memory = [
      { readers: 100, bytes: 120_000_000 },
      { readers: 1_000, bytes: 190_000_000 },
    ];
    const { model } = fitCosts(
      pointsOf(() => 0),
      { points: memory, isFresh: false },
      IDLE,
    );
    expect(predictMemory(model, mixOf(1_000, 4))).toBe(190_000_000);
    expect(predictMemory(model, mixOf(500, 4))).toBe(185_000_000);
  });
});

describe('the slope between points', () => {
  it('is that of most of them', () => {
    const line = [0, 1, 2, 3, 4, 5].map((x) => ({ x, y: 7 + 5 * x }));
    expect(medianSlope(line)).toBe(5);
    expect(medianSlope([...line, { x: 6, y: -40 }])).toBeGreaterThan(4);
    expect(medianSlope([{ x: 1, y: 1 }])).toBe(0);
    expect(
      medianSlope([
        { x: 1, y: 1 },
        { x: 1, y: 3 },
        { x: 2, y: 4 },
      ]),
    ).toBe(2);
  });
});

describe('least squares', () => {
  it('finds what made the values', () => {
    const rows = [
      [1, 2],
      [3, 1],
      [2, 5],
    ];
    const solution = leastSquares(
      rows.map(([a = 0, b = 0]) => ({ terms: [a, b], value: 2 * a + 3 * b, weight: 1 })),
      2,
    );
    expect(solution[0]).toBeCloseTo(2, 9);
    expect(solution[1]).toBeCloseTo(3, 9);
  });

  it('leaves a term at zero that would be below, and says nothing of nothing', () => {
    const equations = [
      { terms: [1, 1], value: 1, weight: 1 },
      { terms: [1, 2], value: 0, weight: 1 },
    ];
    expect(leastSquares(equations, 2)).toEqual([0.5, 0]);
    expect(leastSquares([], 2)).toEqual([0, 0]);
    expect(() => leastSquares([], 11)).toThrow(RangeError);
  });
});

describe('ceilings', () => {
  const asked: Mix = { readers: 1_000, senders: 20, rate: 0.2, size: 120 };
  const resources: Resources = {
    ...{ mainThreadShare: 0.9, cores: 1, memoryBytes: 8 * 2 ** 30, openFilesMax: 1_024 },
    ...{ diskFreeBytes: 10 * 2 ** 30, messageDiskBytes: 500, envelopeBytes: 260 },
  };

  it('are where the model says that a resource is used up', () => {
    const found = new Map(ceilingsOf(MODEL, asked, resources).map((each) => [each.resource, each]));
    const cpu = found.get('cpu')?.readers ?? 0;
    const roomOf = (readers: number): Mix => ({ ...asked, readers, senders: readers * 0.02 });
    expect(predictCpu(MODEL, roomOf(cpu))).toBeLessThanOrEqual(1);
    expect(predictCpu(MODEL, roomOf(cpu + 1))).toBeGreaterThan(1);
    expect(found.get('memory')?.readers).toBe(Math.floor((8 * 2 ** 30 - MODEL.baseBytes) / 10_000));
    expect(found.get('sockets')?.readers).toBe(1_024 - 64);
    expect(found.get('disk')?.basis).toContain('500 bytes');
    for (const { basis, advice } of found.values()) expect(`${basis}${advice}`).not.toMatch(/NaN|undefined/);
  });

  it('are left out where the resource is not known', () => {
    const unknown = {
      ...{ mainThreadShare: undefined, cores: undefined, memoryBytes: undefined, openFilesMax: undefined },
      ...{ diskFreeBytes: undefined, messageDiskBytes: 0, envelopeBytes: 260 },
    };
    expect(ceilingsOf(MODEL, asked, unknown).map(({ resource }) => resource)).toEqual(['network']);
  });

  it('are null where there is none', () => {
    expect(mostReaders(() => true)).toBeNull();
    expect(mostReaders((readers) => readers <= 777)).toBe(777);
    expect(mostReaders(() => false)).toBe(0);
  });
});

it('the formula leaves out what is nothing', () => {
  expect(formulaOf(MODEL)).toContain('× e^(-w ÷ 0.08)');
  const plain = formulaOf({ ...MODEL, coldShare: 0, deliveryByteNanos: 0, gatherMicrosPerReader: 0 });
  expect(plain).toMatch(/^CPU = 0\.002 \+ 0\.4 µs × readers \+ 60 µs × messages\/s/);
  expect(plain).not.toContain('bytes/s');
});
