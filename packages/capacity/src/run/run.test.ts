// The decisions of a run: which room a search tries, what held a load back, what the loads of the model are, and what a plan may ask.
import { describe, expect, it } from 'vitest';
import { CapacityError, type CapacityPlan, checkPlan, sendersOf, shareOf } from '../plan.ts';
import { coresIn } from '../process/program.ts';
import type { Step } from '../report.ts';
import { usageIn } from '../target/metrics-usage.ts';
import { busySecondsIn, ownBytesIn } from '../target/process-usage.ts';
import { spentBetween } from '../target/usage.ts';
import { Agenda } from './agenda.ts';
import { costMixes, messageMixes, testMixes } from './cost-mixes.ts';
import { Cut, CuttableClock } from './cuttable-clock.ts';
import { holdOf, phasesOf, wholeItems } from './itinerary.ts';
import { type Flow, isDisturbed, isHeldBack, limitOf, quieterOf } from './limit.ts';
import { Search } from './search.ts';
import { wordsOnError } from './words.ts';

const PLAN: CapacityPlan = {
  target: { kind: 'own', launcher: ['wireroom', 'serve'] },
  mix: { readers: 1_000, senders: 20, rate: 0.2, size: 120 },
  aim: { kind: 'ramp', shares: [0.125, 0.25, 0.5, 1] },
  ...{ seconds: 8, warmSeconds: 2, withCosts: true, predictions: [], generators: undefined, command: '' },
};

describe('a search', () => {
  const trace = (search: Search, isKept: (readers: number, turn: number) => boolean): number[] => {
    const tried: number[] = [];
    for (let next = search.next; next !== undefined; next = search.next) {
      tried.push(next);
      search.tell(next, isKept(next, tried.length));
    }
    return tried;
  };

  it.each([30, 137, 1_000, 4_321])('finds the largest room that keeps it: %i', (truth) => {
    const search = new Search({ first: 50, min: 2, max: 20_000 });
    const tried = trace(search, (readers) => readers <= truth);
    expect(search.found).toBeLessThanOrEqual(truth);
    expect(search.found).toBeGreaterThan(truth * 0.9 - 2);
    expect(tried.length).toBeLessThan(20);
  });

  it('tries again what failed once', () => {
    const search = new Search({ first: 100, min: 2, max: 400 });
    expect(trace(search, (_readers, turn) => turn !== 2)).toEqual([100, 200, 200, 400]);
    expect(search.found).toBe(400);
  });

  it('grows by less where a core is nearly used up, so that nothing far beyond is tried', () => {
    const search = new Search({ first: 500, min: 2, max: 20_000 });
    const tried: number[] = [];
    for (let next = search.next; next !== undefined; next = search.next) {
      tried.push(next);
      search.tell(next, next <= 7_000, (next / 7_500) ** 2);
    }
    expect(tried.slice(0, 4)).toEqual([500, 1_000, 2_000, 4_000]);
    expect(Math.max(...tried)).toBeLessThan(9_500);
    expect(search.found).toBeGreaterThan(6_300);
    const small = new Search({ first: 3, min: 2, max: 20 });
    small.tell(3, true, 1);
    expect(small.next).toBe(4);
  });

  it('ends without a room where none keeps it, and at the largest where all do', () => {
    const none = new Search({ first: 50, min: 2, max: 400 });
    trace(none, () => false);
    expect(none.found).toBeUndefined();
    const all = new Search({ first: 50, min: 2, max: 333 });
    expect(trace(all, () => true).at(-1)).toBe(333);
    expect(all.found).toBe(333);
  });

  it('ends by itself where the answer is never the same', () => {
    const search = new Search({ first: 50, min: 2, max: 20_000 });
    expect(trace(search, (_readers, turn) => turn % 3 === 0).length).toBeLessThanOrEqual(24);
  });
});

