// What the secret of a Socket.IO session is worth: as much as the token beside it, for as long as it was in use lately.
import { describe, expect, it } from 'vitest';
import { Guests } from './guests.ts';
import { ACCOUNT_LIMITS } from './limits.ts';
import { MemoryGuestStore } from './memory-guest-store.ts';
import { MemoryRecoveryStore } from './memory-recovery-store.ts';
import { Recoveries } from './recoveries.ts';

const { recoveryMs, recoveryTouchMs } = ACCOUNT_LIMITS;

async function opened() {
  const clock = { now: 1_000_000 };
  const store = new MemoryRecoveryStore();
  const guestStore = new MemoryGuestStore();
  const guests = new Guests(guestStore, () => false);
  const errors: unknown[] = [];
  const recoveries = new Recoveries({
    store,
    guests,
    wallClock: () => clock.now,
    onError: (error) => errors.push(error),
  });
  const { author, token } = await guests.admit({ name: 'Ada', token: undefined });
  const pid = recoveries.newPid();
  await recoveries.remember(pid, token);
  return { clock, store, guestStore, guests, recoveries, author, token, pid, errors };
}

describe('recoveries', () => {
  it('[S6] bring back the author of the token, under the name borne last, and hold the name again', async () => {
    const { guests, recoveries, author, token, pid } = await opened();
    await guests.admit({ name: 'Ada L.', token });
    await guests.release(author.authorId);
    expect(await recoveries.restore(pid)).toMatchObject({ author: { ...author, name: 'Ada L.' } });
    expect(guests.authorOf(author.authorId)?.name).toBe('Ada L.');
    await expect(guests.admit({ name: 'ada l.', token: undefined })).rejects.toMatchObject({
      code: 'name-taken',
    });
  });

  it('[S10] keep hashes only, of secrets that nobody guesses', async () => {
    const { store, recoveries, token } = await opened();
    const seen: unknown[] = [];
    const remember = store.remember.bind(store);
    store.remember = (recovery) => {
      seen.push(recovery);
      return remember(recovery);
    };
    const pid = recoveries.newPid();
    expect(Buffer.from(pid, 'base64url')).toHaveLength(24);
    await recoveries.remember(pid, token);
    expect(JSON.stringify(seen)).not.toContain(pid);
    expect(JSON.stringify(seen)).not.toContain(token);
  });

  it('[S10] bring nobody back whose token is worth nothing any more', async () => {
    const { guestStore, recoveries, pid } = await opened();
    guestStore.take = async () => undefined;
    expect(await recoveries.restore(pid)).toBeUndefined();
  });

  it('[S10] bring nobody back whose name is another’s, or who was forgotten', async () => {
    const { guests, recoveries, author, pid, token } = await opened();
    await guests.release(author.authorId);
    const other = await guests.admit({ name: 'ada', token: undefined });
    expect(await recoveries.restore(pid)).toBeUndefined();
    await guests.release(other.author.authorId);
    await recoveries.remember(pid, token);
    expect(await recoveries.restore(pid)).toBeDefined();
    await recoveries.forget(pid);
    expect(await recoveries.restore(pid)).toBeUndefined();
  });

  it('reject where it cannot be known now, so that nobody starts afresh for that', async () => {
    const { guestStore, recoveries, pid } = await opened();
    guestStore.take = () => Promise.reject(new Error('the disk'));
    await expect(recoveries.restore(pid)).rejects.toThrow('the disk');
  });

  it('[S10] end a day after the session was last in use, and not while it is', async () => {
    const { clock, recoveries, pid } = await opened();
    const onTaken = (): void => {};
    recoveries.own(pid, onTaken);
    for (let hour = 0; hour < 50; hour++) {
      clock.now += recoveryTouchMs;
      await recoveries.sweep();
    }
    recoveries.disown(pid, onTaken);
    clock.now += recoveryMs;
    expect(await recoveries.restore(pid)).toBeDefined();
    await recoveries.sweep();
    clock.now += 1;
    expect(await recoveries.restore(pid)).toBeUndefined();
  });

  it('write seldom that sessions are in use, in pieces, and go on after a failure', async () => {
    const { clock, store, recoveries, errors } = await opened();
    const touched: number[] = [];
    store.touch = async ({ pidHashes }) => {
      touched.push(pidHashes.length);
      if (touched.length === 1) throw new Error('the disk');
    };
    for (let n = 0; n < 1_200; n++) recoveries.own(`pid ${n}`, () => {});
    await recoveries.sweep();
    expect(touched).toEqual([]);
    clock.now += recoveryTouchMs;
    await recoveries.sweep();
    expect(touched).toEqual([500]);
    expect(errors).toHaveLength(1);
    clock.now += recoveryTouchMs;
    await recoveries.sweep();
    expect(touched).toEqual([500, 500, 500, 200]);
  });

  it('[S11] tell the connection that had the session, once', async () => {
    const { recoveries, pid } = await opened();
    const told: string[] = [];
    const first = (): void => void told.push('first');
    const second = (): void => void told.push('second');
    recoveries.own(pid, first);
    recoveries.own(pid, second);
    recoveries.disown(pid, first);
    recoveries.own(pid, () => {});
    expect(told).toEqual(['first', 'second']);
  });
});
