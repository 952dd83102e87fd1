// Reads what a batch of writes needs, under the locks of its rooms, and writes what came of it: a handful of statements for
// however many operations. What the operations mean is in room-work.ts; who may write at all is checked there too.
import type { Author, AuthorId, Epoch, RoomId } from '@wireroom/protocol';
import type { PostgresSession, PreparedSql, SqlParameter } from '../db/postgres.ts';
import { integerOf, textOf } from '../db/row.ts';
import type { Row } from '../db/sqlite.ts';
import { draftedFromRow, payloadOf } from './entry-row.ts';
import type { Draft } from './log.ts';
import * as sql from './postgres-log-sql.ts';
import { draftKey, givenKey, RoomWork } from './room-work.ts';

/** Whom and what the batch's operations concern. */
export interface Concerned {
  readonly drafts: readonly Draft[];
  readonly members: readonly { readonly roomId: RoomId; readonly authorId: AuthorId }[];
  /** Also where neither drafts nor members are. */
  readonly rooms?: readonly RoomId[];
}

export class LogBatch {
  readonly #session: PostgresSession;
  readonly #works = new Map<RoomId, RoomWork>();
  readonly #byId = new Map<number, RoomWork>();

  private constructor(session: PostgresSession) {
    this.#session = session;
  }

  /** Locks the rooms in one order, so that two nodes never wait for each other, and reads what is concerned in them. */
  static async lock(session: PostgresSession, { drafts, members, rooms = [] }: Concerned): Promise<LogBatch> {
    const batch = new LogBatch(session);
    const roomIds = new Set([...rooms, ...[...drafts, ...members].map(({ roomId }) => roomId)]);
    for (const row of await session.query(sql.LOCK_ROOMS, [[...roomIds]])) batch.#add(row);
    const authors = drafts.map(({ roomId, author }) => ({ roomId, authorId: author.authorId }));
    await batch.#readMembers([...members, ...authors]);
    await batch.#readDrafts(drafts);
    await batch.#readTargets(drafts);
    return batch;
  }

  work(roomId: RoomId): RoomWork | undefined {
    return this.#works.get(roomId);
  }

