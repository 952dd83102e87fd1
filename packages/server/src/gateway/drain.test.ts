// Who is told when to come back, and how fast connections are closed: over a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { drain } from './drain.ts';

/** Each leaver's moment of leaving and of coming back, in milliseconds from the start of the drain. */
async function drained(clients: number, windowMs?: number) {
  let now = 0;
  const gone: { readonly leftAt: number; readonly backAt: number }[] = [];
  const leavers = Array.from({ length: clients }, () => ({
    leave: (reconnectAfterMs: number) => void gone.push({ leftAt: now, backAt: now + reconnectAfterMs }),
  }));
  await drain(leavers, {
    windowMs,
    pause: async (ms) => {
      now += ms;
    },
  });
  return { gone, endedAt: now };
}

describe('the drain', () => {
  it('[R2] lets nobody come back before a restart can be over, and a class within 3 s', async () => {
    const { gone, endedAt } = await drained(30);
    expect(endedAt).toBe(0);
    expect(gone).toHaveLength(30);
    expect(Math.min(...gone.map(({ backAt }) => backAt))).toBe(2_000);
    expect(Math.max(...gone.map(({ backAt }) => backAt))).toBeLessThanOrEqual(3_000);
  });

  it.each([1, 2, 99, 101, 600, 10_000, 60_000])(
    '[R2] spreads %i clients evenly over the window',
    async (count) => {
      const { gone, endedAt } = await drained(count);
      const first = endedAt + 2_000;
      const windowMs = Math.max(1_000, count * 2);
      const errors = gone.map(({ backAt }, index) => Math.abs(backAt - (first + (index * windowMs) / count)));
      expect(errors.every((ms) => ms <= 1)).toBe(true);
      const perSecond = new Map<number, number>();
      for (const { backAt } of gone) {
        const second = Math.floor((backAt - first) / 1000);
        perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
      }
      expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(501);
    },
  );

  it('[R2] takes the window that was set, also none', async () => {
    const wide = await drained(4, 8_000);
    expect(wide.gone.map(({ backAt }) => backAt)).toEqual([2_000, 4_000, 6_000, 8_000]);
    const none = await drained(4, 0);
    expect(none.gone.map(({ backAt }) => backAt)).toEqual([2_000, 2_000, 2_000, 2_000]);
  });

  it.each([
    [100, 1, 100],
    [10_000, 100, 100],
    [60_000, 200, 300],
  ])('[R3] closes %i connections in %i steps of %i', async (count, steps, size) => {
    const { gone, endedAt } = await drained(count);
    expect(endedAt).toBe((steps - 1) * 20);
    const perStep = new Map<number, number>();
    for (const { leftAt } of gone) perStep.set(leftAt, (perStep.get(leftAt) ?? 0) + 1);
    expect([...perStep.values()]).toEqual(Array.from({ length: steps }, () => size));
  });

  it('has nothing to do where nobody is', async () => {
    expect(await drained(0)).toEqual({ gone: [], endedAt: 0 });
  });
});
