// The operations module of the log, loaded by the database thread: what sqlite-log.ts calls by name on the main thread.
// Writing, and the line that assigns a message its number, is in sqlite-log-writer.ts; reading in sqlite-log-reader.ts.
import type { Author, AuthorId, Room, RoomId } from '@wireroom/protocol';
import type { WatchedDatabase } from '../db/watched-database.ts';
import type {
  Appended,
  Draft,
  Head,
  LogPage,
  LogRange,
  MembershipChange,
  MessagePage,
  Standing,
} from './log.ts';
import { RoomRows } from './room-rows.ts';
import { SqliteLogReader } from './sqlite-log-reader.ts';
import { SqliteLogWriter, type Stored } from './sqlite-log-writer.ts';

export interface SqliteLogOperations {
  post(draft: Draft): Appended | Stored;
  join(input: { readonly roomId: RoomId; readonly author: Author }): MembershipChange;
  joinAll(input: {
    readonly roomIds: readonly RoomId[];
    readonly author: Author;
  }): readonly (MembershipChange | undefined)[];
  leave(input: { readonly roomId: RoomId; readonly authorId: AuthorId }): MembershipChange;
  ensureRoom(input: { readonly slug: string; readonly title: string }): Room;
  read(input: { readonly roomId: RoomId; readonly range: LogRange }): LogPage;
  messages(input: { readonly roomId: RoomId; readonly range: LogRange }): MessagePage;
  heads(roomIds: readonly RoomId[]): readonly Head[];
  standing(input: { readonly roomId: RoomId; readonly limit: number }): Standing;
  roomsOf(authorId: AuthorId): readonly RoomId[];
  rooms(): readonly Room[];
}

export function createOperations(database: WatchedDatabase): SqliteLogOperations {
  const rooms = new RoomRows(database);
  const writer = new SqliteLogWriter(database, rooms);
  const reader = new SqliteLogReader(database, rooms);
  return {
    post: (draft) => writer.post(draft),
    join: ({ roomId, author }) => writer.join(roomId, author),
    joinAll: ({ roomIds, author }) => writer.joinAll(roomIds, author),
    leave: ({ roomId, authorId }) => writer.leave(roomId, authorId),
    ensureRoom: (room) => writer.ensureRoom(room),
    read: ({ roomId, range }) => reader.read(roomId, range),
    messages: ({ roomId, range }) => reader.messages(roomId, range),
    heads: (roomIds) => reader.heads(roomIds),
    standing: ({ roomId, limit }) => reader.standing(roomId, limit),
    roomsOf: (authorId) => reader.roomsOf(authorId),
    rooms: () => reader.rooms(),
  };
}
