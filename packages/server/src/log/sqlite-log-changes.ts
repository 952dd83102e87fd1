// What entries other than messages change, in the database thread: a message's state, its text when it is deleted, a
// room's title and topic. The writer asks `admit` first, appends the entry, and lets it take effect: one transaction.
import type { Author, DraftContent, DraftedEntry } from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { Row, SqliteDatabase, Statement } from '../db/sqlite.ts';
import { admitDraft, type DraftTarget } from './draft-admission.ts';
import { draftedFromRow, ENTRY_COLUMNS, payloadOf } from './entry-row.ts';
import type { RoomRow } from './room-rows.ts';

type Reaction = Extract<DraftedEntry, { type: 'react' | 'unreact' }>;

export class SqliteLogChanges {
  readonly #entryAt: Statement;
  readonly #deletionOf: Statement;
  readonly #edits: Statement;
  readonly #insertEdit: Statement;
  readonly #insertDeletion: Statement;
  readonly #rewritePayload: Statement;
  readonly #forget: readonly Statement[];
  readonly #reaction: Statement;
  readonly #reactionCount: Statement;
  readonly #givenBy: Statement;
  readonly #insertReaction: Statement;
  readonly #countReaction: Statement;
  readonly #deleteReaction: Statement;
  readonly #insertGiver: Statement;
  readonly #deleteGiver: Statement;
  readonly #setTitle: Statement;
  readonly #setTopic: Statement;

  constructor(database: SqliteDatabase) {
    const prepare = (sql: string): Statement => database.prepare(sql);
    const ofTarget = 'WHERE room = ? AND target = ?';
    this.#entryAt = prepare(`SELECT ${ENTRY_COLUMNS} FROM entries WHERE room = ? AND seq = ?`);
    this.#deletionOf = prepare(`SELECT seq FROM deletions ${ofTarget}`);
    this.#edits = prepare(`SELECT seq FROM edits ${ofTarget}`);
    this.#insertEdit = prepare('INSERT INTO edits (room, target, seq) VALUES (?, ?, ?)');
    this.#insertDeletion = prepare('INSERT INTO deletions (room, target, seq) VALUES (?, ?, ?)');
    this.#rewritePayload = prepare('UPDATE entries SET payload = ? WHERE room = ? AND seq = ?');
    this.#forget = ['edits', 'reactions', 'reaction_authors'].map((table) =>
      prepare(`DELETE FROM ${table} ${ofTarget}`),
    );
    this.#reaction = prepare(`SELECT count FROM reactions ${ofTarget} AND emoji = ?`);
    this.#reactionCount = prepare(`SELECT count(*) AS n FROM reactions ${ofTarget}`);
    this.#givenBy = prepare(`SELECT seq FROM reaction_authors ${ofTarget} AND emoji = ? AND author_id = ?`);
    this.#insertReaction = prepare(
      'INSERT INTO reactions (room, target, emoji, first_seq, count) VALUES (?, ?, ?, ?, 1)',
    );
    this.#countReaction = prepare(`UPDATE reactions SET count = count + ? ${ofTarget} AND emoji = ?`);
    this.#deleteReaction = prepare(`DELETE FROM reactions ${ofTarget} AND emoji = ?`);
    this.#insertGiver = prepare(
      'INSERT INTO reaction_authors (room, target, emoji, author_id, name, seq) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#deleteGiver = prepare(`DELETE FROM reaction_authors ${ofTarget} AND emoji = ? AND author_id = ?`);
    this.#setTitle = prepare('UPDATE rooms SET title = ? WHERE id = ?');
    this.#setTopic = prepare('UPDATE rooms SET topic = ? WHERE id = ?');
  }

  /** Throws a ChatError where the content may not be. Returns the entry that made it so, where it is so already. */
  admit(room: RoomRow, author: Author, content: DraftContent): DraftedEntry | undefined {
    return admitDraft(content, author.authorId, (seq) => this.#target(room, seq, author));
  }

  /** The entry was appended in this transaction. */
  apply(room: RoomRow, entry: DraftedEntry): void {
    switch (entry.type) {
      case 'message':
        return;
      case 'edit':
        this.#insertEdit.run(room.id, entry.target, entry.seq);
        return;
      case 'delete':
        this.#delete(room, entry.target, entry.seq);
        return;
      case 'react':
        this.#react(room, entry);
        return;
      case 'unreact':
        this.#unreact(room, entry);
        return;
      case 'rename':
        this.#setTitle.run(entry.title, room.id);
        return;
      case 'topic':
        this.#setTopic.run(entry.topic, room.id);
        return;
    }
  }

  /** The text is gone from the log: of the message, and of every edit of it. What was made of it goes with it. */
  #delete(room: RoomRow, target: number, seq: number): void {
    const edits = this.#edits.all(room.id, target).map((row) => integerOf(row, 'seq'));
    for (const written of [target, ...edits]) {
      const entry = this.#entry(room, { seq: written });
      if (entry.type !== 'message' && entry.type !== 'edit') throw new TypeError('Only texts are deleted');
      this.#rewritePayload.run(payloadOf({ ...entry, text: '', deleted: true }), room.id, written);
    }
    for (const statement of this.#forget) statement.run(room.id, target);
    this.#insertDeletion.run(room.id, target, seq);
  }

  #react(room: RoomRow, { target, emoji, author, seq }: Reaction): void {
    if (this.#countReaction.run(1, room.id, target, emoji).changes === 0)
      this.#insertReaction.run(room.id, target, emoji, seq);
    this.#insertGiver.run(room.id, target, emoji, author.authorId, author.name, seq);
  }

  #unreact(room: RoomRow, { target, emoji, author }: Reaction): void {
    this.#deleteGiver.run(room.id, target, emoji, author.authorId);
    const left = this.#reaction.get(room.id, target, emoji);
    if (left !== undefined && integerOf(left, 'count') > 1)
      this.#countReaction.run(-1, room.id, target, emoji);
    else this.#deleteReaction.run(room.id, target, emoji);
  }

  #target(room: RoomRow, seq: number, { authorId }: Author): DraftTarget | undefined {
    const row = this.#entryAt.get(room.id, seq);
    if (row === undefined || textOf(row, 'type') !== 'message') return undefined;
    const entryOf = (found: Row | undefined) => found && this.#entry(room, found);
    return {
      authorId: draftedFromRow(room, row).author.authorId,
      deletion: () => entryOf(this.#deletionOf.get(room.id, seq)),
      given: (emoji) => entryOf(this.#givenBy.get(room.id, seq, emoji, authorId)),
      hasEmoji: (emoji) => this.#reaction.get(room.id, seq, emoji) !== undefined,
      emojiCount: () => integerOf(this.#reactionCount.get(room.id, seq) ?? { n: 0 }, 'n'),
    };
  }

  /** The entry whose seq stands in a row of ours. */
  #entry(room: RoomRow, row: Row | undefined): DraftedEntry {
    const found = row && this.#entryAt.get(room.id, integerOf(row, 'seq'));
    if (found === undefined) throw new TypeError('A state names an entry that is not there');
    return draftedFromRow(room, found);
  }
}
