// Finds a room's row: its internal number, its epoch and where its log stands. For the log's operations.
import { ChatError, type Epoch, type Position, type RoomId } from '@wireroom/protocol';
import { integerOf, textOf } from '../db/row.ts';
import type { SqliteDatabase, Statement } from '../db/sqlite.ts';

export interface RoomRow {
  readonly id: number;
  readonly roomId: RoomId;
  readonly epoch: Epoch;
  readonly head: number;
}

export class RoomRows {
  readonly #byRoomId: Statement;

  constructor(database: SqliteDatabase) {
    this.#byRoomId = database.prepare('SELECT id, epoch, head FROM rooms WHERE room_id = ?');
  }

  /** Throws a ChatError `no-room`. */
  find(roomId: RoomId): RoomRow {
    const row = this.#byRoomId.get(roomId);
    if (row === undefined) throw new ChatError('no-room');
    const epoch = textOf(row, 'epoch') as Epoch;
    return { id: integerOf(row, 'id'), roomId, epoch, head: integerOf(row, 'head') };
  }

  position(roomId: RoomId): Position {
    const { epoch, head } = this.find(roomId);
    return { epoch, seq: head };
  }
}
