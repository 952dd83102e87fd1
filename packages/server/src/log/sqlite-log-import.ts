// Imports into a database file, on the caller's own thread, for a program that has the file to itself: an import is one
// transaction, so that nothing of it is there before its commit. The entries go through the writer that posts go through.
import { randomBytes } from 'node:crypto';
import { epochSchema, type Room, roomIdSchema } from '@wireroom/protocol';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';
import { WatchedDatabase } from '../db/watched-database.ts';
import {
  type ImportedEntry,
  type ImportedRoom,
  type ImportLog,
  type RoomImport,
  refusalOf,
  slugTaken,
} from './room-import.ts';
import { type RoomRow, RoomRows } from './room-rows.ts';
import { SqliteLogWriter } from './sqlite-log-writer.ts';

/** Pages that one transaction has changed and that are kept in memory, in KiB; beyond it they go to the write-ahead log early. */
const IMPORT_CACHE_KIB = 128 * 1024;

export class SqliteImportLog implements ImportLog {
  readonly #database: WatchedDatabase;
  readonly #rooms: RoomRows;
  readonly #writer: SqliteLogWriter;
  readonly #roomOfSlug: Statement;
  readonly #insertRoom: Statement;
  readonly #markImported: Statement;
  readonly #about: Statement;

  constructor(database: SqliteDatabase) {
    this.#database = new WatchedDatabase(database);
    this.#rooms = new RoomRows(database);
    this.#writer = new SqliteLogWriter(this.#database, this.#rooms);
    this.#roomOfSlug = database.prepare('SELECT 1 FROM rooms WHERE slug = ?');
    this.#insertRoom = database.prepare(
      'INSERT INTO rooms (room_id, slug, title, topic, epoch, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#markImported = database.prepare('UPDATE rooms SET imported_head = head WHERE id = ?');
    this.#about = database.prepare('SELECT title, topic FROM rooms WHERE id = ?');
  }

  async beginImport({ slug, title, topic }: ImportedRoom): Promise<RoomImport> {
    this.#database.exec(`PRAGMA cache_size = -${IMPORT_CACHE_KIB}`);
    this.#database.exec('BEGIN IMMEDIATE');
    const roomId = roomIdSchema.parse(`r_${randomBytes(16).toString('base64url')}`);
    try {
      if (this.#roomOfSlug.get(slug) !== undefined) throw slugTaken(slug);
      const epoch = epochSchema.parse(randomBytes(16).toString('base64url'));
      this.#insertRoom.run(roomId, slug, title, topic, epoch, Date.now());
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
    const room = this.#rooms.find(roomId);
    return {
      write: async (entries) => {
        for (const entry of entries) this.#take(room, entry);
      },
      finish: async () => this.#finish(room, slug),
      abandon: async () => {
        this.#database.exec('ROLLBACK');
        this.#database.forget();
      },
    };
  }

  #take(room: RoomRow, entry: ImportedEntry): void {
    try {
      this.#writer.take(room, entry);
    } catch (error) {
      throw refusalOf(error, entry);
    }
  }

  #finish(room: RoomRow, slug: string): Room {
    this.#database.writeDown();
    this.#markImported.run(room.id);
    const about = this.#about.get(room.id);
    this.#database.exec('COMMIT');
    return { roomId: room.roomId, slug, title: String(about?.title), topic: String(about?.topic) };
  }
}
