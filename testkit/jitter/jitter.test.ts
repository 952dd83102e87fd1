// The pure parts of the jitter test, its proxy, and a small run of the whole: nothing lost, nothing twice, and no word about time.
import net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runJitter } from './jitter.ts';
import { judgeShown, Ledger, readText, textOf } from './ledger.ts';
import { JITTER_LIMITS } from './limits.ts';
import { judgeLog, loggedIn } from './log-reading.ts';
import { readOptions } from './options.ts';
import { JitterProxy } from './proxy.ts';
import { recoveriesOf, spreadOf } from './recovery.ts';
import { percentOf, reportOf, timeOf } from './report.ts';
import { planOutages } from './schedule.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('the outages', () => {
  const plan = planOutages({ seed: 7, clients: 40, durationMs: 30_000 });

  it('are the same for the same seed, and others for another', () => {
    expect(planOutages({ seed: 7, clients: 40, durationMs: 30_000 })).toEqual(plan);
    expect(planOutages({ seed: 8, clients: 40, durationMs: 30_000 })).not.toEqual(plan);
  });

  it('keep to their bounds, end within the phase, and do not overlap', () => {
    const { outageMs, upMs } = JITTER_LIMITS;
    for (let client = 0; client < 40; client += 1) {
      const own = plan.filter((outage) => outage.client === client);
      expect(own.length).toBeGreaterThanOrEqual(2);
      for (const [index, { atMs, forMs }] of own.entries()) {
        expect(forMs).toBeGreaterThanOrEqual(outageMs.min);
        expect(forMs).toBeLessThanOrEqual(outageMs.max);
        expect(atMs + forMs).toBeLessThanOrEqual(30_000);
        const next = own[index + 1];
        if (next !== undefined) expect(next.atMs - atMs - forMs).toBeGreaterThanOrEqual(upMs.min);
      }
    }
    expect(new Set(plan.map(({ cut }) => cut))).toEqual(new Set(['reset', 'end', 'black-hole']));
  });
});

