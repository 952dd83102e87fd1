// The rooms that are written to, as the one writer of the file knows them: where their logs stand, and who of those who write is a
// member. Kept from one transaction to the next; a room's head goes into its row once before each commit, not once an entry.
import type { AuthorId, RoomId } from '@wireroom/protocol';
import { textOf } from '../db/row.ts';
import type { Statement } from '../db/sqlite.ts';
import type { Memory, WatchedDatabase } from '../db/watched-database.ts';
import type { Stamp } from './entry-row.ts';
import type { RoomRow, RoomRows } from './room-rows.ts';

/** Rooms and members that are kept, each; past it they are read again. */
const KEPT_MAX = 20_000;

export class RoomMemory implements Memory {
  readonly #rows: RoomRows;
  readonly #memberName: Statement;
  readonly #advanceHead: Statement;
  readonly #rooms = new Map<RoomId, RoomRow>();
  readonly #names = new Map<number, Map<AuthorId, string>>();
  #nameCount = 0;
  /** Rooms whose row says less than their log, with the head that it says. */
  readonly #written = new Map<RoomRow, number>();

  constructor(database: WatchedDatabase, rows: RoomRows) {
    this.#rows = rows;
    this.#memberName = database.prepare('SELECT name FROM members WHERE room = ? AND author_id = ?');
    this.#advanceHead = database.prepare('UPDATE rooms SET head = ?, head_at = ? WHERE id = ? AND head = ?');
    database.remember(this);
  }

  /** Throws a ChatError `no-room`. */
  find(roomId: RoomId): RoomRow {
    return this.#rooms.get(roomId) ?? this.#keep(this.#rows.find(roomId));
  }

  look(roomId: RoomId): RoomRow | undefined {
    const known = this.#rooms.get(roomId) ?? this.#rows.look(roomId);
    return known && this.#keep(known);
  }

  /** An entry was written with this stamp. */
  advance(room: RoomRow, { seq, atMs }: Stamp): void {
    if (!this.#written.has(room)) this.#written.set(room, room.head);
    room.head = seq;
    room.headAtMs = atMs;
  }

  /** Of a member; `undefined`: is none. */
  nameOf(room: RoomRow, authorId: AuthorId): string | undefined {
    const kept = this.#names.get(room.id)?.get(authorId);
    if (kept !== undefined) return kept;
    const row = this.#memberName.get(room.id, authorId);
    if (row === undefined) return undefined;
    const name = textOf(row, 'name');
    this.#keepName(room, authorId, name);
    return name;
  }

  forgetName(room: RoomRow, authorId: AuthorId): void {
    if (this.#names.get(room.id)?.delete(authorId) === true) this.#nameCount -= 1;
  }

  writeDown(): void {
    for (const [room, head] of this.#written) {
      const { changes } = this.#advanceHead.run(room.head, room.headAtMs, room.id, head);
      if (changes !== 1) throw new Error(`Room ${room.roomId} has changed behind the writer's back`);
    }
    this.#written.clear();
    if (this.#rooms.size > KEPT_MAX) this.#rooms.clear();
    if (this.#nameCount > KEPT_MAX) this.#forgetNames();
  }

  forget(): void {
    this.#written.clear();
    this.#rooms.clear();
    this.#forgetNames();
  }

  #keep(room: RoomRow): RoomRow {
    this.#rooms.set(room.roomId, room);
    return room;
  }

  #keepName(room: RoomRow, authorId: AuthorId, name: string): void {
    let names = this.#names.get(room.id);
    if (names === undefined) {
      names = new Map();
      this.#names.set(room.id, names);
    }
    names.set(authorId, name);
    this.#nameCount += 1;
  }

  #forgetNames(): void {
    this.#names.clear();
    this.#nameCount = 0;
  }
}