describe('what held a load back', () => {
  const step: Omit<Step, 'limitedBy'> = {
    ...{ phase: 'ramp', mix: PLAN.mix, seconds: 8, postsPerSecond: 4, deliveriesPerSecond: 4_000 },
    latencyMs: { p50: 3, p95: 6, p99: 9, max: 12 },
    ...{ lost: 0, repeated: 0, disordered: 0, refused: 0, generatorCpuCores: 0.2, generatorDelayMsP99: 1.4 },
    server: { cpuCores: 0.2, busiestThreadCores: 0.15, memoryBytes: 1 },
  };

  const around = { isHeldBack: false, cores: 1 };

  it('is nothing where everything arrives in time', () => {
    expect(limitOf(step, around)).toBe('nothing');
  });

  it('is the generator where it had no more CPU, or was late itself', () => {
    expect(limitOf({ ...step, generatorCpuCores: 0.97 }, around)).toBe('generator');
    expect(limitOf({ ...step, generatorDelayMsP99: 8 }, around)).toBe('generator');
    const slow = { ...step, generatorDelayMsP99: 8, latencyMs: { ...step.latencyMs, p99: 60 } };
    expect(limitOf(slow, around)).toBe('nothing');
  });

  it('is the server where it fell behind, or its CPU is used up', () => {
    expect(limitOf(step, { ...around, isHeldBack: true })).toBe('server');
    expect(limitOf({ ...step, server: { cpuCores: 0.95, memoryBytes: 1 } }, around)).toBe('server');
    const threads = { cpuCores: 1.2, busiestThreadCores: 0.96, memoryBytes: 1 };
    expect(limitOf({ ...step, server: threads }, { ...around, cores: 4 })).toBe('server');
  });
});

describe('a step that others disturbed', () => {
  const stepWith = (othersCores: number) => ({
    step: { server: { cpuCores: 0.3, memoryBytes: 1, othersCores } },
  });

  it("is one in which they had more than a tenth of the server's core", () => {
    expect(isDisturbed(stepWith(0.3).step)).toBe(true);
    expect(isDisturbed(stepWith(0.05).step)).toBe(false);
    expect(isDisturbed({})).toBe(false);
  });

  it('gives way to a quieter one, and to none that is not', () => {
    const [loud, quiet] = [stepWith(0.5), stepWith(0.2)];
    expect(quieterOf(loud, quiet)).toBe(quiet);
    expect(quieterOf(quiet, loud)).toBe(quiet);
    expect(quieterOf(quiet, stepWith(0.2))).toBe(quiet);
  });
});

describe('a server fell behind', () => {
  const flow: Flow = { readers: 7_000, seconds: 10, due: 280, deliveries: 280 * 7_000, refused: 0, lost: 0 };

  it('where less arrived than was due in the same time, or something never did', () => {
    expect(isHeldBack(flow)).toBe(false);
    expect(isHeldBack({ ...flow, deliveries: 250 * 7_000 })).toBe(true);
    expect(isHeldBack({ ...flow, lost: 3 })).toBe(true);
    expect(isHeldBack({ ...flow, refused: 1 })).toBe(true);
  });

  it('not where chance had it that less was posted, however little that is', () => {
    for (const due of [0, 1, 2, 5, 30])
      expect(isHeldBack({ ...flow, seconds: 4, due, deliveries: due * 7_000 })).toBe(false);
  });

  it('not by what is under way when the time ends', () => {
    expect(isHeldBack({ ...flow, deliveries: 278 * 7_000 })).toBe(false);
    expect(isHeldBack({ ...flow, seconds: 4, due: 4, deliveries: 2 * 7_000 })).toBe(false);
    expect(isHeldBack({ ...flow, seconds: 4, due: 20, deliveries: 14 * 7_000 })).toBe(true);
  });
});