describe('the books', () => {
  /** Two clients, messages 10 to 12. */
  function ledgerOf(): Ledger {
    const ledger = new Ledger(2, 10);
    for (let count = 0; count < 3; count += 1) ledger.post();
    return ledger;
  }

  it('count what is expected, what came, and what came again', () => {
    const ledger = ledgerOf();
    ledger.arrived(0, 10, 1);
    ledger.arrived(0, 10, 2);
    ledger.arrived(1, 12, 3);
    ledger.arrived(1, 13, 4);
    ledger.arrived(1, 9, 4);
    const { expected, delivered, repeats, lastAt } = ledger;
    expect({ expected, delivered, repeats, lastAt }).toEqual({
      expected: 6,
      delivered: 2,
      repeats: 1,
      lastAt: 3,
    });
    expect(ledger.firstArrivals()).toEqual([1, undefined, 3]);
  });

  it('a client is complete when it is connected again and has all that anybody had by then', () => {
    const ledger = ledgerOf();
    ledger.arrived(0, 10, 100);
    ledger.closed(1, 150);
    ledger.opened(1, 250);
    ledger.arrived(1, 10, 260);
    // Heard by others only after it was back: no part of its recovery.
    ledger.arrived(0, 11, 300);
    ledger.arrived(1, 11, 900);
    expect(recoveriesOf(ledger, [{ client: 1, upAt: 200 }])).toEqual([{ connectedMs: 50, completeMs: 60 }]);
  });

  it('what never comes is never recovered from, also if it was missed on the way back', () => {
    const ledger = ledgerOf();
    ledger.closed(0, 150);
    ledger.closed(1, 150);
    ledger.opened(1, 250);
    ledger.arrived(0, 10, 220);
    const never = Number.POSITIVE_INFINITY;
    expect(recoveriesOf(ledger, [{ client: 1, upAt: 200 }])).toEqual([
      { connectedMs: 50, completeMs: never },
    ]);
    expect(recoveriesOf(ledger, [{ client: 0, upAt: 200 }])).toEqual([
      { connectedMs: never, completeMs: never },
    ]);
  });

  it('who was connected all the time is complete with what it has; who learns of the cut later is not', () => {
    const ledger = ledgerOf();
    ledger.arrived(0, 10, 190);
    ledger.arrived(1, 10, 195);
    expect(recoveriesOf(ledger, [{ client: 1, upAt: 200 }])).toEqual([{ connectedMs: 0, completeMs: 0 }]);
    // The next cut is no part of this outage.
    ledger.closed(1, 200 + JITTER_LIMITS.upMs.min);
    expect(recoveriesOf(ledger, [{ client: 1, upAt: 200 }])).toEqual([{ connectedMs: 0, completeMs: 0 }]);
    ledger.closed(1, 210);
    ledger.opened(1, 700);
    expect(recoveriesOf(ledger, [{ client: 1, upAt: 200 }])).toMatchObject([{ connectedMs: 500 }]);
  });

  it('the longest counts as the 99th percentile of a hundred and one', () => {
    const spread = spreadOf(Array.from({ length: 101 }, (_, index) => (index === 100 ? Infinity : index)));
    expect(spread).toEqual({ p50: 50, p95: 95, p99: 99, max: Infinity });
    expect(spreadOf([]).p50).toBeNaN();
  });

  it('what is shown is judged for repetitions, order and gaps', () => {
    const publishers = new Map([0, 1, 2, 3, 4, 5, 6, 7].map((message) => [message, message % 2]));
    const shownOf = (...messages: number[]) =>
      judgeShown(
        messages.map((message) => textOf(message, message % 2)),
        publishers,
      );
    expect(shownOf(0, 1, 2, 3, 4, 5, 6, 7)).toEqual({ duplicates: 0, outOfOrder: 0, gaps: 0 });
    expect(shownOf(0, 1, 0, 2, 2)).toMatchObject({ duplicates: 2 });
    expect(shownOf(1, 4, 2, 3)).toMatchObject({ outOfOrder: 1 });
    // 2 and 4 of the one are one gap; 5 and 7 of the other are its end, not a gap.
    expect(shownOf(0, 6, 1, 3)).toEqual({ duplicates: 0, outOfOrder: 0, gaps: 1 });
    expect(readText('hello')).toBeUndefined();
  });

  it('the log is read for what is lost and what is there twice', () => {
    const lines = [textOf(0, 0), textOf(1, 1), textOf(1, 1)].map((text) =>
      JSON.stringify({ type: 'message', text }),
    );
    const history = [...lines, '{"type":"join"}', ''].join('\n');
    expect(judgeLog(loggedIn(history), { posted: 4, acknowledged: [0, 1, 2] })).toEqual({
      posted: 4,
      acknowledged: 3,
      inLog: 2,
      lost: 1,
      twice: 1,
    });
  });

  it('less than all is never 100.00 %', () => {
    expect([percentOf(5, 5), percentOf(999_999, 1_000_000), percentOf(1, 3)]).toEqual([
      '100.00 %',
      '99.99 %',
      '33.33 %',
    ]);
    expect([timeOf(1234), timeOf(Infinity), timeOf(Number.NaN)]).toEqual(['1.23 s', 'never', '–']);
  });
});

describe('the options', () => {
  it('have defaults, and sentences for what cannot be', () => {
    expect(readOptions([])).toMatchObject({ clients: 300, seconds: 60, seed: 1, rate: 10 });
    expect(readOptions(['--help'])).toBeUndefined();
    expect(() => readOptions(['--clients', 'many'])).toThrow(/--clients takes a whole number/);
    expect(() => readOptions(['--peers', 'pigeons'])).toThrow(/not "pigeons"/);
    expect(() => readOptions(['--clients', '5', '--publishers', '6'])).toThrow(/--publishers/);
    expect(() => readOptions(['--rate', '1000', '--seconds', '60'])).toThrow(/at most/);
  });
});

