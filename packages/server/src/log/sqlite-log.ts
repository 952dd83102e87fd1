// The log on SQLite, main-thread side: each call rides in a batch to the database thread and back. What happens there,
// down to the line that assigns a message its number, is in sqlite-log-operations.ts.
import type { Author, AuthorId, Room, RoomId } from '@wireroom/protocol';
import { moduleBeside } from '../db/operation-module.ts';
import type { Attached, SqliteClient } from '../db/sqlite-client.ts';
import type { Trail } from '../lib/stations.ts';
import type { Appended, Draft, Log, LogPage, LogRange, Members, MembershipChange } from './log.ts';
import type { SqliteLogOperations } from './sqlite-log-operations.ts';

export class SqliteLog implements Log {
  readonly #thread: Attached<SqliteLogOperations>;

  constructor(client: SqliteClient) {
    this.#thread = client.attach<SqliteLogOperations>(
      moduleBeside('./sqlite-log-operations', import.meta.url),
    );
  }

  post(draft: Draft, trail?: Trail): Promise<Appended> {
    if (trail === undefined) return this.#thread.write('post', draft);
    return this.#thread.write('post', draft, ({ begunAt, committedAt, size: batchSize }) => {
      trail.mark('batched', { at: begunAt, batchSize });
      trail.mark('committed', { at: committedAt, batchSize });
    });
  }

  join(roomId: RoomId, author: Author): Promise<MembershipChange> {
    return this.#thread.write('join', { roomId, author });
  }

  leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange> {
    return this.#thread.write('leave', { roomId, authorId });
  }

  read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    return this.#thread.read('read', { roomId, range });
  }

  members(roomId: RoomId, limit: number): Promise<Members> {
    return this.#thread.read('members', { roomId, limit });
  }

  roomsOf(authorId: AuthorId): Promise<readonly RoomId[]> {
    return this.#thread.read('roomsOf', authorId);
  }

  ensureRoom(room: { readonly slug: string; readonly title: string }): Promise<Room> {
    return this.#thread.write('ensureRoom', room);
  }

  rooms(): Promise<readonly Room[]> {
    return this.#thread.read('rooms', undefined);
  }
}
