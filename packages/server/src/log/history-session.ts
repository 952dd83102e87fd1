// How the history reader asks a database: the same statements for SQLite and PostgreSQL, with `?` for each value in turn.
import type { Row, SqlValue } from '../db/sqlite.ts';

export interface HistorySession {
  query(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
}

export interface HistoryDatabase {
  /** All that `ask` reads is one snapshot. Reads only. */
  snapshot<T>(ask: (session: HistorySession) => Promise<T>): Promise<T>;
  /** Is it one record that cannot be read, and not the database as a whole? */
  isDamage(error: unknown): boolean;
  /**
   * Expressions for the name and the payload as bytes, where a text may hold what is no UTF-8; undefined where the database
   * lets none in.
   */
  readonly bytesOf?: (column: string) => string;
  close(): Promise<void>;
}
