// The guests on PostgreSQL, which several servers may share: beside who bears which name it keeps which living server has
// whom. Writes ride in batches of their own, in the order in which they were asked for; they do not wait for the log's.
import { randomBytes } from 'node:crypto';
import { type Author, type AuthorId, ChatError, nameKey } from '@wireroom/protocol';
import type { Postgres, PostgresSession } from '../db/postgres.ts';
import { outcomeOf, PostgresLane } from '../db/postgres-lane.ts';
import { textOf } from '../db/row.ts';
import type { Call, Outcome } from '../db/thread-port.ts';
import type { GuestStore } from './guest-store.ts';

/** A server that has not said so for this long is dead, and whom it had is nobody's. In seconds, by the database's clock. */
const ALIVE_S = 30;
/** Its row is kept this long: it may only have been asleep. */
const NODE_KEPT_HOURS = 24;

/** Does a living server other than $2 have author $1? */
const IS_ELSEWHERE = `EXISTS (
  SELECT 1 FROM held_authors h JOIN nodes n ON n.node_id = h.node_id
  WHERE h.author_id = $1 AND h.node_id <> $2 AND n.seen_at > now() - interval '${ALIVE_S} seconds')`;

type Guest = { readonly author: Author; readonly tokenHash: string };
type Write =
  | { readonly type: 'create'; readonly guest: Guest }
  | { readonly type: 'take'; readonly tokenHash: string; readonly name: string | undefined }
  | { readonly type: 'letGo' | 'release'; readonly authorId: AuthorId }
  | { readonly type: 'beat' };

export class PostgresGuestStore implements GuestStore {
  readonly #database: Postgres;
  readonly #lane: PostgresLane;
  readonly #nodeId = `n_${randomBytes(16).toString('base64url')}`;

  private constructor(database: Postgres) {
    this.#database = database;
    this.#lane = new PostgresLane({ database, perform: (session, calls) => this.#perform(session, calls) });
  }

  /** This server is alive from here on, as long as it beats. */
  static async open(database: Postgres): Promise<PostgresGuestStore> {
    const store = new PostgresGuestStore(database);
    await store.beat();
    return store;
  }

  /** Says that this server lives: to be called several times in `ALIVE_S`. */
  async beat(): Promise<void> {
    await this.#write({ type: 'beat' });
  }

  async create(guest: Guest): Promise<void> {
    await this.#write({ type: 'create', guest });
  }

  async take(tokenHash: string, name: string | undefined): Promise<Author | undefined> {
    return (await this.#write({ type: 'take', tokenHash, name })) as Author | undefined;
  }

  async letGo(authorId: AuthorId): Promise<boolean> {
    return (await this.#write({ type: 'letGo', authorId })) === true;
  }

  async release(authorId: AuthorId): Promise<void> {
    await this.#write({ type: 'release', authorId });
  }

  async find(tokenHash: string): Promise<Author | undefined> {
    const [row] = await this.#database.read('SELECT author_id, name FROM authors WHERE token_hash = $1', [
      tokenHash,
    ]);
    return row && authorFrom(row);
  }

  async holders(): Promise<readonly AuthorId[]> {
    const rows = await this.#database.read(
      `SELECT a.author_id FROM authors a WHERE a.holds_name = 1 AND NOT EXISTS (
         SELECT 1 FROM held_authors h JOIN nodes n ON n.node_id = h.node_id
         WHERE h.author_id = a.author_id AND h.node_id <> $1 AND n.seen_at > now() - interval '${ALIVE_S} seconds')
       ORDER BY a.name_key`,
      [this.#nodeId],
    );
    return rows.map((row) => textOf(row, 'author_id') as AuthorId);
  }

  /** Writes what waits. The database is its owner's to close. */
  close(): Promise<void> {
    return this.#lane.close();
  }

