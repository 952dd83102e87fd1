// What every adapter of the store of recoveries must do. Run over memory and SQLite.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecoveryStore } from './recovery-store.ts';

export interface OpenRecoveryStore {
  readonly store: RecoveryStore;
  close(): Promise<void>;
}

export function registerRecoveryStoreContract(name: string, open: () => Promise<OpenRecoveryStore>): void {
  describe(`the store of recoveries: ${name}`, () => {
    let opened: OpenRecoveryStore;
    let store: RecoveryStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    const remember = (pidHash: string, tokenHash: string, seenAt: number, expiredBefore = 0) =>
      store.remember({ pidHash, tokenHash, seenAt, expiredBefore, keepMax: 3 });
    const find = (pidHash: string, seenSince = 0) => store.find({ pidHash, seenSince });

    it('finds the token of a session, and nothing of another', async () => {
      await remember('pid', 'token', 100);
      expect(await find('pid')).toBe('token');
      expect(await find('PID')).toBeUndefined();
      expect(await find('token')).toBeUndefined();
    });

    it('does not find a session that was not in use for too long', async () => {
      await remember('pid', 'token', 100);
      expect(await find('pid', 100)).toBe('token');
      expect(await find('pid', 101)).toBeUndefined();
      await store.touch({ pidHashes: ['pid', 'unknown'], seenAt: 200 });
      expect(await find('pid', 200)).toBe('token');
      expect(await find('unknown')).toBeUndefined();
    });

    it('takes the new token of a session that logs in again', async () => {
      await remember('pid', 'token', 100);
      await remember('pid', 'another', 200);
      expect(await find('pid', 200)).toBe('another');
    });

    it('forgets, also what it never knew', async () => {
      await remember('pid', 'token', 100);
      await store.forget('pid');
      await store.forget('pid');
      expect(await find('pid')).toBeUndefined();
    });

    it('keeps the newest sessions of one token, and those of others', async () => {
      await remember('other', 'other token', 1);
      for (const n of [2, 3, 4, 5]) await remember(`pid ${n}`, 'token', n);
      expect(await Promise.all([2, 3, 4, 5].map((n) => find(`pid ${n}`)))).toEqual([
        undefined,
        'token',
        'token',
        'token',
      ]);
      expect(await find('other')).toBe('other token');
    });

    it('clears away what has expired when something new comes', async () => {
      for (let n = 0; n < 30; n++) await remember(`old ${n}`, `token ${n}`, n);
      await remember('new', 'token', 1_000, 500);
      await remember('newer', 'token', 1_001, 500);
      const left = await Promise.all(Array.from({ length: 30 }, (_, n) => find(`old ${n}`)));
      expect(left).toEqual(left.map(() => undefined));
      expect(await find('new', 500)).toBe('token');
    });
  });
}