describe('a plan', () => {
  it('that can be done is taken', () => expect(() => checkPlan(PLAN)).not.toThrow());

  it.each<[string, Partial<CapacityPlan>]>([
    ['at least as many readers', { mix: { ...PLAN.mix, senders: 2_000 } }],
    ['whole number', { mix: { ...PLAN.mix, readers: 1.5 } }],
    ['size of a text', { mix: { ...PLAN.mix, size: 10 } }],
    ['The rate', { mix: { ...PLAN.mix, rate: 0 } }],
    ['from 1 to 20000', { mix: { ...PLAN.mix, readers: 50_000 } }],
    ['at least one step', { aim: { kind: 'ramp', shares: [] } }],
    ['The p99', { aim: { kind: 'search', p99MsMax: 0, readersMax: 100 } }],
    ['no address', { target: { kind: 'wireroom', url: 'nowhere', room: 'lobby' } }],
    ['no address', { target: { kind: 'socketio', url: 'ftp://host', event: 'm' } }],
    ['A password', { target: { kind: 'wireroom', url: 'ws://a:b@host/ws', room: 'lobby' } }],
    ['no program', { target: { kind: 'own', launcher: [] } }],
    ['Seconds', { seconds: Number.NaN }],
  ])('that cannot be done is refused with a sentence: %s', (words, change) => {
    expect(() => checkPlan({ ...PLAN, ...change })).toThrow(CapacityError);
    expect(() => checkPlan({ ...PLAN, ...change })).toThrow(words);
  });

  it('keeps the share of senders, and at least one', () => {
    expect(shareOf(PLAN.mix, 0.5)).toEqual({ ...PLAN.mix, readers: 500, senders: 10 });
    expect(sendersOf(PLAN.mix, 3)).toBe(1);
    expect(sendersOf({ ...PLAN.mix, senders: 1_000 }, 7)).toBe(7);
  });

  it('holds a load for longer where few post, but not for ever, and those of the model for less', () => {
    const quiet = { ...PLAN.mix, senders: 5 };
    expect(holdOf(PLAN, 'ramp', { ...PLAN.mix, senders: 500 })).toEqual({ seconds: 8, warmSeconds: 2 });
    expect(holdOf(PLAN, 'ramp', { ...quiet, senders: 8 }).seconds).toBe(13);
    expect(holdOf(PLAN, 'ramp', quiet).seconds).toBe(16);
    expect(holdOf(PLAN, 'costs', quiet)).toEqual({ seconds: 8, warmSeconds: 1 });
    for (const mix of costMixes(PLAN.mix, 7_000).flat())
      expect(holdOf(PLAN, 'costs', mix).seconds * mix.senders * mix.rate).toBeGreaterThan(15);
  });

  it('of the usual size takes at most six minutes', () => {
    expect(phasesOf(PLAN)).toEqual(['start', 'idle', 'messages', 'ramp', 'costs', 'predict', 'end']);
    expect(wholeItems(PLAN, 10).reduce((sum, each) => sum + each, 0)).toBeLessThan(360);
  });

  it('has loads for its model that can be asked for, and others to test it', () => {
    for (const readers of [1, 5, 60, 1_000, 20_000]) {
      const asked = { ...PLAN.mix, readers, senders: Math.min(readers, 20) };
      const mixes = [
        ...messageMixes(asked),
        ...costMixes(asked, readers).flat(),
        ...testMixes(asked, readers),
      ];
      for (const mix of mixes) expect(() => checkPlan({ ...PLAN, mix })).not.toThrow();
      expect(Math.max(...mixes.map((mix) => mix.readers))).toBeLessThanOrEqual(Math.max(4, readers));
    }
    const known = costMixes(PLAN.mix, 1_000).flat();
    for (const mix of testMixes(PLAN.mix, 1_000)) expect(known).not.toContainEqual(mix);
  });
});

it('an agenda says how far it is', () => {
  let now = 0;
  const agenda = new Agenda(() => now);
  agenda.plan([10, 20, 70]);
  expect(agenda.progress).toEqual({ share: 0, secondsLeft: 100 });
  agenda.begin();
  now = 5_000;
  expect(agenda.progress).toEqual({ share: 0.05, secondsLeft: 95 });
  // It took longer than was thought.
  now = 15_000;
  agenda.begin();
  expect(agenda.progress.secondsLeft).toBe(90);
  agenda.leaveOut();
  expect(agenda.progress.secondsLeft).toBe(20);
  now = 35_000;
  expect(agenda.progress).toEqual({ share: 1, secondsLeft: 0 });
});