  #write(write: Write): Promise<unknown> {
    return this.#lane.submit(write.type, write);
  }

  /** One after the other: they are few, and each is a statement or two. */
  async #perform(session: PostgresSession, calls: readonly Call[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const { input } of calls) {
      const done = await this.#do(session, input as Write);
      outcomes.push(outcomeOf(() => (done instanceof ChatError ? raise(done) : done)));
    }
    return outcomes;
  }

  /** Returns a refusal instead of throwing it: what is thrown is the database's, and fails the batch. */
  async #do(session: PostgresSession, write: Write): Promise<unknown> {
    switch (write.type) {
      case 'beat':
        await session.query(
          `INSERT INTO nodes (node_id, seen_at) VALUES ($1, now()) ON CONFLICT (node_id) DO UPDATE SET seen_at = now()`,
          [this.#nodeId],
        );
        await session.query(`DELETE FROM nodes WHERE seen_at < now() - interval '${NODE_KEPT_HOURS} hours'`);
        return undefined;
      case 'create':
        return this.#create(session, write.guest);
      case 'take':
        return this.#take(session, write.tokenHash, write.name);
      case 'letGo':
        return this.#letGo(session, write.authorId);
      case 'release':
        await this.#letGo(session, write.authorId);
        await session.query(
          `UPDATE authors SET holds_name = 0, seen_at = $3 WHERE author_id = $1 AND NOT ${IS_ELSEWHERE}`,
          [write.authorId, this.#nodeId, Date.now()],
        );
        return undefined;
    }
  }

  async #create(session: PostgresSession, { author, tokenHash }: Guest): Promise<ChatError | undefined> {
    const { authorId, name } = author;
    const made = await session.query(
      `WITH made AS (
         INSERT INTO authors (author_id, name, name_key, token_hash, holds_name, created_at, seen_at)
         VALUES ($1, $2, $3, $4, 1, $5, $5) ON CONFLICT DO NOTHING RETURNING author_id
       )
       INSERT INTO held_authors (author_id, node_id) SELECT author_id, $6 FROM made RETURNING author_id`,
      [authorId, name, nameKey(name), tokenHash, Date.now(), this.#nodeId],
    );
    return made.length === 0 ? new ChatError('name-taken') : undefined;
  }

  async #take(
    session: PostgresSession,
    tokenHash: string,
    wanted: string | undefined,
  ): Promise<Author | ChatError | undefined> {
    const [row] = await session.query(
      'SELECT author_id, name FROM authors WHERE token_hash = $1 FOR UPDATE',
      [tokenHash],
    );
    if (row === undefined) return undefined;
    const { authorId, name: before } = authorFrom(row);
    const name = wanted ?? before;
    const key = nameKey(name);
    const [found] = await session.query(
      `SELECT ${IS_ELSEWHERE} AS "isElsewhere", EXISTS (
         SELECT 1 FROM authors WHERE name_key = $3 AND holds_name = 1 AND author_id <> $1) AS "isTaken"`,
      [authorId, this.#nodeId, key],
    );
    if (name !== before && found?.isElsewhere === true) return new ChatError('name-differs');
    if (found?.isTaken === true) return new ChatError('name-taken');
    // Should another server give the name away at this moment, the index of held names refuses, and the batch runs again.
    await session.query(
      'UPDATE authors SET name = $2, name_key = $3, holds_name = 1, seen_at = $4 WHERE author_id = $1',
      [authorId, name, key, Date.now()],
    );
    await session.query(
      'INSERT INTO held_authors (author_id, node_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
      [authorId, this.#nodeId],
    );
    return { authorId, name };
  }

  /** The author's row is locked, so that of two servers that let go at once the second one knows that it is the last. */
  async #letGo(session: PostgresSession, authorId: AuthorId): Promise<boolean> {
    await session.query('SELECT 1 FROM authors WHERE author_id = $1 FOR UPDATE', [authorId]);
    await session.query('DELETE FROM held_authors WHERE author_id = $1 AND node_id = $2', [
      authorId,
      this.#nodeId,
    ]);
    const [row] = await session.query(`SELECT ${IS_ELSEWHERE} AS "isElsewhere"`, [authorId, this.#nodeId]);
    return row?.isElsewhere !== true;
  }
}

function authorFrom(row: Readonly<Record<string, unknown>>): Author {
  return { authorId: textOf(row, 'author_id') as AuthorId, name: textOf(row, 'name') };
}

function raise(error: ChatError): never {
  throw error;
}
