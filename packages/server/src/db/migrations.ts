// How the database came to its present form: each step once, in the order of its name, forward only. A step that was
// released is never edited; the next change is the next step. schema.ts says what they amount to.
import { type Kysely, type Migration, sql } from 'kysely';

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-rooms-and-authors': { up: createRoomsAndAuthors },
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
