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
import type { Schema } from '../db/schema.ts';
import type { Statement } from '../db/sqlite.ts';
import type { WatchedDatabase } from '../db/watched-database.ts';
import { isSameDraft } from './draft-match.ts';
import {
  draftedFromRow,
  ENTRY_COLUMNS,
  type NewEntry,
  payloadOf,
  type Stamp,
  stampedEntry,
} from './entry-row.ts';
import type { Appended, Draft, MembershipChange } from './log.ts';
import { assertNext, type ImportedEntry } from './room-import.ts';
import { RoomMemory } from './room-memory.ts';
import type { RoomRow, RoomRows } from './room-rows.ts';
import { SqliteLogChanges } from './sqlite-log-changes.ts';

/** What is new about a message that was stored: the caller has the rest of its entry. */
export interface Stored {
  readonly epoch: Epoch;
  readonly stamp: Stamp;
}

export class SqliteLogWriter {
  readonly #database: WatchedDatabase;
  readonly #db: Kysely<Schema>;
  readonly #rooms: RoomMemory;
  readonly #entryOfDraft: Statement;
  readonly #insertEntry: Statement;
  readonly #insertMember: Statement;
  readonly #deleteMember: Statement;
  readonly #changes: SqliteLogChanges;

  constructor(database: WatchedDatabase, rows: RoomRows) {
    this.#database = database;
    this.#db = kyselyOn(database);
    this.#rooms = new RoomMemory(database, rows);
    this.#entryOfDraft = database.prepare(
      `SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND draft_id = ? AND author_id = ?`,
    );
    // One look at the index tells whether the draft was stored before, and stores it if not.
    this.#insertEntry = database.prepare(
      'INSERT INTO entries (room, seq, at, type, author_id, name, draft_id, payload) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ' +
        'ON CONFLICT (room, author_id, draft_id) WHERE draft_id IS NOT NULL DO NOTHING',
    );
    this.#insertMember = database.prepare(
      'INSERT INTO members (room, author_id, name, joined_seq) VALUES (?, ?, ?, ?)',
    );
    this.#deleteMember = database.prepare('DELETE FROM members WHERE room = ? AND author_id = ?');
    this.#changes = new SqliteLogChanges(database);
  }

  post({ roomId, author, draftId, content }: Draft): Appended | Stored {
    const room = this.#rooms.find(roomId);
    const isMember = this.#rooms.nameOf(room, author.authorId) !== undefined;
    if (isMember && content.type === 'message') {
      const stamp = this.#append(room, { author, draftId, ...content });
      if (stamp !== undefined) return { epoch: room.epoch, stamp };
    }
    // Before the right to write is looked at: a retry gets its answer also after its author has left (rule L3).
    const stored = this.#entryOfDraft.get(room.id, draftId, author.authorId);
    if (stored !== undefined) {
      const entry = draftedFromRow(room, stored);
      if (!isSameDraft(entry, content)) throw new ChatError('draft-conflict');
      return { entry, isRepeat: true };
    }
    if (!isMember) throw new ChatError('not-joined');
    const already = this.#changes.admit(room, author, content);
    if (already !== undefined) return { entry: already, isRepeat: true };
    const fresh = { author, draftId, ...content };
    const entry = stampedEntry(room, this.#appendNew(room, fresh), fresh);
    this.#changes.apply(room, entry);
    return { entry, isRepeat: false };
  }

  /** An entry from elsewhere, as it was there. Throws a ChatError where it cannot be after those before it. */
  take(room: RoomRow, { seq, atMs, ...fresh }: ImportedEntry): void {
    assertNext(seq, room.head);
    if (!('draftId' in fresh)) {
      this.#appendNew(room, fresh, atMs);
      return;
    }
    const isMessage = fresh.type === 'message';
    const already = isMessage ? undefined : this.#changes.admit(room, fresh.author, fresh);
    const stamp = already === undefined ? this.#append(room, fresh, atMs) : undefined;
    if (stamp === undefined) throw new ChatError('draft-conflict');
    if (!isMessage) this.#changes.apply(room, stampedEntry(room, stamp, fresh));
  }

  join(roomId: RoomId, author: Author): MembershipChange {
    return this.#join(this.#rooms.find(roomId), author);
  }

  joinAll(roomIds: readonly RoomId[], author: Author): readonly (MembershipChange | undefined)[] {
    return roomIds.map((roomId) => {
      const room = this.#rooms.look(roomId);
      return room && this.#join(room, author);
    });
  }

  leave(roomId: RoomId, authorId: AuthorId): MembershipChange {
    const room = this.#rooms.find(roomId);
    const name = this.#rooms.nameOf(room, authorId);
    return changeOf(room, name === undefined ? [] : [this.#leave(room, authorId, name)]);
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
      this.#db.selectFrom('rooms').select(['room_id', 'slug', 'title', 'topic']).where('slug', '=', slug),
    );
    if (row === undefined) throw new Error(`Room ${slug} is neither there nor can it be made`);
    return { roomId: row.room_id, slug: row.slug, title: row.title, topic: row.topic };
  }

  /**
   * The only place that assigns seq (rule L1). The number and the entry are written in one transaction with everything
   * else that the operation writes: either all of it is committed or none, so the numbers have no gap. `undefined`: the
   * draft was stored before, and nothing was written.
   */
  #append(room: RoomRow, fresh: NewEntry, nowMs = Date.now()): Stamp | undefined {
    const stamp = { seq: room.head + 1, atMs: Math.max(room.headAtMs, nowMs) };
    const { type, author } = fresh;
    const draftId = 'draftId' in fresh ? fresh.draftId : null;
    const { authorId, name } = author;
    const payload = payloadOf(fresh);
    const { seq, atMs } = stamp;
    const { changes } = this.#insertEntry.run(room.id, seq, atMs, type, authorId, name, draftId, payload);
    if (changes === 0) return undefined;
    this.#rooms.advance(room, stamp);
    return stamp;
  }

  /** Of what was not stored before: it was looked for, or is no draft. */
  #appendNew(room: RoomRow, fresh: NewEntry, nowMs?: number): Stamp {
    const stamp = this.#append(room, fresh, nowMs);
    if (stamp === undefined) throw new Error(`A draft in ${room.roomId} was stored behind the writer's back`);
    return stamp;
  }

  #join(room: RoomRow, author: Author): MembershipChange {
    const nameBefore = this.#rooms.nameOf(room, author.authorId);
    if (nameBefore === author.name) return changeOf(room, []);
    const left = nameBefore === undefined ? [] : [this.#leave(room, author.authorId, nameBefore)];
    const fresh = { type: 'join', author } as const;
    const joined = stampedEntry(room, this.#appendNew(room, fresh), fresh);
    this.#insertMember.run(room.id, author.authorId, author.name, joined.seq);
    return changeOf(room, [...left, joined]);
  }

  #leave(room: RoomRow, authorId: AuthorId, name: string): Entry {
    this.#deleteMember.run(room.id, authorId);
    this.#rooms.forgetName(room, authorId);
    const fresh = { type: 'leave', author: { authorId, name } } as const;
    return stampedEntry(room, this.#appendNew(room, fresh), fresh);
  }
}

function changeOf({ epoch, head }: RoomRow, entries: readonly Entry[]): MembershipChange {
  return { entries, position: { epoch, seq: head } };
}

function newEpoch(): Epoch {
  return epochSchema.parse(randomBytes(16).toString('base64url'));
}
