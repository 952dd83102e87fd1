// The operations module of the sessions that may come back, loaded by the database thread: what sqlite-recovery-store.ts calls
// by name on the main thread.
import { kyselyOn, runQuery } from '../db/kysely.ts';
import type { SqliteDatabase } from '../db/sqlite.ts';
import type { Recovery, RememberOptions } from './recovery-store.ts';

/** Expired sessions that one `remember` clears away: more than it adds, so that they never pile up. */
const CLEARED_MAX = 20;

export interface SqliteRecoveryOperations {
  remember(recovery: Recovery & RememberOptions): undefined;
  find(wanted: { readonly pidHash: string; readonly seenSince: number }): string | undefined;
  touch(sessions: { readonly pidHashes: readonly string[]; readonly seenAt: number }): undefined;
  forget(pidHash: string): undefined;
}

export function createOperations(database: SqliteDatabase): SqliteRecoveryOperations {
  const db = kyselyOn(database);

  return {
    remember({ pidHash, tokenHash, seenAt, expiredBefore, keepMax }) {
      const row = { pid_hash: pidHash, token_hash: tokenHash, seen_at: seenAt };
      const insert = db
        .insertInto('recoveries')
        .values(row)
        .onConflict((conflict) =>
          conflict.column('pid_hash').doUpdateSet({ token_hash: tokenHash, seen_at: seenAt }),
        );
      runQuery(database, insert);
      const older = db
        .selectFrom('recoveries')
        .select('pid_hash')
        .where('token_hash', '=', tokenHash)
        .orderBy('seen_at', 'desc')
        .limit(-1)
        .offset(keepMax);
      const expired = db
        .selectFrom('recoveries')
        .select('pid_hash')
        .where('seen_at', '<', expiredBefore)
        .limit(CLEARED_MAX);
      for (const { pid_hash } of [...runQuery(database, older), ...runQuery(database, expired)])
        runQuery(database, db.deleteFrom('recoveries').where('pid_hash', '=', pid_hash));
      return undefined;
    },

    find({ pidHash, seenSince }) {
      const query = db
        .selectFrom('recoveries')
        .select('token_hash')
        .where('pid_hash', '=', pidHash)
        .where('seen_at', '>=', seenSince);
      return runQuery(database, query)[0]?.token_hash;
    },

    touch({ pidHashes, seenAt }) {
      for (const pidHash of pidHashes) {
        const update = db.updateTable('recoveries').set({ seen_at: seenAt }).where('pid_hash', '=', pidHash);
        runQuery(database, update);
      }
      return undefined;
    },

    forget(pidHash) {
      runQuery(database, db.deleteFrom('recoveries').where('pid_hash', '=', pidHash));
      return undefined;
    },
  };
}
