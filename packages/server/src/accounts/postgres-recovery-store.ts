// The sessions that may come back, on PostgreSQL, which several servers may share. Writes ride in batches of their own.
import type { Postgres, PostgresSession } from '../db/postgres.ts';
import { outcomeOf, PostgresLane } from '../db/postgres-lane.ts';
import { textOf } from '../db/row.ts';
import type { Call, Outcome } from '../db/thread-port.ts';
import type { Recovery, RecoveryStore, RememberOptions } from './recovery-store.ts';

/** Expired sessions that one `remember` clears away: more than it adds, so that they never pile up. */
const CLEARED_MAX = 20;

type Touch = { readonly pidHashes: readonly string[]; readonly seenAt: number };
type Write =
  | { readonly type: 'remember'; readonly recovery: Recovery & RememberOptions }
  | { readonly type: 'touch'; readonly sessions: Touch }
  | { readonly type: 'forget'; readonly pidHash: string };

export class PostgresRecoveryStore implements RecoveryStore {
  readonly #database: Postgres;
  readonly #lane: PostgresLane;

  constructor(database: Postgres) {
    this.#database = database;
    this.#lane = new PostgresLane({ database, perform: (session, calls) => perform(session, calls) });
  }

  async remember(recovery: Recovery & RememberOptions): Promise<void> {
    await this.#write({ type: 'remember', recovery });
  }

  async find(wanted: { readonly pidHash: string; readonly seenSince: number }): Promise<string | undefined> {
    const [row] = await this.#database.read(
      'SELECT token_hash FROM recoveries WHERE pid_hash = $1 AND seen_at >= $2',
      [wanted.pidHash, wanted.seenSince],
    );
    return row && textOf(row, 'token_hash');
  }

  async touch(sessions: Touch): Promise<void> {
    await this.#write({ type: 'touch', sessions });
  }

  async forget(pidHash: string): Promise<void> {
    await this.#write({ type: 'forget', pidHash });
  }

  /** Writes what waits. The database is its owner's to close. */
  close(): Promise<void> {
    return this.#lane.close();
  }

  #write(write: Write): Promise<unknown> {
    return this.#lane.submit(write.type, write);
  }
}

async function perform(session: PostgresSession, calls: readonly Call[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { input } of calls) {
    await write(session, input as Write);
    outcomes.push(outcomeOf(() => undefined));
  }
  return outcomes;
}

async function write(session: PostgresSession, asked: Write): Promise<void> {
  switch (asked.type) {
    case 'remember':
      return remember(session, asked.recovery);
    case 'touch': {
      const { pidHashes, seenAt } = asked.sessions;
      await session.query('UPDATE recoveries SET seen_at = $2 WHERE pid_hash = ANY($1::text[])', [
        pidHashes,
        seenAt,
      ]);
      return;
    }
    case 'forget':
      await session.query('DELETE FROM recoveries WHERE pid_hash = $1', [asked.pidHash]);
  }
}

async function remember(session: PostgresSession, recovery: Recovery & RememberOptions): Promise<void> {
  const { pidHash, tokenHash, seenAt, expiredBefore, keepMax } = recovery;
  await session.query(
    `INSERT INTO recoveries (pid_hash, token_hash, seen_at) VALUES ($1, $2, $3)
     ON CONFLICT (pid_hash) DO UPDATE SET token_hash = excluded.token_hash, seen_at = excluded.seen_at`,
    [pidHash, tokenHash, seenAt],
  );
  await session.query(
    `DELETE FROM recoveries WHERE pid_hash IN (
       (SELECT pid_hash FROM recoveries WHERE token_hash = $1 ORDER BY seen_at DESC OFFSET $2)
       UNION ALL (SELECT pid_hash FROM recoveries WHERE seen_at < $3 LIMIT $4))`,
    [tokenHash, keepMax, expiredBefore, CLEARED_MAX],
  );
}
