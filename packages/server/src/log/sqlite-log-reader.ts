// What reads the log, in the database thread, inside the snapshot of its batch. It pages by key, so that a page at the
// far end of a long history costs what the newest one costs, and stops early at the bound of bytes.
import type { Author, AuthorId, Entry, Room, RoomId } from '@wireroom/protocol';
import type { Kysely } from 'kysely';
import { kyselyOn, runQuery } from '../db/kysely.ts';
import type { Schema } from '../db/schema.ts';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';
import { ENTRY_COLUMNS, entryFromRow } from './entry-row.ts';
import type { LogPage, LogRange, Members } from './log.ts';
import { PageBudget } from './page-budget.ts';
import type { RoomRow, RoomRows } from './room-rows.ts';

/** Rows fetched at a time: when entries are long, few more than fit are read in vain. */
const ROWS_PER_FETCH = 50;

export class SqliteLogReader {
  readonly #database: SqliteDatabase;
  readonly #db: Kysely<Schema>;
  readonly #rooms: RoomRows;
  readonly #forwards: Statement;
  readonly #backwards: Statement;

  constructor(database: SqliteDatabase, rooms: RoomRows) {
    this.#database = database;
    this.#db = kyselyOn(database);
    this.#rooms = rooms;
    const between = `SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND seq > ? AND seq < ? ORDER BY seq`;
    this.#forwards = database.prepare(`${between} LIMIT ?`);
    this.#backwards = database.prepare(`${between} DESC LIMIT ?`);
  }

  read(roomId: RoomId, range: LogRange): LogPage {
    const room = this.#rooms.find(roomId);
    const position = { epoch: room.epoch, seq: room.head };
    if (range.after === undefined) {
      const entries = this.#fill(room, range, 'backwards').reverse();
      // Numbers have no gap (L1): whoever is not yet at 1 has more before them.
      const oldest = entries[0]?.seq ?? 1;
      return { entries, hasMore: oldest > 1, position };
    }
    const entries = this.#fill(room, range, 'forwards');
    const newest = entries.at(-1)?.seq ?? range.after;
    return { entries, hasMore: newest < lastSeq(room, range), position };
  }

  members(roomId: RoomId, limit: number): Members {
    const room = this.#rooms.find(roomId);
    const ofRoom = this.#db.selectFrom('members').where('room', '=', room.id);
    const rows = runQuery(
      this.#database,
      ofRoom.select(['author_id', 'name']).orderBy('joined_seq').limit(limit),
    );
    const [counted] = runQuery(
      this.#database,
      ofRoom.select((select) => select.fn.countAll<number>().as('count')),
    );
    const members = rows.map(({ author_id, name }): Author => ({ authorId: author_id, name }));
    return { members, memberCount: counted?.count ?? 0 };
  }

  roomsOf(authorId: AuthorId): readonly RoomId[] {
    const rows = runQuery(
      this.#database,
      this.#db
        .selectFrom('members')
        .innerJoin('rooms', 'rooms.id', 'members.room')
        .select('rooms.room_id')
        .where('members.author_id', '=', authorId)
        .orderBy('members.room'),
    );
    return rows.map((row) => row.room_id);
  }

  rooms(): readonly Room[] {
    const query = this.#db.selectFrom('rooms').select(['room_id', 'slug', 'title']).orderBy('id');
    return runQuery(this.#database, query).map(({ room_id, slug, title }) => ({
      roomId: room_id,
      slug,
      title,
    }));
  }

  /** Entries in the order of the direction, up to the limit and the bytes of the range. */
  #fill(room: RoomRow, range: LogRange, direction: 'forwards' | 'backwards'): Entry[] {
    const entries: Entry[] = [];
    const budget = new PageBudget(range.bytesMax);
    let above = range.after ?? 0;
    let below = lastSeq(room, range) + 1;
    while (entries.length < range.limit) {
      const count = Math.min(ROWS_PER_FETCH, range.limit - entries.length);
      const statement = direction === 'forwards' ? this.#forwards : this.#backwards;
      const rows = statement.all(room.id, above, below, count);
      for (const row of rows) {
        const entry = entryFromRow(room, row);
        if (!budget.takes(entry)) return entries;
        entries.push(entry);
        if (direction === 'forwards') above = entry.seq;
        else below = entry.seq;
      }
      if (rows.length < count) return entries;
    }
    return entries;
  }
}

/** The newest entry that the range may reach. */
function lastSeq(room: RoomRow, range: LogRange): number {
  return range.before === undefined ? room.head : Math.min(room.head, range.before - 1);
}