  async write(): Promise<void> {
    const works = [...this.#works.values()].filter((work) => work.fresh.length > 0);
    if (works.length === 0) return;
    const fresh = works.flatMap(({ room, fresh }) => fresh.map((each) => ({ room: room.id, ...each })));
    await this.#session.query(sql.WRITE_ENTRIES, [
      ...columns(
        fresh.map(({ room, entry, made }) => [
          room,
          entry.seq,
          Date.parse(entry.at),
          entry.type,
          entry.author.authorId,
          entry.author.name,
          'draftId' in made ? made.draftId : null,
          payloadOf(made),
        ]),
        8,
      ),
      ...columns(
        works.map(({ room, head, headAtMs, title, topic }) => [room.id, head, headAtMs, title, topic]),
        5,
      ),
    ]);
    await this.#writeMembers(works);
    await this.#writeReactions(works);
    await this.#write(sql.WRITE_EDITS, 3, works, ({ edits }) =>
      edits.map(({ target, seq }) => [target, seq]),
    );
    const deletions = ({ deletions }: RoomWork) => deletions.map(({ target, seq }) => [target, seq]);
    for (const statement of sql.DELETE_MESSAGES) await this.#write(statement, 3, works, deletions);
  }

  #add(row: Row): void {
    const roomId = textOf(row, 'room_id') as RoomId;
    const work = new RoomWork(
      {
        id: integerOf(row, 'id'),
        roomId,
        epoch: textOf(row, 'epoch') as Epoch,
        head: integerOf(row, 'head'),
        headAtMs: integerOf(row, 'head_at'),
        title: textOf(row, 'title'),
        topic: textOf(row, 'topic'),
      },
      () => Date.now(),
    );
    this.#works.set(roomId, work);
    this.#byId.set(work.room.id, work);
  }

  async #readMembers(members: Concerned['members']): Promise<void> {
    const keys = members.map(({ roomId, authorId }) => [this.#works.get(roomId)?.room.id ?? 0, authorId]);
    for (const row of await this.#rows(sql.MEMBERS_OF, 2, keys))
      this.#of(row).members.set(textOf(row, 'author_id') as AuthorId, textOf(row, 'name'));
  }

  async #readDrafts(drafts: readonly Draft[]): Promise<void> {
    const keys = drafts.map(({ roomId, author, draftId }) => [
      this.#works.get(roomId)?.room.id ?? 0,
      author.authorId,
      draftId,
    ]);
    for (const row of await this.#rows(sql.ENTRIES_OF_DRAFTS, 3, keys)) {
      const work = this.#of(row);
      const entry = draftedFromRow(work.room, row);
      work.drafts.set(draftKey(entry.author.authorId, entry.draftId), entry);
    }
  }

  async #readTargets(drafts: readonly Draft[]): Promise<void> {
    const aimed = drafts.flatMap(({ roomId, author, content }) => {
      const room = this.#works.get(roomId)?.room.id;
      return room !== undefined && 'target' in content ? [{ room, author, content }] : [];
    });
    const targets = aimed.map(({ room, content }) => [room, content.target]);
    for (const row of await this.#rows(sql.MESSAGES_AT, 2, targets)) {
      const work = this.#of(row);
      const deletion = row.seq === null ? undefined : draftedFromRow(work.room, row);
      const authorId = textOf(row, 'target_author') as AuthorId;
      work.messages.set(integerOf(row, 'target'), { authorId, deletion, emoji: new Map(), given: new Map() });
    }
    const reactions = aimed.flatMap(({ room, author, content }) =>
      'emoji' in content ? [{ room, author, ...content }] : [],
    );
    const reactedTo = reactions.map(({ room, target }) => [room, target]);
    for (const row of await this.#rows(sql.REACTIONS_ON, 2, reactedTo)) {
      const state = { firstSeq: integerOf(row, 'first_seq'), count: integerOf(row, 'count') };
      this.#of(row).messages.get(integerOf(row, 'target'))?.emoji.set(textOf(row, 'emoji'), state);
    }
    await this.#readGiven(reactions);
  }

  async #readGiven(
    reactions: readonly { room: number; target: number; emoji: string; author: Author }[],
  ): Promise<void> {
    const keys = reactions.map(({ room, target, emoji, author }) => [room, target, emoji, author.authorId]);
    for (const row of await this.#rows(sql.REACTIONS_BY, 4, keys)) {
      const work = this.#of(row);
      const entry = draftedFromRow(work.room, row);
      const key = givenKey(entry.author.authorId, textOf(row, 'emoji'));
      work.messages.get(integerOf(row, 'target'))?.given.set(key, entry);
    }
  }

  async #writeMembers(works: readonly RoomWork[]): Promise<void> {
    await this.#write(sql.REMOVE_MEMBERS, 2, works, ({ changedMembers }) =>
      [...changedMembers.keys()].map((authorId) => [authorId]),
    );
    await this.#write(sql.ADD_MEMBERS, 4, works, ({ changedMembers, members }) =>
      [...changedMembers].flatMap(([authorId, seq]) =>
        seq === undefined ? [] : [[authorId, members.get(authorId) ?? '', seq]],
      ),
    );
  }

  async #writeReactions(works: readonly RoomWork[]): Promise<void> {
    const changed = (work: RoomWork) => [...work.changedReactions.values()];
    await this.#write(sql.REMOVE_REACTION_AUTHORS, 4, works, (work) =>
      changed(work).map(({ target, emoji, authorId }) => [target, emoji, authorId]),
    );
    await this.#write(sql.ADD_REACTION_AUTHORS, 6, works, (work) =>
      changed(work).flatMap(({ target, emoji, authorId }) => {
        const entry = work.messages.get(target)?.given.get(givenKey(authorId, emoji));
        return entry === undefined ? [] : [[target, emoji, authorId, entry.author.name, entry.seq]];
      }),
    );
    const emojiOf = (work: RoomWork) =>
      new Map(changed(work).map(({ target, emoji }) => [`${target} ${emoji}`, { target, emoji }])).values();
    await this.#write(sql.REMOVE_REACTIONS, 3, works, (work) =>
      [...emojiOf(work)].map(({ target, emoji }) => [target, emoji]),
    );
    await this.#write(sql.ADD_REACTIONS, 5, works, (work) =>
      [...emojiOf(work)].flatMap(({ target, emoji }) => {
        const state = work.messages.get(target)?.emoji.get(emoji);
        return state === undefined ? [] : [[target, emoji, state.firstSeq, state.count]];
      }),
    );
  }

  /** A statement over rows of all rooms, each with its room's id before it; none if there are none. */
  async #write(
    statement: PreparedSql,
    width: number,
    works: readonly RoomWork[],
    rowsOf: (work: RoomWork) => readonly (readonly (string | number)[])[],
  ): Promise<void> {
    const rows = works.flatMap((work) => rowsOf(work).map((row) => [work.room.id, ...row]));
    await this.#rows(statement, width, rows);
  }

  async #rows(
    statement: PreparedSql,
    width: number,
    keys: readonly (readonly (string | number | null)[])[],
  ): Promise<readonly Row[]> {
    return keys.length === 0 ? [] : this.#session.query(statement, columns(keys, width));
  }

  #of(row: Row): RoomWork {
    const work = this.#byId.get(integerOf(row, 'room'));
    if (work === undefined) throw new TypeError('A row came of a room that was not asked for');
    return work;
  }
}

/** Rows as arrays of columns, which `unnest` makes rows of again: one parameter each, however many rows. */
function columns(rows: readonly (readonly (string | number | null)[])[], width: number): SqlParameter[] {
  return Array.from({ length: width }, (_, column) => rows.map((row) => row[column] ?? null));
}
