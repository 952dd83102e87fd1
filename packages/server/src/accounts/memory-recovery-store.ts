// The sessions that may come back, in memory, for tests of whatever stands on the store. The server never uses it.
import type { Recovery, RecoveryStore, RememberOptions } from './recovery-store.ts';

export class MemoryRecoveryStore implements RecoveryStore {
  readonly #sessions = new Map<string, { tokenHash: string; seenAt: number }>();

  async remember({ pidHash, tokenHash, ...options }: Recovery & RememberOptions): Promise<void> {
    this.#sessions.set(pidHash, { tokenHash, seenAt: options.seenAt });
    for (const [hash, { seenAt }] of this.#sessions)
      if (seenAt < options.expiredBefore) this.#sessions.delete(hash);
    const ofToken = [...this.#sessions].filter(([, session]) => session.tokenHash === tokenHash);
    const newestFirst = ofToken.sort(([, a], [, b]) => b.seenAt - a.seenAt);
    for (const [hash] of newestFirst.slice(options.keepMax)) this.#sessions.delete(hash);
  }

  async find(wanted: { readonly pidHash: string; readonly seenSince: number }): Promise<string | undefined> {
    const session = this.#sessions.get(wanted.pidHash);
    return session !== undefined && session.seenAt >= wanted.seenSince ? session.tokenHash : undefined;
  }

  async touch(sessions: { readonly pidHashes: readonly string[]; readonly seenAt: number }): Promise<void> {
    for (const pidHash of sessions.pidHashes) {
      const session = this.#sessions.get(pidHash);
      if (session !== undefined) session.seenAt = sessions.seenAt;
    }
  }

  async forget(pidHash: string): Promise<void> {
    this.#sessions.delete(pidHash);
  }
}