describe('the proxy', () => {
  /** A server that sends back what it gets, behind a proxy for one client. */
  async function echo(): Promise<{ readonly proxy: JitterProxy; readonly connect: () => net.Socket }> {
    const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    cleanUps.push(() => server.close());
    const address = server.address();
    const proxy = await JitterProxy.open(1);
    cleanUps.push(() => proxy.close());
    proxy.aim(typeof address === 'object' && address !== null ? address.port : undefined);
    const connect = (): net.Socket => {
      const socket = net.connect(proxy.ports[0] ?? 0, '127.0.0.1').on('error', () => {});
      cleanUps.push(() => socket.destroy());
      return socket;
    };
    return { proxy, connect };
  }

  /** What came until the end, and whether the end was an error. */
  const endOf = (socket: net.Socket): Promise<string> =>
    new Promise((resolve) => {
      socket.on('close', (hadError) => resolve(hadError ? 'reset' : 'ended')).resume();
    });
  const answerOf = (socket: net.Socket): Promise<string> =>
    new Promise((resolve) => void socket.once('data', (data) => resolve(String(data))));

  it.each([
    ['reset', 'reset'],
    ['end', 'ended'],
  ] as const)('%s: what is there is cut, and whoever comes is reset until it heals', async (cut, how) => {
    const { proxy, connect } = await echo();
    const socket = connect();
    socket.write('before');
    expect(await answerOf(socket)).toBe('before');
    const ended = endOf(socket);
    proxy.cut(0, cut);
    expect(await ended).toBe(how);
    expect(await endOf(connect())).toBe('reset');
    proxy.heal(0);
    const again = connect();
    again.write('after');
    expect(await answerOf(again)).toBe('after');
  });

  it('black-hole: nothing passes; at its end what was there is reset, and who has waited gets through', async () => {
    const { proxy, connect } = await echo();
    const old = connect();
    old.write('before');
    expect(await answerOf(old)).toBe('before');
    proxy.cut(0, 'black-hole');
    const lost: string[] = [];
    old.on('data', (data) => lost.push(String(data))).write('into the hole');
    const oldEnd = endOf(old);
    const waiting = connect();
    const answer = answerOf(waiting);
    await new Promise<void>((resolve) => void waiting.write('held', () => resolve()));
    proxy.heal(0);
    expect(await answer).toBe('held');
    expect(await oldEnd).toBe('reset');
    expect(lost).toEqual([]);
  });

  it('without a server whoever comes is reset', async () => {
    const { proxy, connect } = await echo();
    proxy.aim(undefined);
    expect(await endOf(connect())).toBe('reset');
  });
});

describe('the whole', () => {
  it('thirty clients through cuts, a kill and a drain: all that is in the log is everywhere, once, in order', async () => {
    const peers = 'wireroom,wireroom-socketio';
    const options = readOptions(['--clients', '30', '--seconds', '12', '--seed', '5', '--peers', peers]);
    if (options === undefined) throw new Error('no options');
    const report = await runJitter(options, { command: 'a test', print: () => {} });
    expect(report.trials.map(({ peer }) => peer)).toEqual(['wireroom', 'wireroom-socketio']);
    for (const { peer, phases, log } of report.trials) {
      expect(phases.map(({ phase }) => phase)).toEqual(['blips', 'kill', 'drain']);
      for (const { phase, posted, reached, delivered, ...figures } of phases) {
        expect(reached, `${peer}, ${phase}`).toBeGreaterThan(0);
        // The stock client keeps nothing that it has sent into a dying connection.
        if (peer === 'wireroom') expect(reached, phase).toBe(posted);
        expect(delivered, `${peer}, ${phase}`).toBe(reached * 30);
        expect(figures, `${peer}, ${phase}`).toMatchObject({ duplicates: 0, outOfOrder: 0, never: 0 });
      }
      expect(log).toMatchObject({ lost: 0, twice: 0 });
      expect(log?.inLog).toBe(phases.reduce((sum, { reached }) => sum + reached, 0));
      if (peer === 'wireroom') expect(log?.acknowledged).toBe(log?.posted);
    }
    const [posted] = report.trials[0]?.phases.map((phase) => phase.posted) ?? [];
    expect(reportOf(report)).toContain(
      `| Wireroom, its SDK | ${posted} | ${posted} | 100.00 % | 0 | 100.00 % |`,
    );
  }, 240_000);
});
