// Finds a room's row: its internal number, its epoch and where its log stands. A row lives as long as the operation that
// asked for it.
import { ChatError, type Epoch, type RoomId } from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';

export interface RoomRow {
  readonly id: number;
  readonly roomId: RoomId;
  readonly epoch: Epoch;
  /** The seq of the newest entry, and when it was stored, in milliseconds since 1970. The writer moves them on. */
  head: number;
  headAtMs: number;
}

export class RoomRows {
  readonly #byRoomId: Statement;

  constructor(database: SqliteDatabase) {
    this.#byRoomId = database.prepare('SELECT id, epoch, head, head_at FROM rooms WHERE room_id = ?');
  }

  /** Throws a ChatError `no-room`. */
  find(roomId: RoomId): RoomRow {
    const room = this.look(roomId);
    if (room === undefined) throw new ChatError('no-room');
    return room;
  }

  look(roomId: RoomId): RoomRow | undefined {
    const row = this.#byRoomId.get(roomId);
    if (row === undefined) return undefined;
    const epoch = textOf(row, 'epoch') as Epoch;
    const [head, headAtMs] = [integerOf(row, 'head'), integerOf(row, 'head_at')];
    return { id: integerOf(row, 'id'), roomId, epoch, head, headAtMs };
  }
}
