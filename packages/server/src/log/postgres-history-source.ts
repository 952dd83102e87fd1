// The history of a room out of PostgreSQL, on a session of the download thread's own. Loaded by that thread; storage.ts names it.
import { Postgres, type PostgresSession } from '../db/postgres.ts';
import { HistoryReader } from './history-reader.ts';
import type { HistoryDatabase, HistorySession } from './history-session.ts';
import type { HistorySource } from './history-source.ts';

export async function openHistorySource({ url }: { readonly url: string }): Promise<HistorySource> {
  // A session that ends while nobody reads is opened anew by the next page.
  return new HistoryReader(new PostgresHistoryDatabase(new Postgres({ url, onError: () => {} })));
}

class PostgresHistoryDatabase implements HistoryDatabase {
  readonly #postgres: Postgres;

  constructor(postgres: Postgres) {
    this.#postgres = postgres;
  }

  async snapshot<T>(ask: (session: HistorySession) => Promise<T>): Promise<T> {
    const session = await this.#postgres.hold('read');
    try {
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const answer = await ask(numbered(session));
      await session.query('COMMIT');
      session.release();
      return answer;
    } catch (error) {
      // The transaction goes with the session.
      session.release(error instanceof Error ? error : new Error(String(error)));
      throw error;
    }
  }

  /** What PostgreSQL lets in can be read back; what fails then is the database. */
  isDamage(): boolean {
    return false;
  }

  close(): Promise<void> {
    return this.#postgres.close();
  }
}

/** `?` in turn is `$1`, `$2` …: no statement of ours has one in a text. */
export function numbered(session: PostgresSession): HistorySession {
  return {
    query: (sql, ...values) => {
      let number = 0;
      return session.query(
        sql.replaceAll('?', () => {
          number += 1;
          return `$${number}`;
        }),
        values,
      );
    },
  };
}
