// The operations module of the guests, loaded by the database thread: what sqlite-guest-store.ts calls by name on the
// main thread. Who may take which name is decided here, and the table's own unique index stands behind it.
import { type Author, type AuthorId, ChatError, nameKey } from '@wireroom/protocol';
import { sql } from 'kysely';
import { kyselyOn, runQuery } from '../db/kysely.ts';
import type { SqliteDatabase } from '../db/sqlite.ts';

/** Spelt out in the statement, so that the index of held names is taken whatever SQLite makes of a parameter. */
const HELD = sql.lit(1 as const);

export interface SqliteGuestOperations {
  create(guest: { readonly author: Author; readonly tokenHash: string }): undefined;
  take(input: { readonly tokenHash: string; readonly name: string | undefined }): Author | undefined;
  find(tokenHash: string): Author | undefined;
  release(authorId: AuthorId): undefined;
  holders(): readonly AuthorId[];
}

export function createOperations(database: SqliteDatabase): SqliteGuestOperations {
  const db = kyselyOn(database);

  /** Throws `name-taken` while somebody other than `authorId` holds a name with this key. */
  function assertFree(name_key: string, authorId: AuthorId): void {
    const holder = db
      .selectFrom('authors')
      .select('author_id')
      .where('name_key', '=', name_key)
      .where('holds_name', '=', HELD)
      .where('author_id', '!=', authorId);
    if (runQuery(database, holder).length > 0) throw new ChatError('name-taken');
  }

  return {
    create({ author, tokenHash }) {
      const { authorId, name } = author;
      const name_key = nameKey(name);
      assertFree(name_key, authorId);
      const now = Date.now();
      const row = { author_id: authorId, name, name_key, token_hash: tokenHash, holds_name: 1 } as const;
      runQuery(database, db.insertInto('authors').values({ ...row, created_at: now, seen_at: now }));
      return undefined;
    },

    take({ tokenHash, name: wanted }) {
      const byToken = db
        .selectFrom('authors')
        .select(['author_id', 'name'])
        .where('token_hash', '=', tokenHash);
      const [row] = runQuery(database, byToken);
      if (row === undefined) return undefined;
      const name = wanted ?? row.name;
      const name_key = nameKey(name);
      assertFree(name_key, row.author_id);
      const change = { name, name_key, holds_name: 1, seen_at: Date.now() } as const;
      runQuery(database, db.updateTable('authors').set(change).where('author_id', '=', row.author_id));
      return { authorId: row.author_id, name };
    },

    find(tokenHash) {
      const query = db
        .selectFrom('authors')
        .select(['author_id', 'name'])
        .where('token_hash', '=', tokenHash);
      const [row] = runQuery(database, query);
      return row && { authorId: row.author_id, name: row.name };
    },

    release(authorId) {
      const change = { holds_name: 0, seen_at: Date.now() } as const;
      runQuery(database, db.updateTable('authors').set(change).where('author_id', '=', authorId));
      return undefined;
    },

    holders() {
      const query = db
        .selectFrom('authors')
        .select('author_id')
        .where('holds_name', '=', HELD)
        .orderBy('name_key');
      return runQuery(database, query).map((row) => row.author_id);
    },
  };
}
