// How a PostgreSQL database came to its present form, in steps of its own: types and indexes are this dialect's. A test holds
// it together with migrations.ts: both end in the same tables. Forward only, and never edited once released.
import { type Kysely, type Migration, sql } from 'kysely';

export const POSTGRES_MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-rooms-and-authors': { up: createRoomsAndAuthors },
  '0002-states-of-messages': { up: keepStatesOfMessages },
  '0003-nodes': { up: keepNodes },
  '0004-recoveries': { up: createRecoveries },
  '0005-imported-rooms': { up: markImportedRooms },
};

async function createRoomsAndAuthors(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rooms')
    .addColumn('id', 'integer', (column) => column.generatedByDefaultAsIdentity().primaryKey())
    .addColumn('room_id', 'text', (column) => column.notNull().unique())
    .addColumn('slug', 'text', (column) => column.notNull().unique())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('head', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('head_at', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await ofRoom(db, 'entries')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('draft_id', 'text')
    // Not json: PostgreSQL's would refuse the NUL that a text may hold, and its order of fields is not ours.
    .addColumn('payload', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('entries_pk', ['room', 'seq'])
    .execute();
  await db.schema
    .createIndex('entries_by_draft')
    .unique()
    .on('entries')
    .columns(['room', 'draft_id', 'author_id'])
    .where(sql.ref('draft_id'), 'is not', null)
    .execute();
  await ofRoom(db, 'members')
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('joined_seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('members_pk', ['room', 'author_id'])
    .execute();
  await db.schema.createIndex('members_by_seq').on('members').columns(['room', 'joined_seq']).execute();
  await db.schema.createIndex('members_by_author').on('members').columns(['author_id', 'room']).execute();
  await db.schema
    .createTable('authors')
    .addColumn('author_id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_key', 'text', (column) => column.notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('holds_name', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('authors_by_held_name')
    .unique()
    .on('authors')
    .column('name_key')
    .where(sql.ref('holds_name'), '=', sql.lit(1))
    .execute();
}

async function keepStatesOfMessages(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('rooms')
    .addColumn('topic', 'text', (column) => column.notNull().defaultTo(''))
    .execute();
  await ofMessage(db, 'edits')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('edits_pk', ['room', 'target', 'seq'])
    .execute();
  await ofMessage(db, 'deletions')
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('deletions_pk', ['room', 'target'])
    .execute();
  await ofMessage(db, 'reactions')
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('first_seq', 'bigint', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reactions_pk', ['room', 'target', 'emoji'])
    .execute();
  await ofMessage(db, 'reaction_authors')
    .addColumn('emoji', 'text', (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reaction_authors_pk', ['room', 'target', 'emoji', 'author_id'])
    .execute();
  await db.schema
    .createIndex('reaction_authors_by_seq')
    .unique()
    .on('reaction_authors')
    .columns(['room', 'target', 'emoji', 'seq'])
    .execute();
  // Pages of messages alone, however many other entries lie between them.
  await db.schema
    .createIndex('entries_by_message')
    .on('entries')
    .columns(['room', 'seq'])
    .where(sql.ref('type'), '=', sql.lit('message'))
    .execute();
}

/** Which server processes are alive, and whom each of them holds: SQLite has no such tables, since one file is one process. */
async function keepNodes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('nodes')
    .addColumn('node_id', 'text', (column) => column.primaryKey())
    .addColumn('seen_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('held_authors')
    .addColumn('author_id', 'text', (column) => column.notNull().references('authors.author_id'))
    .addColumn('node_id', 'text', (column) =>
      column.notNull().references('nodes.node_id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('held_authors_pk', ['author_id', 'node_id'])
    .execute();
  await db.schema.createIndex('held_authors_by_node').on('held_authors').column('node_id').execute();
}

const ofRoom = (db: Kysely<unknown>, table: string) =>
  db.schema
    .createTable(table)
    .addColumn('room', 'integer', (column) => column.notNull().references('rooms.id'));

const ofMessage = (db: Kysely<unknown>, table: string) =>
  ofRoom(db, table).addColumn('target', 'bigint', (column) => column.notNull());

/** Socket.IO sessions that may come back. */
async function createRecoveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('recoveries')
    .addColumn('pid_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
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
    .addColumn('imported_head', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}
