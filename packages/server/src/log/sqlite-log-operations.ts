// The operations module of the log, loaded by the database thread: what sqlite-log.ts calls by name on the main thread.
// Writing, and the line that assigns a message its number, is in sqlite-log-writer.ts; reading in sqlite-log-reader.ts.
import type { Author, AuthorId, Room, RoomId } from '@wireroom/protocol';
import type { SqliteDatabase } from '../db/sqlite.ts';
import type { Appended, Draft, LogPage, LogRange, Members, MembershipChange } from './log.ts';
import { RoomRows } from './room-rows.ts';
import { SqliteLogReader } from './sqlite-log-reader.ts';
import { SqliteLogWriter } from './sqlite-log-writer.ts';

export interface SqliteLogOperations {
  post(draft: Draft): Appended;
  join(input: { readonly roomId: RoomId; readonly author: Author }): MembershipChange;
  leave(input: { readonly roomId: RoomId; readonly authorId: AuthorId }): MembershipChange;
  ensureRoom(input: { readonly slug: string; readonly title: string }): Room;
  read(input: { readonly roomId: RoomId; readonly range: LogRange }): LogPage;
  members(input: { readonly roomId: RoomId; readonly limit: number }): Members;
  roomsOf(authorId: AuthorId): readonly RoomId[];
  rooms(): readonly Room[];
}

export function createOperations(database: SqliteDatabase): SqliteLogOperations {
  const rooms = new RoomRows(database);
  const writer = new SqliteLogWriter(database, rooms);
  const reader = new SqliteLogReader(database, rooms);
  return {
    post: (draft) => writer.post(draft),
    join: ({ roomId, author }) => writer.join(roomId, author),
    leave: ({ roomId, authorId }) => writer.leave(roomId, authorId),
    ensureRoom: (room) => writer.ensureRoom(room),
    read: ({ roomId, range }) => reader.read(roomId, range),
    members: ({ roomId, limit }) => reader.members(roomId, limit),
    roomsOf: (authorId) => reader.roomsOf(authorId),
    rooms: () => reader.rooms(),
  };
}
