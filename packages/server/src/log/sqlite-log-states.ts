// What has become of a room's messages, read from the tables that sqlite-log-changes.ts keeps. A page asks once for all
// of its messages; what it costs depends on how many of them were changed, not on how often.
import {
  type Author,
  type AuthorId,
  type Entry,
  LIMITS,
  type MessageEntry,
  type MessageState,
  type Reaction,
} from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { Row, SqliteDatabase, Statement } from '../db/sqlite.ts';
import { draftedFromRow, ENTRY_COLUMNS } from './entry-row.ts';
import type { RoomRow } from './room-rows.ts';

type StateOf = (entry: Entry) => MessageState | undefined;

export class SqliteLogStates {
  readonly #edits: Statement;
  readonly #entryAt: Statement;
  readonly #reactions: Statement;
  readonly #givers: Statement;
  readonly #givenBy: Statement;

  constructor(database: SqliteDatabase) {
    const between = 'WHERE room = ? AND target BETWEEN ? AND ?';
    this.#edits = database.prepare(`SELECT target, max(seq) AS seq FROM edits ${between} GROUP BY target`);
    this.#entryAt = database.prepare(`SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND seq = ?`);
    this.#reactions = database.prepare(`SELECT target, emoji, first_seq, count FROM reactions ${between}`);
    const ofEmoji = 'FROM reaction_authors WHERE room = ? AND target = ? AND emoji = ?';
    this.#givers = database.prepare(`SELECT author_id, name ${ofEmoji} ORDER BY seq LIMIT ?`);
    this.#givenBy = database.prepare(`SELECT seq ${ofEmoji} AND author_id = ?`);
  }

  /** The states of the messages in a stretch of the log, as this reader sees them. */
  between(room: RoomRow, stretch: readonly Entry[], reader: AuthorId | undefined): StateOf {
    const seqs = stretch.map(({ seq }) => seq);
    const from = Math.min(...seqs);
    const to = Math.max(...seqs);
    const edits = new Map<number, number>();
    for (const row of this.#edits.all(room.id, from, to))
      edits.set(integerOf(row, 'target'), integerOf(row, 'seq'));
    const reactions = new Map<number, Row[]>();
    for (const row of this.#reactions.all(room.id, from, to)) {
      const target = integerOf(row, 'target');
      reactions.set(target, [...(reactions.get(target) ?? []), row]);
    }
    return (entry) => {
      if (entry.type !== 'message') return undefined;
      if (entry.deleted === true) return { seq: entry.seq, deleted: true, reactions: [] };
      const editSeq = edits.get(entry.seq);
      const given = reactions.get(entry.seq) ?? [];
      if (editSeq === undefined && given.length === 0) return undefined;
      const edited = editSeq === undefined ? undefined : this.#edit(room, editSeq);
      return { seq: entry.seq, ...edited, reactions: this.#reactionsOf(room, entry, given, reader) };
    };
  }

  #edit(room: RoomRow, editSeq: number): Pick<MessageState, 'text' | 'editedAt' | 'editSeq'> {
    const row = this.#entryAt.get(room.id, editSeq);
    const entry = row && draftedFromRow(room, row);
    if (entry?.type !== 'edit') throw new TypeError('An edit was stored as something else');
    return { text: entry.text, editedAt: entry.at, editSeq };
  }

  #reactionsOf(
    room: RoomRow,
    { seq }: MessageEntry,
    rows: readonly Row[],
    reader: AuthorId | undefined,
  ): Reaction[] {
    const inOrder = rows.toSorted(
      (one, other) => integerOf(one, 'first_seq') - integerOf(other, 'first_seq'),
    );
    return inOrder.map((row) => {
      const emoji = textOf(row, 'emoji');
      const givers = this.#givers.all(room.id, seq, emoji, LIMITS.reactionAuthorsMax);
      const isMine = reader !== undefined && this.#givenBy.get(room.id, seq, emoji, reader) !== undefined;
      return { emoji, count: integerOf(row, 'count'), isMine, authors: givers.map(authorOf) };
    });
  }
}

function authorOf(row: Row): Author {
  // The table is ours: what is in this column was an AuthorId.
  return { authorId: textOf(row, 'author_id') as AuthorId, name: textOf(row, 'name') };
}
