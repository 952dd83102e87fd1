// What reads the log on PostgreSQL: each answer is one statement, and so one snapshot: head, entries and states belong
// together. It pages by key and stops near the bound of bytes; the last word on that bound has page-budget.ts.
import {
  type Author,
  type AuthorId,
  authorIdSchema,
  ChatError,
  type Entry,
  type Epoch,
  LIMITS,
  type MessageState,
  type Position,
  type Room,
  type RoomId,
} from '@wireroom/protocol';
import { z } from 'zod';
import type { PostgresSession, PreparedSql } from '../db/postgres.ts';
import { integerOf, textOf } from '../db/row.ts';
import type { Row } from '../db/sqlite.ts';
import { entryFromRow, type RoomOfEntries } from './entry-row.ts';
import type { CurrentMessage, Head, LogPage, LogRange, MessagePage, Standing } from './log.ts';
import { PageBudget } from './page-budget.ts';

type Direction = 'forwards' | 'backwards';

const ENTRY = 'seq, at, type, author_id, name, draft_id, payload';

/**
 * The room, and beside it each entry of the page; one row without an entry where there is none. Rows far past the bytes are
 * left where they are: an entry's JSON is never shorter than its payload, so one before what is left out did not fit.
 */
function pageOf(what: 'entries' | 'messages', direction: Direction, states: string): PreparedSql {
  const order = direction === 'forwards' ? 'seq' : 'seq DESC';
  const only = what === 'messages' ? "AND type = 'message'" : '';
  return {
    name: `wireroom-${what}-${direction}${states === '' ? '' : '-states'}`,
    text: `
      SELECT r.epoch, r.head, e.*${states === '' ? '' : ', s.*'}
      FROM (SELECT id, epoch, head FROM rooms WHERE room_id = $1) AS r
      LEFT JOIN LATERAL (
        SELECT * FROM (
          SELECT ${ENTRY}, coalesce(sum(octet_length(payload)) OVER (
            ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING), 0) AS bytes_before
          FROM (
            SELECT ${ENTRY} FROM entries
            WHERE room = r.id AND seq > $2::bigint AND seq < $3::bigint ${only} ORDER BY ${order} LIMIT $4::bigint
          ) AS page
        ) AS measured WHERE bytes_before < $5::bigint
      ) AS e ON true ${states}
      ORDER BY e.${order}`,
  };
}

const STATES = `
      LEFT JOIN LATERAL (
        SELECT
          (SELECT max(x.seq) FROM edits x WHERE x.room = r.id AND x.target = e.seq) AS edit_seq,
          (SELECT json_agg(json_build_array(
             n.emoji, n.count,
             EXISTS (SELECT 1 FROM reaction_authors a
               WHERE a.room = n.room AND a.target = n.target AND a.emoji = n.emoji AND a.author_id = $6::text),
             (SELECT json_agg(json_build_array(a.author_id, a.name) ORDER BY a.seq) FROM (
               SELECT author_id, name, seq FROM reaction_authors
               WHERE room = n.room AND target = n.target AND emoji = n.emoji ORDER BY seq LIMIT ${LIMITS.reactionAuthorsMax}
             ) AS a)
           ) ORDER BY n.first_seq)
           FROM reactions n WHERE n.room = r.id AND n.target = e.seq) AS reactions
      ) AS own ON e.type = 'message'
      LEFT JOIN LATERAL (
        SELECT own.edit_seq, own.reactions, edit.at AS edit_at, edit.payload AS edit_payload
        FROM (SELECT 1) AS one LEFT JOIN entries edit ON edit.room = r.id AND edit.seq = own.edit_seq
      ) AS s ON true`;

const PAGES = {
  entries: { forwards: pageOf('entries', 'forwards', ''), backwards: pageOf('entries', 'backwards', '') },
  states: {
    forwards: pageOf('entries', 'forwards', STATES),
    backwards: pageOf('entries', 'backwards', STATES),
  },
  messages: {
    forwards: pageOf('messages', 'forwards', STATES),
    backwards: pageOf('messages', 'backwards', STATES),
  },
} as const;

interface Page {
  readonly rows: readonly { readonly entry: Entry; readonly state: MessageState | undefined }[];
  readonly isCut: boolean;
  readonly position: Position;
}

export class PostgresLogReader {
  readonly #session: PostgresSession;

  constructor(session: PostgresSession) {
    this.#session = session;
  }

