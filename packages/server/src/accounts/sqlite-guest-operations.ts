// The operations module of the guests, loaded by the database thread: what sqlite-guest-store.ts calls by name on the
// main thread. Who may take which name is decided here, and the table's own unique index stands behind it.
import { type Author, type AuthorId, ChatError, nameKey } from '@wireroom/protocol';
import { sql } from 'kysely';
import { kyselyOn, runQuery } from '../db/kysely.ts';
import { integerOf, textOf } from '../db/row.ts';
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

  // Prepared once: a thousand who come back in the same moment run these a thousand times, and posts wait for them.
  const holderOf = database.prepare(
    'SELECT author_id FROM authors WHERE name_key = ? AND holds_name = 1 AND author_id <> ?',
  );
  const guestOf = database.prepare('SELECT author_id, name, holds_name FROM authors WHERE token_hash = ?');
  const hold = database.prepare(
    'UPDATE authors SET name = ?, name_key = ?, holds_name = 1, seen_at = ? WHERE author_id = ?',
  );

  /** Throws `name-taken` while somebody other than `authorId` holds a name with this key. */
  function assertFree(key: string, authorId: AuthorId): void {
    if (holderOf.get(key, authorId) !== undefined) throw new ChatError('name-taken');
  }

  function byToken(tokenHash: string): { readonly author: Author; readonly holdsName: boolean } | undefined {
    const row = guestOf.get(tokenHash);
    if (row === undefined) return undefined;
    // The id was checked when it was made, and the table is ours.
    const author = { authorId: textOf(row, 'author_id') as AuthorId, name: textOf(row, 'name') };
    return { author, holdsName: integerOf(row, 'holds_name') === 1 };
  }

  return {
    create({ author, tokenHash }) {
      const { authorId, name } = author;
      const name_key = nameKey(name);
      assertFree(name_key, authorId);
      if (byToken(tokenHash) !== undefined) throw new ChatError('name-taken');
      const now = Date.now();
      const row = { author_id: authorId, name, name_key, token_hash: tokenHash, holds_name: 1 } as const;
      runQuery(database, db.insertInto('authors').values({ ...row, created_at: now, seen_at: now }));
      return undefined;
    },

    take({ tokenHash, name: wanted }) {
      const guest = byToken(tokenHash);
      if (guest === undefined) return undefined;
      const { authorId, name: before } = guest.author;
      const name = wanted ?? before;
      // They were not gone for long: nothing is to be written, and a thousand who come back keep the disk to those who post.
      if (guest.holdsName && name === before) return guest.author;
      const key = nameKey(name);
      assertFree(key, authorId);
      hold.run(name, key, Date.now(), authorId);
      return { authorId, name };
    },

    find(tokenHash) {
      return byToken(tokenHash)?.author;
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
