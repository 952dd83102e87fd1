// Presence: sockets come and go, people leave only after the grace period, once.
import { type AuthorId, authorIdSchema } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { Presence } from './presence.ts';

const ADA: AuthorId = authorIdSchema.parse('a_aaaaaaaaaaaaaaaa');
const BO: AuthorId = authorIdSchema.parse('a_bbbbbbbbbbbbbbbb');

function setUp() {
  const gone: AuthorId[] = [];
  const timers = new Set<{ readonly run: () => void; readonly ms: number }>();
  const errors: unknown[] = [];
  const disk = { isFull: false };
  const presence = new Presence({
    graceMs: 60_000,
    onGone: async (authorId) => {
      if (disk.isFull) throw new Error('the disk is full');
      gone.push(authorId);
    },
    onError: (error) => errors.push(error),
    timers: {
      set: (run, ms) => {
        const timer = { run, ms };
        timers.add(timer);
        return timer;
      },
      clear: (timer) => {
        for (const known of timers) if (known === timer) timers.delete(known);
      },
    },
  });
  const elapse = (): void => {
    for (const timer of [...timers]) {
      timers.delete(timer);
      timer.run();
    }
  };
  return { presence, gone, timers, elapse, errors, disk };
}

describe('presence', () => {
  it('somebody has left once the grace period after their last socket is over', () => {
    const { presence, gone, timers, elapse } = setUp();
    presence.arrive(ADA);
    presence.arrive(ADA);
    presence.depart(ADA);
    expect(timers.size).toBe(0);
    presence.depart(ADA);
    expect([...timers].map(({ ms }) => ms)).toEqual([60_000]);
    expect(gone).toEqual([]);
    elapse();
    elapse();
    expect(gone).toEqual([ADA]);
  });

  it('coming back within it tells nobody', () => {
    const { presence, gone, elapse } = setUp();
    presence.arrive(ADA);
    presence.depart(ADA);
    presence.arrive(ADA);
    elapse();
    expect(gone).toEqual([]);
    expect(presence.isHere(ADA)).toBe(true);
  });

  it('whoever says goodbye has left at once, unless another of their sockets is here', async () => {
    const { presence, gone, timers } = setUp();
    presence.arrive(ADA);
    await presence.dismiss(ADA);
    expect(gone).toEqual([]);
    presence.depart(ADA);
    await presence.dismiss(ADA);
    expect(gone).toEqual([ADA]);
    expect(timers.size).toBe(0);
  });

  it('a leave that could not be written is tried again until it is, unless they come back', async () => {
    const { presence, gone, timers, elapse, errors, disk } = setUp();
    for (const author of [ADA, BO]) {
      presence.arrive(author);
      presence.depart(author);
    }
    disk.isFull = true;
    for (let i = 0; i < 3; i += 1) {
      elapse();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([errors.length, gone, timers.size]).toEqual([6, [], 2]);
    presence.arrive(BO);
    disk.isFull = false;
    elapse();
    expect(gone).toEqual([ADA]);
  });

  it('after a crash those who were here get the same grace; stopping forgets it', () => {
    const { presence, gone, timers, elapse } = setUp();
    presence.expect(ADA);
    presence.expect(ADA);
    presence.expect(BO);
    presence.arrive(BO);
    elapse();
    expect(gone).toEqual([ADA]);
    presence.depart(BO);
    presence.stop();
    expect(timers.size).toBe(0);
  });
});