  async read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    const { statesFor } = range;
    const page = await this.#page(roomId, range, statesFor === undefined ? 'entries' : 'states');
    const entries = page.rows.map(({ entry }) => entry);
    const states = page.rows.flatMap(({ state }) => (state === undefined ? [] : [state]));
    return {
      entries,
      hasMore: page.isCut,
      position: page.position,
      ...(statesFor !== undefined && { states }),
    };
  }

  async messages(roomId: RoomId, range: LogRange): Promise<MessagePage> {
    const { rows, isCut, position } = await this.#page(roomId, range, 'messages');
    const messages = rows.flatMap(({ entry, state }): CurrentMessage[] =>
      entry.type === 'message' ? [{ entry, ...(state !== undefined && { state }) }] : [],
    );
    return { messages, hasMore: isCut, position };
  }

  async heads(roomIds: readonly RoomId[]): Promise<readonly Head[]> {
    const rows = await this.#session.query(
      `SELECT room_id, epoch, head FROM unnest($1::text[]) WITH ORDINALITY AS k(wanted, place)
       JOIN rooms ON room_id = wanted ORDER BY place`,
      [roomIds],
    );
    return rows.map((row) => ({ roomId: textOf(row, 'room_id') as RoomId, position: positionOf(row) }));
  }

  async standing(roomId: RoomId, limit: number): Promise<Standing> {
    const rows = await this.#session.query(
      `SELECT r.title, r.topic, m.author_id, m.name, (SELECT count(*) FROM members WHERE room = r.id) AS count
       FROM (SELECT id, title, topic FROM rooms WHERE room_id = $1) AS r
       LEFT JOIN LATERAL (SELECT * FROM members WHERE room = r.id ORDER BY joined_seq LIMIT $2::bigint) AS m ON true
       ORDER BY m.joined_seq`,
      [roomId, limit],
    );
    const [first] = rows;
    if (first === undefined) throw new ChatError('no-room');
    const members = rows
      .filter((row) => row.author_id !== null)
      .map((row): Author => ({ authorId: textOf(row, 'author_id') as AuthorId, name: textOf(row, 'name') }));
    const about = { title: textOf(first, 'title'), topic: textOf(first, 'topic') };
    return { ...about, members, memberCount: integerOf(first, 'count') };
  }

  /** The newest entry that an import brought; 0: none did. */
  async importedHead(roomId: RoomId): Promise<number> {
    const [row] = await this.#session.query('SELECT imported_head FROM rooms WHERE room_id = $1', [roomId]);
    return row === undefined ? 0 : integerOf(row, 'imported_head');
  }

  async roomsOf(authorId: AuthorId): Promise<readonly RoomId[]> {
    const rows = await this.#session.query(
      'SELECT r.room_id FROM members m JOIN rooms r ON r.id = m.room WHERE m.author_id = $1 ORDER BY m.room',
      [authorId],
    );
    return rows.map((row) => textOf(row, 'room_id') as RoomId);
  }

  async rooms(): Promise<readonly Room[]> {
    return (await this.#session.query('SELECT room_id, slug, title, topic FROM rooms ORDER BY id')).map(
      roomFromRow,
    );
  }

  async #page(roomId: RoomId, range: LogRange, kind: keyof typeof PAGES): Promise<Page> {
    const { after = 0, before = Number.MAX_SAFE_INTEGER, limit, bytesMax, statesFor } = range;
    const direction: Direction = range.after === undefined ? 'backwards' : 'forwards';
    // One row more than asked tells whether there are more.
    const values = [roomId, after, before, limit + 1, bytesMax + 1];
    const reader = kind === 'entries' ? [] : [statesFor ?? ''];
    const found = await this.#session.query(PAGES[kind][direction], [...values, ...reader]);
    const [first] = found;
    if (first === undefined) throw new ChatError('no-room');
    const position = positionOf(first);
    const room = { roomId, epoch: position.epoch };
    const budget = new PageBudget(bytesMax);
    const rows: { entry: Entry; state: MessageState | undefined }[] = [];
    for (const row of found) {
      if (row.seq === null) break;
      const entry = entryFromRow(room, row);
      const state = kind === 'entries' ? undefined : stateFromRow(room, entry, row);
      if (rows.length === limit || !budget.takes(entry, state))
        return { rows: inOrder(rows, direction), isCut: true, position };
      rows.push({ entry, state });
    }
    return { rows: inOrder(rows, direction), isCut: false, position };
  }
}

function inOrder<T>(rows: readonly T[], direction: Direction): readonly T[] {
  return direction === 'forwards' ? rows : rows.toReversed();
}

function positionOf(row: Row): Position {
  return { epoch: textOf(row, 'epoch') as Epoch, seq: integerOf(row, 'head') };
}

export function roomFromRow(row: Row): Room {
  const roomId = textOf(row, 'room_id') as RoomId;
  return { roomId, slug: textOf(row, 'slug'), title: textOf(row, 'title'), topic: textOf(row, 'topic') };
}

/** `undefined`: the message is as its entry says. */
function stateFromRow(room: RoomOfEntries, entry: Entry, row: Row): MessageState | undefined {
  if (entry.type !== 'message') return undefined;
  const { seq } = entry;
  if (entry.deleted === true) return { seq, deleted: true, reactions: [] };
  const reactions = Array.isArray(row.reactions) ? row.reactions.map(reactionFromJson) : [];
  if (row.edit_seq === null) return reactions.length === 0 ? undefined : { seq, reactions };
  const edited = { ...row, seq: row.edit_seq, at: row.edit_at, payload: row.edit_payload, type: 'edit' };
  const edit = entryFromRow(room, edited);
  if (edit.type !== 'edit') throw new TypeError('An edit was stored as something else');
  return { seq, text: edit.text, editedAt: edit.at, editSeq: edit.seq, reactions };
}

/** As STATES writes it. */
const reactionRow = z.tuple([
  z.string(),
  z.int(),
  z.boolean(),
  z.array(z.tuple([authorIdSchema, z.string()])),
]);

function reactionFromJson(json: unknown): MessageState['reactions'][number] {
  const [emoji, count, isMine, authors] = reactionRow.parse(json);
  return { emoji, count, isMine, authors: authors.map(([authorId, name]) => ({ authorId, name })) };
}
