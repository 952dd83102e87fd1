import { describe, expect, it } from 'vitest';
import { Gate, Inlet, WAITING_BYTES_MAX } from './inlet.ts';

function gated(): { gate: Gate; calls: string[] } {
  const calls: string[] = [];
  const gate = new Gate({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  return { gate, calls };
}

async function all<T>(inlet: Inlet<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of inlet) seen.push(item);
  return seen;
}

describe('an inlet', () => {
  it('gives what came before and after it was asked, in order, then the end', async () => {
    const inlet = new Inlet<number>(gated().gate);
    inlet.put(1, 0);
    inlet.put(2, 0);
    const asked = [inlet.next(), inlet.next(), inlet.next(), inlet.next(), inlet.next()];
    inlet.put(3, 0);
    inlet.finish();
    inlet.put(4, 0);
    const results = await Promise.all(asked);
    expect(results.map(({ done, value }) => (done === true ? 'end' : value))).toEqual([
      1,
      2,
      3,
      'end',
      'end',
    ]);
    expect(await inlet.next()).toEqual({ done: true, value: undefined });
  });

  it('throws an error once, after what came before it', async () => {
    const inlet = new Inlet<number>(gated().gate);
    inlet.put(1, 0);
    inlet.finish(new Error('over'));
    inlet.finish(new Error('not this one'));
    expect(await inlet.next()).toEqual({ done: false, value: 1 });
    await expect(inlet.next()).rejects.toThrow('over');
    expect(await inlet.next()).toEqual({ done: true, value: undefined });
  });

  it('tells an error to the first of several who wait', async () => {
    const inlet = new Inlet<number>(gated().gate);
    const asked = [inlet.next(), inlet.next()];
    inlet.finish(new Error('over'));
    await expect(asked[0]).rejects.toThrow('over');
    expect(await asked[1]).toEqual({ done: true, value: undefined });
  });

  it('[W92] pauses above its bound and goes on at half of it, empty things included', async () => {
    const { gate, calls } = gated();
    const inlet = new Inlet<number>(gate);
    let count = 0;
    while (calls.length === 0) inlet.put(count++, 0);
    expect(count).toBeLessThanOrEqual(WAITING_BYTES_MAX / 64);
    expect(calls).toEqual(['pause']);
    for (let i = 0; i < count / 2 - 1; i++) await inlet.next();
    expect(calls).toEqual(['pause']);
    await inlet.next();
    expect(calls).toEqual(['pause', 'resume']);
    inlet.put(-1, WAITING_BYTES_MAX);
    inlet.put(-2, WAITING_BYTES_MAX);
    expect(calls).toEqual(['pause', 'resume', 'pause']);
  });

  it('drops what waits when the program leaves, and says so once', async () => {
    const { gate, calls } = gated();
    const reasons: unknown[] = [];
    const inlet = new Inlet<number>(gate, { left: (reason) => reasons.push(reason) });
    inlet.put(1, WAITING_BYTES_MAX);
    expect(await inlet.return('enough')).toEqual({ done: true, value: undefined });
    await inlet.return('again');
    inlet.put(2, WAITING_BYTES_MAX);
    expect(reasons).toEqual(['enough']);
    expect(calls).toEqual(['pause', 'resume']);
    expect(await all(inlet)).toEqual([]);
    const other = new Inlet<number>(gate, { left: (reason) => reasons.push(reason) });
    const waiting = other.next();
    await other.return();
    expect((await waiting).done).toBe(true);
  });
});
