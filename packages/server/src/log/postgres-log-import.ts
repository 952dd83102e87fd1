// Imports into a PostgreSQL that servers may be working on meanwhile: one transaction on a session of its own, in portions of
// entries that go through the code that posts go through. Servers find the room when they next look for rooms.
import { randomBytes } from 'node:crypto';
import { epochSchema, type Room, type RoomId, roomIdSchema } from '@wireroom/protocol';
import type { HeldSession, Postgres } from '../db/postgres.ts';
import type { Draft } from './log.ts';
import { LogBatch } from './postgres-log-batch.ts';
import { roomFromRow } from './postgres-log-reader.ts';
import {
  type ImportedEntry,
  type ImportedRoom,
  type ImportLog,
  ImportRefused,
  type RoomImport,
  refusalOf,
  slugTaken,
} from './room-import.ts';

/** How long the transaction may wait for its program, in milliseconds: for the next entries out of a slow file, say. */
const IDLE_TIMEOUT_MS = 120_000;

export class PostgresImportLog implements ImportLog {
  readonly #database: Postgres;

  constructor(database: Postgres) {
    this.#database = database;
  }

  async beginImport(about: ImportedRoom): Promise<RoomImport> {
    const session = await this.#database.hold('write');
    try {
      await session.query('BEGIN');
      const roomId = await makeRoom(session, about);
      return {
        write: (entries) => writeAll(session, roomId, entries),
        finish: () => finish(session, roomId),
        abandon: async () => giveUp(session),
      };
    } catch (error) {
      giveUp(session);
      throw error;
    }
  }
}

/** The transaction ends with its session. */
function giveUp(session: HeldSession): void {
  session.release(new Error('its transaction ends with it'));
}

async function makeRoom(session: HeldSession, { slug, title, topic }: ImportedRoom): Promise<RoomId> {
  await session.query(`SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`);
  // Held until the transaction ends: a second import of this room would wait for the first, and then be in vain.
  const [lock] = await session.query(
    `SELECT pg_try_advisory_xact_lock(hashtext('wireroom import'), hashtext($1)) AS "isOurs"`,
    [slug],
  );
  if (lock?.isOurs !== true)
    throw new ImportRefused(`Another import into "${slug}" is under way. Wait for it, or name another room.`);
  const [there] = await session.query('SELECT 1 FROM rooms WHERE slug = $1', [slug]);
  if (there !== undefined) throw slugTaken(slug);
  const roomId = roomIdSchema.parse(`r_${randomBytes(16).toString('base64url')}`);
  const epoch = epochSchema.parse(randomBytes(16).toString('base64url'));
  await session.query(
    'INSERT INTO rooms (room_id, slug, title, topic, epoch, created_at) VALUES ($1, $2, $3, $4, $5, $6)',
    [roomId, slug, title, topic, epoch, Date.now()],
  );
  return roomId;
}

async function writeAll(
  session: HeldSession,
  roomId: RoomId,
  entries: readonly ImportedEntry[],
): Promise<void> {
  const drafts = entries.flatMap((entry): Draft[] =>
    'draftId' in entry ? [{ roomId, author: entry.author, draftId: entry.draftId, content: entry }] : [],
  );
  const batch = await LogBatch.lock(session, { drafts, members: [], rooms: [roomId] });
  const work = batch.work(roomId);
  if (work === undefined) throw new Error('The room of the import is not there');
  for (const entry of entries) {
    try {
      work.take(entry);
    } catch (error) {
      throw refusalOf(error, entry);
    }
  }
  await batch.write();
}

async function finish(session: HeldSession, roomId: RoomId): Promise<Room> {
  const [row] = await session.query(
    'UPDATE rooms SET imported_head = head WHERE room_id = $1 RETURNING room_id, slug, title, topic',
    [roomId],
  );
  if (row === undefined) throw new Error('The room of the import is not there');
  await session.query('COMMIT');
  session.release();
  return roomFromRow(row);
}
