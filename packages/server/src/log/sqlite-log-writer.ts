// What changes the log, in the database thread, inside the transaction of its batch. Every entry of every type is made
// in `#append`, the one place that assigns seq. Nobody is told before the batch is committed (db/sqlite-executor.ts).
import { randomBytes } from 'node:crypto';
import {
  type Author,
  type AuthorId,
  ChatError,
  type Entry,
  type Epoch,
  epochSchema,
  type Room,
  type RoomId,
  roomIdSchema,
} from '@wireroom/protocol';
import type { Kysely } from 'kysely';
import { kyselyOn, runQuery } from '../db/kysely.ts';
import { integerOf, textOf } from '../db/row.ts';
import type { Schema } from '../db/schema.ts';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';
import { ENTRY_COLUMNS, entryFromRow, type NewEntry, payloadOf, stampedEntry } from './entry-row.ts';
import type { Appended, Draft, MembershipChange } from './log.ts';
import type { RoomRow, RoomRows } from './room-rows.ts';

export class SqliteLogWriter {
  readonly #database: SqliteDatabase;
  readonly #db: Kysely<Schema>;
  readonly #rooms: RoomRows;
  readonly #entryOfDraft: Statement;
  readonly #memberName: Statement;
  readonly #advanceHead: Statement;
  readonly #insertEntry: Statement;

  constructor(database: SqliteDatabase, rooms: RoomRows) {
    this.#database = database;
    this.#db = kyselyOn(database);
    this.#rooms = rooms;
    this.#entryOfDraft = database.prepare(
      `SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND author_id = ? AND draft_id = ?`,
    );
    this.#memberName = database.prepare('SELECT name FROM members WHERE room = ? AND author_id = ?');
    this.#advanceHead = database.prepare(
      'UPDATE rooms SET head = head + 1, head_at = max(head_at, ?) WHERE id = ? RETURNING head, head_at',
    );
    this.#insertEntry = database.prepare(
      'INSERT INTO entries (room, seq, at, type, author_id, name, draft_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
  }

  post({ roomId, author, draftId, text }: Draft): Appended {
    const room = this.#rooms.find(roomId);
    // Before the right to write is looked at: a retry gets its answer also after its author has left (rule L3).
    const stored = this.#entryOfDraft.get(room.id, author.authorId, draftId);
    if (stored !== undefined) {
      const entry = entryFromRow(room, stored);
      if (entry.type !== 'message' || entry.text !== text) throw new ChatError('draft-conflict');
      return { entry, isRepeat: true };
    }
    if (this.#nameInRoom(room, author.authorId) === undefined) throw new ChatError('not-joined');
    const entry = this.#append(room, { type: 'message', author, draftId, text });
    if (entry.type !== 'message') throw new TypeError('A message was stored as something else');
    return { entry, isRepeat: false };
  }

  join(roomId: RoomId, author: Author): MembershipChange {
    const room = this.#rooms.find(roomId);
    const nameBefore = this.#nameInRoom(room, author.authorId);
    const entries: Entry[] = [];
    if (nameBefore !== author.name) {
      if (nameBefore !== undefined) entries.push(this.#leave(room, author.authorId, nameBefore));
      const joined = this.#append(room, { type: 'join', author });
      entries.push(joined);
      runQuery(
        this.#database,
        this.#db.insertInto('members').values({
          room: room.id,
          author_id: author.authorId,
          name: author.name,
          joined_seq: joined.seq,
        }),
      );
    }
    return { entries, position: this.#rooms.position(roomId) };
  }

  leave(roomId: RoomId, authorId: AuthorId): MembershipChange {
    const room = this.#rooms.find(roomId);
    const name = this.#nameInRoom(room, authorId);
    const entries = name === undefined ? [] : [this.#leave(room, authorId, name)];
    return { entries, position: this.#rooms.position(roomId) };
  }

  ensureRoom({ slug, title }: { readonly slug: string; readonly title: string }): Room {
    const room = {
      room_id: roomIdSchema.parse(`r_${randomBytes(16).toString('base64url')}`),
      slug,
      title,
      epoch: newEpoch(),
      created_at: Date.now(),
    };
    runQuery(
      this.#database,
      this.#db
        .insertInto('rooms')
        .values(room)
        .onConflict((conflict) => conflict.column('slug').doNothing()),
    );
    const [row] = runQuery(
      this.#database,
      this.#db.selectFrom('rooms').select(['room_id', 'slug', 'title']).where('slug', '=', slug),
    );
    if (row === undefined) throw new Error(`Room ${slug} is neither there nor can it be made`);
    return { roomId: row.room_id, slug: row.slug, title: row.title };
  }

  /**
   * The only place that assigns seq (rule L1). The number and the entry are written in one transaction with everything
   * else that the operation writes: either all of it is committed or none, so the numbers have no gap.
   */
  #append(room: RoomRow, fresh: NewEntry): Entry {
    const head = this.#advanceHead.get(Date.now(), room.id);
    if (head === undefined) throw new Error(`Room ${room.roomId} has vanished inside a transaction`);
    const stamp = { seq: integerOf(head, 'head'), atMs: integerOf(head, 'head_at') };
    const { type, author } = fresh;
    const draftId = type === 'message' ? fresh.draftId : null;
    const values = [stamp.seq, stamp.atMs, type, author.authorId, author.name, draftId, payloadOf(fresh)];
    this.#insertEntry.run(room.id, ...values);
    return stampedEntry(room, stamp, fresh);
  }

  #leave(room: RoomRow, authorId: AuthorId, name: string): Entry {
    runQuery(
      this.#database,
      this.#db.deleteFrom('members').where('room', '=', room.id).where('author_id', '=', authorId),
    );
    return this.#append(room, { type: 'leave', author: { authorId, name } });
  }

  #nameInRoom(room: RoomRow, authorId: AuthorId): string | undefined {
    const row = this.#memberName.get(room.id, authorId);
    return row === undefined ? undefined : textOf(row, 'name');
  }
}

function newEpoch(): Epoch {
  return epochSchema.parse(randomBytes(16).toString('base64url'));
}
