import { describe, expect, it } from 'vitest';
import { Backlog, Gate, WAITING_BYTES_MAX } from './backlog.ts';

function gated(): { gate: Gate; calls: string[] } {
  const calls: string[] = [];
  const gate = new Gate({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  return { gate, calls };
}

async function all<T>(backlog: Backlog<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of backlog) seen.push(item);
  return seen;
}

describe('a backlog', () => {
  it('gives what came before and after it was asked, in order, then the end', async () => {
    const backlog = new Backlog<number>(gated().gate);
    backlog.put(1, 0);
    backlog.put(2, 0);
    const asked = [backlog.next(), backlog.next(), backlog.next(), backlog.next(), backlog.next()];
    backlog.put(3, 0);
    backlog.finish();
    backlog.put(4, 0);
    const results = await Promise.all(asked);
    expect(results.map(({ done, value }) => (done === true ? 'end' : value))).toEqual([
      1,
      2,
      3,
      'end',
      'end',
    ]);
    expect(await backlog.next()).toEqual({ done: true, value: undefined });
  });

  it('throws an error once, after what came before it', async () => {
    const backlog = new Backlog<number>(gated().gate);
    backlog.put(1, 0);
    backlog.finish(new Error('over'));
    backlog.finish(new Error('not this one'));
    expect(await backlog.next()).toEqual({ done: false, value: 1 });
    await expect(backlog.next()).rejects.toThrow('over');
    expect(await backlog.next()).toEqual({ done: true, value: undefined });
  });

  it('tells an error to the first of several who wait', async () => {
    const backlog = new Backlog<number>(gated().gate);
    const asked = [backlog.next(), backlog.next()];
    backlog.finish(new Error('over'));
    await expect(asked[0]).rejects.toThrow('over');
    expect(await asked[1]).toEqual({ done: true, value: undefined });
  });

  it('[W92] pauses above its bound and goes on at half of it, empty things included', async () => {
    const { gate, calls } = gated();
    const backlog = new Backlog<number>(gate);
    let count = 0;
    while (calls.length === 0) backlog.put(count++, 0);
    expect(count).toBeLessThanOrEqual(WAITING_BYTES_MAX / 64);
    expect(calls).toEqual(['pause']);
    for (let i = 0; i < count / 2 - 1; i++) await backlog.next();
    expect(calls).toEqual(['pause']);
    await backlog.next();
    expect(calls).toEqual(['pause', 'resume']);
    backlog.put(-1, WAITING_BYTES_MAX);
    backlog.put(-2, WAITING_BYTES_MAX);
    expect(calls).toEqual(['pause', 'resume', 'pause']);
  });

  it('drops what waits when the program leaves, and says so once', async () => {
    const { gate, calls } = gated();
    const reasons: unknown[] = [];
    const backlog = new Backlog<number>(gate, (reason) => reasons.push(reason));
    backlog.put(1, WAITING_BYTES_MAX);
    expect(await backlog.return('enough')).toEqual({ done: true, value: undefined });
    await backlog.return('again');
    backlog.put(2, WAITING_BYTES_MAX);
    expect(reasons).toEqual(['enough']);
    expect(calls).toEqual(['pause', 'resume']);
    expect(await all(backlog)).toEqual([]);
    const other = new Backlog<number>(gate, (reason) => reasons.push(reason));
    const waiting = other.next();
    await other.return();
    expect((await waiting).done).toBe(true);
  });
});
