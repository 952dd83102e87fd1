// What reads the log, in the database thread, inside the snapshot of its batch. It pages by key, so that a page at the
// far end of a long history costs what the newest one costs, and stops early at the bound of bytes.
import type { Author, AuthorId, Entry, MessageState, Position, Room, RoomId } from '@wireroom/protocol';
import type { Kysely } from 'kysely';
import { kyselyOn, runQuery } from '../db/kysely.ts';
import { integerOf, textOf } from '../db/row.ts';
import type { Schema } from '../db/schema.ts';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';
import { ENTRY_COLUMNS, entryFromRow } from './entry-row.ts';
import type { CurrentMessage, Head, LogPage, LogRange, MessagePage, Standing } from './log.ts';
import { PageBudget } from './page-budget.ts';
import type { RoomRow, RoomRows } from './room-rows.ts';
import { SqliteLogStates } from './sqlite-log-states.ts';

/** Rows fetched at a time: when entries are long, few more than fit are read in vain. */
const ROWS_PER_FETCH = 50;

const ONLY_MESSAGES = " AND type = 'message'";

export class SqliteLogReader {
  readonly #database: SqliteDatabase;
  readonly #db: Kysely<Schema>;
  readonly #rooms: RoomRows;
  readonly #entries: Pages;
  readonly #messages: Pages;
  readonly #messageBetween: Statement;
  readonly #about: Statement;
  readonly #members: Statement;
  readonly #states: SqliteLogStates;

  constructor(database: SqliteDatabase, rooms: RoomRows) {
    this.#database = database;
    this.#db = kyselyOn(database);
    this.#rooms = rooms;
    this.#entries = pagesOf(database, '');
    // Passes over what lies between the messages without reading more of it than its type.
    this.#messages = pagesOf(database, ONLY_MESSAGES);
    this.#messageBetween = database.prepare(
      `SELECT 1 FROM entries WHERE room = ? AND seq > ? AND seq < ?${ONLY_MESSAGES} LIMIT 1`,
    );
    this.#about = database.prepare(
      'SELECT title, topic, (SELECT count(*) FROM members WHERE room = ?) AS member_count FROM rooms WHERE id = ?',
    );
    this.#members = database.prepare(
      'SELECT author_id, name FROM members WHERE room = ? ORDER BY joined_seq LIMIT ?',
    );
    this.#states = new SqliteLogStates(database);
  }

  read(roomId: RoomId, range: LogRange): LogPage {
    const room = this.#rooms.find(roomId);
    const found = this.#fill(room, range, { pages: this.#entries, hasStates: range.statesFor !== undefined });
    const entries = found.map(({ entry }) => entry);
    const states = found.map(({ state }) => state).filter((state) => state !== undefined);
    // Numbers have no gap (L1): whoever is not yet at the end of the range has more before them.
    const hasMore =
      range.after === undefined
        ? (entries[0]?.seq ?? 1) > 1
        : (entries.at(-1)?.seq ?? range.after) < lastSeq(room, range);
    const position = positionOf(room);
    return { entries, hasMore, position, ...(range.statesFor !== undefined && { states }) };
  }

  messages(roomId: RoomId, range: LogRange): MessagePage {
    const room = this.#rooms.find(roomId);
    const found = this.#fill(room, range, { pages: this.#messages, hasStates: true });
    const messages = found.map(({ entry, state }): CurrentMessage => {
      if (entry.type !== 'message') throw new TypeError('A page of messages holds something else');
      return state === undefined ? { entry } : { entry, state };
    });
    const end = lastSeq(room, range) + 1;
    const [above, below] =
      range.after === undefined
        ? [0, messages[0]?.entry.seq ?? 0]
        : [messages.at(-1)?.entry.seq ?? range.after, messages.length === 0 ? 0 : end];
    const hasMore = this.#messageBetween.get(room.id, above, below) !== undefined;
    return { messages, hasMore, position: positionOf(room) };
  }

  heads(roomIds: readonly RoomId[]): readonly Head[] {
    const rooms = roomIds.map((roomId) => this.#rooms.look(roomId)).filter((room) => room !== undefined);
    return rooms.map((room) => ({ roomId: room.roomId, position: positionOf(room) }));
  }

  standing(roomId: RoomId, limit: number): Standing {
    const room = this.#rooms.find(roomId);
    const about = this.#about.get(room.id, room.id) ?? {};
    const members = limit === 0 ? [] : this.#members.all(room.id, limit);
    return {
      title: textOf(about, 'title'),
      topic: textOf(about, 'topic'),
      // The ids were checked when they were made, and the table is ours.
      members: members.map(
        (row): Author => ({ authorId: textOf(row, 'author_id') as AuthorId, name: textOf(row, 'name') }),
      ),
      memberCount: integerOf(about, 'member_count'),
    };
  }

  /** The newest entry that an import brought; 0: none did. */
  importedHead(roomId: RoomId): number {
    const query = this.#db.selectFrom('rooms').select('imported_head').where('room_id', '=', roomId);
    return runQuery(this.#database, query)[0]?.imported_head ?? 0;
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
    const query = this.#db.selectFrom('rooms').select(['room_id', 'slug', 'title', 'topic']).orderBy('id');
    return runQuery(this.#database, query).map(({ room_id, ...room }) => ({
      roomId: room_id,
      ...room,
    }));
  }

  /** Oldest first, up to the limit and the bytes of the range; filled from the range's own end. */
  #fill(room: RoomRow, range: LogRange, { pages, hasStates }: Filling): readonly Found[] {
    const isForwards = range.after !== undefined;
    const statement = isForwards ? pages.forwards : pages.backwards;
    const found: Found[] = [];
    const budget = new PageBudget(range.bytesMax);
    let above = range.after ?? 0;
    let below = lastSeq(room, range) + 1;
    for (let isFull = false; !isFull && found.length < range.limit; ) {
      const count = Math.min(ROWS_PER_FETCH, range.limit - found.length);
      const entries = statement.all(room.id, above, below, count).map((row) => entryFromRow(room, row));
      const stateOf =
        hasStates && entries.length > 0 ? this.#states.between(room, entries, range.statesFor) : undefined;
      for (const entry of entries) {
        const state = stateOf?.(entry);
        isFull = !budget.takes(entry, state);
        if (isFull) break;
        found.push({ entry, state });
      }
      if (entries.length < count) break;
      const last = found.at(-1)?.entry.seq ?? 0;
      if (isForwards) above = last;
      else below = last;
    }
    return isForwards ? found : found.reverse();
  }
}

interface Found {
  readonly entry: Entry;
  readonly state: MessageState | undefined;
}

interface Filling {
  readonly pages: Pages;
  readonly hasStates: boolean;
}

interface Pages {
  readonly forwards: Statement;
  readonly backwards: Statement;
}

function pagesOf(database: SqliteDatabase, condition: string): Pages {
  const between = `SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND seq > ? AND seq < ?${condition} ORDER BY seq`;
  return {
    forwards: database.prepare(`${between} LIMIT ?`),
    backwards: database.prepare(`${between} DESC LIMIT ?`),
  };
}

const positionOf = ({ epoch, head }: RoomRow): Position => ({ epoch, seq: head });

/** The newest entry that the range may reach. */
function lastSeq(room: RoomRow, range: LogRange): number {
  return range.before === undefined ? room.head : Math.min(room.head, range.before - 1);
}
