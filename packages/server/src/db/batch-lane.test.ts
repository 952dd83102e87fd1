// Group commit by itself: what rides in which batch, what is refused, what happens to it when the thread is gone.
import { describe, expect, it } from 'vitest';
import { BatchLane } from './batch-lane.ts';
import type { Call, Outcome } from './thread-port.ts';

const call = (name: string): Call => ({ module: 'm', name, input: undefined });
const done = (value: unknown): Outcome => ({ ok: true, value });

function lane(bounds: { readonly batchMax?: number; readonly waitingMax?: number } = {}) {
  const sent: string[][] = [];
  const send = (calls: readonly Call[]): void => {
    sent.push(calls.map(({ name }) => name));
  };
  return { sent, lane: new BatchLane({ batchMax: 3, waitingMax: 10, ...bounds, send }) };
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