it('a clock that is cut wakes whoever waits, and nobody waits on it afterwards', async () => {
  const clock = new CuttableClock();
  const waiting = expect(clock.wait(60_000)).rejects.toThrow('Enough.');
  clock.cut('Enough.');
  clock.cut('Again.');
  await waiting;
  await expect(clock.wait(1)).rejects.toBeInstanceOf(Cut);
});

it('what a server says at /metrics is read', () => {
  const page = [
    '# HELP process_cpu_seconds_total Total user and system CPU time.',
    'process_cpu_seconds_total 12.5',
    'process_resident_memory_bytes{node="1"} 1.5e8',
  ].join('\n');
  expect(usageIn(page, 7)).toEqual({ at: 7, cpuSeconds: 12.5, memoryBytes: 150_000_000 });
  expect(usageIn('something_else 1', 7)).toBeUndefined();
});

it('two readings say what was spent between them, by the busiest thread as well', () => {
  const before = { at: 0, cpuSeconds: 1, threads: new Map([['1', 0.6]]), memoryBytes: 5, writtenBytes: 100 };
  const after = {
    ...{ at: 2_000, cpuSeconds: 2, memoryBytes: 9, writtenBytes: 300 },
    threads: new Map([
      ['1', 1],
      ['2', 0.6],
    ]),
  };
  expect(spentBetween(before, after)).toEqual({
    ...{ cpuCores: 0.5, busiestThreadCores: 0.3, memoryBytes: 9, diskBytesPerSecond: 100 },
  });
});

it('memory is what is of the process itself, as far as the system tells that apart', () => {
  const status =
    'VmHWM:\t  300 kB\nVmRSS:\t  192 kB\nRssAnon:\t  137 kB\nRssFile:\t   54 kB\nRssShmem:\t    1 kB\n';
  expect(ownBytesIn(status)).toBe(138 * 1024);
  expect(ownBytesIn('VmRSS:\t  192 kB\n')).toBe(192 * 1024);
});

it("what others had of the server's cores is what these gave, less what was its own", () => {
  const stat = (user: number, steal: number) =>
    `cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 ${user} 10 20 999 7 1 2 ${steal} 0 0\ncpu1 5 5 5 5 5 5 5 5 0 0\n`;
  expect(busySecondsIn(stat(100, 0), [0])).toBeCloseTo(1.33, 9);
  expect(busySecondsIn(stat(100, 0), [0, 1])).toBeCloseTo(1.63, 9);
  const before = { at: 0, cpuSeconds: 4, memoryBytes: 1, coresSeconds: busySecondsIn(stat(100, 0), [0]) };
  const after = {
    at: 1_000,
    cpuSeconds: 4.5,
    memoryBytes: 1,
    coresSeconds: busySecondsIn(stat(170, 10), [0]),
  };
  expect(spentBetween(before, after).othersCores).toBeCloseTo(0.3, 9);
  // Ticks are coarse: never less than nothing.
  expect(spentBetween(before, { ...after, coresSeconds: before.coresSeconds }).othersCores).toBe(0);
});

it('lists of cores are read as the kernel writes them', () => {
  expect(coresIn('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(coresIn('3')).toEqual([3]);
  expect(coresIn('')).toEqual([]);
});

it('errors say what to do', () => {
  const full = new Error('The handshake failed: the server answered HTTP/1.1 429 Too Many Requests');
  expect(wordsOnError(full)).toContain('MAX_SOCKETS_PER_ADDRESS');
  expect(wordsOnError(new Error('connect EADDRNOTAVAIL 127.0.0.1:80'))).toContain('local ports');
  expect(wordsOnError('odd')).toBe('odd.');
});
