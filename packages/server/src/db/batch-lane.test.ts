// Group commit by itself: what rides in which batch, what is refused, what happens to it when the thread is gone.
import { describe, expect, it } from 'vitest';
import { BatchLane, type BatchLaneOptions } from './batch-lane.ts';
import { DB_LIMITS } from './limits.ts';
import type { Call, Outcome } from './thread-port.ts';

const call = (name: string): Call => ({ module: 'm', name, input: undefined });
const done = (value: unknown): Outcome => ({ ok: true, value });

const DEFAULTS = { batchMax: 3, batchBytesMax: 100_000, waitingMax: 10, waitingBytesMax: 1_000_000 };

function lane(bounds: Partial<Omit<BatchLaneOptions, 'send'>> = {}) {
  const sent: string[][] = [];
  const send = (calls: readonly Call[]): void => {
    sent.push(calls.map(({ name }) => name));
  };
  return { sent, lane: new BatchLane({ ...DEFAULTS, ...bounds, send }) };
}

describe('a lane of batches', () => {
  it('[L2.3] sends at once when idle, and lets what arrives meanwhile ride together in the next', async () => {
    const { sent, lane: writes } = lane();
    const answers = ['a', 'b', 'c'].map((name) => writes.submit(call(name)));
    expect(sent).toEqual([['a']]);
    writes.settle([done(1)]);
    expect(sent).toEqual([['a'], ['b', 'c']]);
    writes.settle([done(2), done(3)]);
    expect(await Promise.all(answers)).toEqual([1, 2, 3]);
    expect(writes.batchCount).toBe(2);
  });

  it('[L2.3] keeps a batch within its bound, in the order of arrival', () => {
    const { sent, lane: writes } = lane();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void writes.submit(call(name));
    writes.settle([done(1)]);
    writes.settle([done(1), done(1), done(1)]);
    expect(sent).toEqual([['a'], ['b', 'c', 'd'], ['e']]);
  });

  it('[L2.3] posts go first, beside a few others in each batch', () => {
    const { sent, lane: writes } = lane({ batchMax: 6, batchOthersMax: 2 });
    const all = Array.from({ length: 6 }, () => done(1));
    const submit = (names: string, goesFirst: boolean): void => {
      for (const name of names) void writes.submit(call(name), { goesFirst });
    };
    submit('abcdef', false);
    submit('PQRST', true);
    expect(sent.at(-1)?.join('')).toBe('PQRbc');
    writes.settle([done(1)]);
    writes.settle(all);
    expect(sent.at(-1)?.join('')).toBe('STde');
    writes.settle(all);
    expect(sent.at(-1)?.join('')).toBe('f');
  });

  it('[L2.3] hands over the next batch before the one under way is answered, where half a batch of posts waits', async () => {
    const { sent, lane: writes } = lane({ batchMax: 4 });
    const answers: Promise<unknown>[] = [];
    const submit = (names: string, goesFirst: boolean): void => {
      for (const name of names) answers.push(writes.submit(call(name), { goesFirst }));
    };
    submit('abc', false);
    expect(sent).toEqual([['a']]);
    submit('PQ', true);
    expect(sent).toEqual([['a'], ['P', 'Q', 'b', 'c']]);
    submit('RSTUV', true);
    expect(sent).toHaveLength(2);
    writes.settle([done('a')]);
    expect(sent.slice(2)).toEqual([['R', 'S', 'T', 'U']]);
    writes.settle(['P', 'Q', 'b', 'c'].map(done));
    writes.settle(['R', 'S', 'T', 'U'].map(done));
    expect(sent.slice(3)).toEqual([['V']]);
    writes.settle([done('V')]);
    expect(await Promise.all(answers)).toEqual([...'abcPQRSTUV']);
    await writes.idle();
  });

  it('[L2.3] where two are under way and the thread is gone, everybody in both hears of it', async () => {
    const { lane: writes } = lane({ batchMax: 2 });
    const answers = [...'abcdefg'].map((name) => writes.submit(call(name), { goesFirst: true }));
    writes.fail(new Error('gone'));
    for (const answer of await Promise.allSettled(answers))
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'storage-failed' } });
    await writes.idle();
  });

  it('[L2.3] a long text rides alone where nothing fits beside it, and the others ride in the next', () => {
    const { sent, lane: writes } = lane({ batchBytesMax: 3_000 });
    void writes.submit(call('a'));
    void writes.submit(call('b'));
    void writes.submit(call('P'), { bytes: 2_900, goesFirst: true });
    writes.settle([done(1)]);
    writes.settle([done(1)]);
    expect(sent).toEqual([['a'], ['P'], ['b']]);
  });

  it('[D5] tells of a damaged file beneath what failed because of it', async () => {
    const { lane: reads } = lane();
    const answer = reads.submit(call('a'));
    reads.settle([{ ok: false, code: 'storage-failed', cause: 'malformed', damage: 'The file is damaged.' }]);
    await expect(answer).rejects.toMatchObject({
      code: 'storage-failed',
      cause: { name: 'OpenError', isOperating: true, message: 'The file is damaged.' },
    });
  });

  it('[L2.6] refuses with busy, at once and with a time, what passes the bound on waiting', async () => {
    const { lane: writes } = lane({ waitingMax: 2 });
    void writes.submit(call('under way'));
    void writes.submit(call('waits'));
    void writes.submit(call('waits too'));
    await expect(writes.submit(call('too many'))).rejects.toMatchObject({
      code: 'busy',
      retryAfterMs: 1_000,
    });
    writes.settle([done(1)]);
    const again = writes.submit(call('there is room again'));
    writes.settle([done(1), done(1)]);
    writes.settle([done('stored')]);
    expect(await again).toBe('stored');
  });

  it('[L2.6] refuses with busy, too, what passes the bound on waiting bytes, until they are under way', async () => {
    const bytes = 10_000;
    const waitingBytesMax = 2 * (bytes + DB_LIMITS.operationBytes);
    const { sent, lane: writes } = lane({ waitingBytesMax });
    void writes.submit(call('under way'), { bytes });
    void writes.submit(call('waits'), { bytes });
    void writes.submit(call('waits too'), { bytes });
    await expect(writes.submit(call('one byte'), { bytes: 1 })).rejects.toMatchObject({ code: 'busy' });
    writes.settle([done(1)]);
    const accepted = ['a', 'b'].map((name) => writes.submit(call(name), { bytes }));
    await expect(writes.submit(call('c'), { bytes })).rejects.toMatchObject({ code: 'busy' });
    writes.settle([done(1), done(1)]);
    writes.settle([done('a'), done('b')]);
    expect(await Promise.all(accepted)).toEqual(['a', 'b']);
    expect(sent).toEqual([['under way'], ['waits', 'waits too'], ['a', 'b']]);
  });

  it('[L2.3] makes a batch shorter where texts are long, but not empty', () => {
    const { sent, lane: writes } = lane({ batchMax: 9, batchBytesMax: 20_000 });
    const sizes = { a: 1, b: 9_000, c: 9_000, d: 9_000, e: 50_000, f: 1 };
    for (const [name, bytes] of Object.entries(sizes)) void writes.submit(call(name), { bytes });
    for (let batch = 0; batch < 5; batch += 1) writes.settle(sent.at(-1)?.map(() => done(1)) ?? []);
    expect(sent).toEqual([['a'], ['b', 'c'], ['d'], ['e'], ['f']]);
  });

  it('[L2.4] gives each operation its own outcome', async () => {
    const { lane: writes } = lane();
    const refused = writes.submit(call('a'));
    const stored = writes.submit(call('b'));
    const missing = writes.submit(call('c'));
    writes.settle([{ ok: false, code: 'rate-limited', retryAfterMs: 70 }]);
    writes.settle([done('b')]);
    await expect(refused).rejects.toMatchObject({
      name: 'ChatError',
      code: 'rate-limited',
      retryAfterMs: 70,
    });
    expect(await stored).toBe('b');
    await expect(missing).rejects.toMatchObject({ code: 'internal' });
  });

  it('[L2.8] fails what is under way and what waits when nothing more will be answered', async () => {
    const { sent, lane: writes } = lane();
    const lost = ['a', 'b', 'c'].map((name) => writes.submit(call(name)));
    const idle = writes.idle();
    writes.fail(new Error('the thread is gone'));
    for (const answer of lost) await expect(answer).rejects.toMatchObject({ code: 'storage-failed' });
    await idle;
    expect(sent).toEqual([['a']]);
  });

  it('[L2.9] is idle when the last batch is answered, not before', async () => {
    const { lane: writes } = lane();
    await writes.idle();
    const order: string[] = [];
    const answers = ['a', 'b'].map((name) => writes.submit(call(name)).then(() => order.push(name)));
    const idle = writes.idle().then(() => order.push('idle'));
    writes.settle([done(1)]);
    writes.settle([done(1)]);
    await Promise.all([...answers, idle]);
    expect(order.indexOf('idle')).toBeGreaterThan(order.indexOf('a'));
    expect(order).toHaveLength(3);
  });
});
