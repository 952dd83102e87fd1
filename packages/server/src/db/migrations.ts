// How the database came to its present form: each step once, in the order of its name, forward only. A step that was
// released is never edited; the next change is the next step. schema.ts says what they amount to.
import { type Kysely, type Migration, sql } from 'kysely';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-rooms-and-authors': { up: createRoomsAndAuthors },
  '0002-states-of-messages': { up: keepStatesOfMessages },
  '0003-drafts-by-time': { up: orderDraftsByTime },
  '0004-recoveries': { up: createRecoveries },
  '0005-imported-rooms': { up: markImportedRooms },
};

async function createRoomsAndAuthors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rooms')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('room_id', 'text', (column) => column.notNull().unique())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('head', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('head_at', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .execute();
  // A table with rowid on purpose: without one, a row over a quarter page takes a whole page more (ADR 0003).
  await db.schema
    .createTable('entries')
    .addColumn('room', 'integer', (column) => column.notNull().references('rooms.id'))
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('draft_id', 'text')
    .addColumn('payload', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('entries_pk', ['room', 'seq'])
    .execute();
  await db.schema
    .createIndex('entries_by_draft')
    .unique()
    .on('entries')
    .columns(['room', 'author_id', 'draft_id'])
    .where(sql.ref('draft_id'), 'is not', null)
    .execute();
  await db.schema
    .createTable('members')
    .addColumn('room', 'integer', (column) => column.notNull().references('rooms.id'))
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('joined_seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('members_pk', ['room', 'author_id'])
    .execute();
  await db.schema.createIndex('members_by_seq').on('members').columns(['room', 'joined_seq']).execute();
  await db.schema.createIndex('members_by_author').on('members').columns(['author_id', 'room']).execute();
  await db.schema
    .createTable('authors')
    .addColumn('author_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('holds_name', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('seen_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('authors_by_held_name')
    .unique()
    .on('authors')
    .column('name_key')
    .where(sql.ref('holds_name'), '=', 1)
    .execute();
}

/** What becomes of messages, beside the entries that say so; and what a room is about. */
async function keepStatesOfMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('rooms')
    .addColumn('topic', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  // Small rows that are only ever asked for by their key: the key is the table.
  const clustered = sql`WITHOUT ROWID`;
  const ofMessage = (table: string) =>
    db.schema
      .createTable(table)
      .addColumn('room', 'integer', (column) => column.notNull().references('rooms.id'))
      .addColumn('target', 'integer', (column) => column.notNull());
  await ofMessage('edits')
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('edits_pk', ['room', 'target', 'seq'])
    .modifyEnd(clustered)
    .execute();
  await ofMessage('deletions')
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('deletions_pk', ['room', 'target'])
    .modifyEnd(clustered)
    .execute();
  await ofMessage('reactions')
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('first_seq', 'integer', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('reactions_pk', ['room', 'target', 'emoji'])
    .modifyEnd(clustered)
    .execute();
  await ofMessage('reaction_authors')
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('reaction_authors_pk', ['room', 'target', 'emoji', 'author_id'])
    .modifyEnd(clustered)
    .execute();
  await db.schema
    .createIndex('reaction_authors_by_seq')
    .unique()
    .on('reaction_authors')
    .columns(['room', 'target', 'emoji', 'seq'])
    .execute();
}

/**
 * The author last: ids that begin with the time (protocol/ids.ts) then lie side by side whoever made them, and a commit of
 * many posts writes few pages of this index instead of one for each.
 */
async function orderDraftsByTime(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('entries_by_draft').execute();
  await db.schema
    .createIndex('entries_by_draft')
    .unique()
    .on('entries')
    .columns(['room', 'draft_id', 'author_id'])
    .where(sql.ref('draft_id'), 'is not', null)
    .execute();
}

/** Socket.IO sessions that may come back. */
async function createRecoveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recoveries')
    .addColumn('pid_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'integer', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('recoveries_by_token')
    .on('recoveries')
    .columns(['token_hash', 'seen_at'])
    .execute();
  await db.schema.createIndex('recoveries_by_age').on('recoveries').column('seen_at').execute();
}

/** Up to which entry a room's history came from elsewhere: who joined there is no member by it. */
async function markImportedRooms(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('rooms')
    .addColumn('imported_head', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
