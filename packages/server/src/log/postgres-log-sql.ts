// The hot statements of the log on PostgreSQL, written by hand and prepared under their names. Each takes columns as arrays,
// so that one statement serves a whole batch, and finds every row by a key. postgres-log-batch.ts runs them.
import type { PreparedSql } from '../db/postgres.ts';

const statement = (name: string, text: string): PreparedSql => ({ name: `wireroom-${name}`, text });

const ENTRY = 'e.seq, e.at, e.type, e.author_id, e.name, e.draft_id, e.payload';

export const LOCK_ROOMS = statement(
  'lock-rooms',
  `SELECT id, room_id, epoch, head, head_at, title, topic FROM rooms
   WHERE room_id = ANY($1::text[]) ORDER BY id FOR UPDATE`,
);

export const MEMBERS_OF = statement(
  'members-of',
  `SELECT DISTINCT m.room, m.author_id, m.name FROM unnest($1::int[], $2::text[]) AS k(room, author_id)
   JOIN members m ON m.room = k.room AND m.author_id = k.author_id`,
);

export const ENTRIES_OF_DRAFTS = statement(
  'entries-of-drafts',
  `SELECT e.room, ${ENTRY} FROM unnest($1::int[], $2::text[], $3::text[]) AS k(room, author_id, draft_id)
   JOIN entries e ON e.room = k.room AND e.author_id = k.author_id AND e.draft_id = k.draft_id`,
);

/** Each message once, with the entry that deleted it, if one did. */
export const MESSAGES_AT = statement(
  'messages-at',
  `SELECT m.room, m.seq AS target, m.author_id AS target_author, ${ENTRY}
   FROM (SELECT DISTINCT room, seq FROM unnest($1::int[], $2::bigint[]) AS k(room, seq)) AS k
   JOIN entries m ON m.room = k.room AND m.seq = k.seq AND m.type = 'message'
   LEFT JOIN deletions d ON d.room = m.room AND d.target = m.seq
   LEFT JOIN entries e ON e.room = d.room AND e.seq = d.seq`,
);

export const REACTIONS_ON = statement(
  'reactions-on',
  `SELECT r.room, r.target, r.emoji, r.first_seq, r.count
   FROM (SELECT DISTINCT room, target FROM unnest($1::int[], $2::bigint[]) AS k(room, target)) AS k
   JOIN reactions r ON r.room = k.room AND r.target = k.target`,
);

export const REACTIONS_BY = statement(
  'reactions-by',
  `SELECT a.room, a.target, a.emoji, ${ENTRY}
   FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[]) AS k(room, target, emoji, author_id)
   JOIN reaction_authors a
     ON a.room = k.room AND a.target = k.target AND a.emoji = k.emoji AND a.author_id = k.author_id
   JOIN entries e ON e.room = a.room AND e.seq = a.seq`,
);

/** The entries and the heads that they moved, in one statement. */
export const WRITE_ENTRIES = statement(
  'write-entries',
  `WITH written AS (
     INSERT INTO entries (room, seq, at, type, author_id, name, draft_id, payload)
     SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
   )
   UPDATE rooms SET head = k.head, head_at = k.head_at, title = k.title, topic = k.topic
   FROM unnest($9::int[], $10::bigint[], $11::bigint[], $12::text[], $13::text[]) AS k(id, head, head_at, title, topic)
   WHERE rooms.id = k.id`,
);

export const REMOVE_MEMBERS = statement(
  'remove-members',
  `DELETE FROM members m USING unnest($1::int[], $2::text[]) AS k(room, author_id)
   WHERE m.room = k.room AND m.author_id = k.author_id`,
);

export const ADD_MEMBERS = statement(
  'add-members',
  `INSERT INTO members (room, author_id, name, joined_seq)
   SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[])`,
);

export const REMOVE_REACTION_AUTHORS = statement(
  'remove-reaction-authors',
  `DELETE FROM reaction_authors a
   USING unnest($1::int[], $2::bigint[], $3::text[], $4::text[]) AS k(room, target, emoji, author_id)
   WHERE a.room = k.room AND a.target = k.target AND a.emoji = k.emoji AND a.author_id = k.author_id`,
);

export const ADD_REACTION_AUTHORS = statement(
  'add-reaction-authors',
  `INSERT INTO reaction_authors (room, target, emoji, author_id, name, seq)
   SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[])`,
);

export const REMOVE_REACTIONS = statement(
  'remove-reactions',
  `DELETE FROM reactions r USING unnest($1::int[], $2::bigint[], $3::text[]) AS k(room, target, emoji)
   WHERE r.room = k.room AND r.target = k.target AND r.emoji = k.emoji`,
);

export const ADD_REACTIONS = statement(
  'add-reactions',
  `INSERT INTO reactions (room, target, emoji, first_seq, count)
   SELECT * FROM unnest($1::int[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[])`,
);

export const WRITE_EDITS = statement(
  'write-edits',
  `INSERT INTO edits (room, target, seq) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bigint[])`,
);

const DELETED = 'unnest($1::int[], $2::bigint[], $3::bigint[]) AS k(room, target, seq)';
const isOfDeleted = (table: string): string => `${table}.room = k.room AND ${table}.target = k.target`;

/** In this order: the texts go out of the log, of the message and of every edit; then what no longer counts. */
export const DELETE_MESSAGES: readonly PreparedSql[] = [
  statement('delete-1', `INSERT INTO deletions (room, target, seq) SELECT room, target, seq FROM ${DELETED}`),
  statement(
    'delete-2',
    `UPDATE entries SET payload = '{"text":"","deleted":true}' FROM ${DELETED}
     WHERE entries.room = k.room AND entries.seq = k.target`,
  ),
  statement(
    'delete-3',
    `UPDATE entries SET payload = '{"target":' || k.target || ',"text":"","deleted":true}'
     FROM ${DELETED} JOIN edits ON ${isOfDeleted('edits')}
     WHERE entries.room = k.room AND entries.seq = edits.seq`,
  ),
  ...['edits', 'reactions', 'reaction_authors'].map((table) =>
    statement(`delete-${table}`, `DELETE FROM ${table} USING ${DELETED} WHERE ${isOfDeleted(table)}`),
  ),
];
