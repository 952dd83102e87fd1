// A capacity run as a whole, with loads so small that they take a second: servers of its own and found ones, everything counted, cut in
// the middle, and nothing left behind.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  CapacityError,
  type CapacityEvent,
  type CapacityPlan,
  type CapacityReport,
  measureCapacity,
  startCapacity,
} from '@wireroom/capacity';
import { afterEach, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';
import { startTestServer, type TestServer } from './server.ts';

const LAUNCHER = [process.execPath, ...commandLine('serve')];
const TIMEOUT_MS = 60_000;

const PLAN: CapacityPlan = {
  target: { kind: 'own', launcher: LAUNCHER },
  mix: { readers: 12, senders: 4, rate: 10, size: 64 },
  aim: { kind: 'ramp', shares: [0.5, 1] },
  ...{ seconds: 1, warmSeconds: 0.3, withCosts: false, predictions: [], generators: 2, command: 'test' },
};

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** Processes that we have started and that are still there. */
function leftBehind(): string[] {
  const listed = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return listed.split('\n').filter((line) => /load\/generator|socketio-room|main\.ts serve/.test(line));
}

function expectWhole({ steps }: CapacityReport): void {
  expect(steps.map(({ mix }) => mix.readers)).toEqual([6, 12]);
  for (const step of steps) {
    expect(step).toMatchObject({ lost: 0, repeated: 0, disordered: 0, refused: 0 });
    expect(step.latencyMs.p50).toBeGreaterThan(0);
    expect(step.latencyMs.max).toBeGreaterThanOrEqual(step.latencyMs.p99);
    expect(step.deliveriesPerSecond).toBeGreaterThan(step.mix.readers);
  }
}

describe('a capacity run', () => {
  it(
    'measures a server of its own, tells how it gets on, and leaves nothing',
    async () => {
      const events: CapacityEvent[] = [];
      const report = await measureCapacity(PLAN, { onEvent: (event) => events.push(event) });
      expect(report).toMatchObject({ isComplete: true, target: { kind: 'own', isDurable: true } });
      expectWhole(report);
      for (const { ackMs, server: used } of report.steps) {
        expect(ackMs?.p50).toBeGreaterThan(0);
        if (process.platform === 'linux') expect(used?.cpuCores).toBeGreaterThan(0);
      }
      const phases = events.flatMap((event) => (event.type === 'phase' ? [event.phase] : []));
      expect(phases).toEqual(['start', 'ramp', 'end']);
      const shares = events.flatMap((event) => (event.type === 'progress' ? [event.share] : []));
      expect(shares.at(-1)).toBeGreaterThan(0.5);
      expect(Math.max(...shares)).toBeLessThanOrEqual(1);
      expect(events.some(({ type }) => type === 'sample')).toBe(true);
      expect(leftBehind()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'that is cut in the middle has what was measured by then, and leaves nothing',
    async () => {
      const cutting = new AbortController();
      const run = startCapacity(
        { ...PLAN, aim: { kind: 'ramp', shares: [0.5, 1, 1] }, seconds: 1.5 },
        {
          signal: cutting.signal,
          onEvent: ({ type }) => {
            if (type !== 'step') return;
            expect(run.reportSoFar()).toMatchObject({ isComplete: false, steps: [{ phase: 'ramp' }] });
            cutting.abort('Ctrl-C.');
          },
        },
      );
      const report = await run.finished;
      expect(report).toMatchObject({ isComplete: false, cutBy: 'Ctrl-C.' });
      expect(report.steps).toHaveLength(1);
      expect(leftBehind()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'measures a plain Socket.IO room',
    async () => {
      const report = await measureCapacity({ ...PLAN, target: { kind: 'socketio', event: 'm' } });
      expect(report).toMatchObject({ isComplete: true, target: { kind: 'socketio', isDurable: false } });
      expectWhole(report);
      expect(report.steps[0]?.ackMs).toBeUndefined();
      expect(leftBehind()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'looks for the largest room of a server that it has found',
    async () => {
      server = await startTestServer();
      const report = await measureCapacity({
        ...PLAN,
        target: { kind: 'wireroom', url: `ws://127.0.0.1:${server.port}`, room: 'lobby' },
        aim: { kind: 'search', p99MsMax: 20_000, readersMax: 16 },
        seconds: 1,
      });
      expect(report).toMatchObject({ isComplete: true, target: { name: 'wireroom' } });
      // 16, unless this machine is so busy that a step of a second was held back twice.
      expect(report.found?.readers).toBeGreaterThanOrEqual(8);
      expect(report.steps.map(({ mix }) => mix.readers)).toContain(16);
    },
    TIMEOUT_MS,
  );

  it(
    'says how a server has to be started that holds it back',
    async () => {
      server = await startTestServer({ RATE_LIMIT: '2/1', MAX_SOCKETS_PER_ADDRESS: '8' });
      const url = `http://127.0.0.1:${server.port}/`;
      const report = await measureCapacity({ ...PLAN, target: { kind: 'wireroom', url, room: 'lobby' } });
      expect(report.steps[0]?.refused).toBeGreaterThan(0);
      expect(report.warnings.join()).toContain('RATE_LIMIT=off');
      const { length } = report.steps;
      expect(length).toBe(1);
    },
    TIMEOUT_MS,
  );

  it(
    'ends where a server takes no more connections, and says which setting bounds them',
    async () => {
      server = await startTestServer({ MAX_SOCKETS_PER_ADDRESS: '8' });
      const url = `ws://127.0.0.1:${server.port}/ws`;
      const report = await measureCapacity({ ...PLAN, target: { kind: 'wireroom', url, room: 'lobby' } });
      expect(report.isComplete).toBe(false);
      expect(report.cutBy).toContain('MAX_SOCKETS_PER_ADDRESS');
      expect(report.steps).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it.each([
    ['ws://127.0.0.1:1/ws', 'could not be entered'],
    [undefined, 'did not start'],
  ])('rejects with a sentence where there is nothing to measure: %s', async (url, words) => {
    const failing: CapacityPlan['target'] =
      url === undefined
        ? {
            kind: 'own',
            launcher: [process.execPath, fileURLToPath(new URL('nowhere.mjs', import.meta.url))],
          }
        : { kind: 'wireroom', url, room: 'lobby' };
    const run = measureCapacity({ ...PLAN, target: failing });
    await expect(run).rejects.toThrow(words);
    await expect(run).rejects.toBeInstanceOf(CapacityError);
    expect(leftBehind()).toEqual([]);
  });
});
