// The log on SQLite, main-thread side: each call rides in a batch to the database thread and back. What happens there,
// down to the line that assigns a message its number, is in sqlite-log-operations.ts.
import type { Author, AuthorId, Room, RoomId } from '@wireroom/protocol';
import { moduleBeside } from '../db/operation-module.ts';
import type { Attached, Ride, SqliteClient } from '../db/sqlite-client.ts';
import type { BatchTimes, Trail } from '../lib/stations.ts';
import { stampedEntry } from './entry-row.ts';
import { KnownHeads } from './known-heads.ts';
import type {
  Appended,
  Draft,
  Head,
  Log,
  LogPage,
  LogRange,
  MembershipChange,
  MessagePage,
  Standing,
} from './log.ts';
import type { SqliteLogOperations } from './sqlite-log-operations.ts';
import { textBytes } from './text-bytes.ts';

export class SqliteLog implements Log {
  readonly #thread: Attached<SqliteLogOperations>;
  readonly #heads = new KnownHeads();

  constructor(client: SqliteClient) {
    this.#thread = client.attach<SqliteLogOperations>(
      moduleBeside('./sqlite-log-operations', import.meta.url),
    );
  }

  post(draft: Draft, trail?: Trail): Promise<Appended> {
    const ride = { bytes: textBytes(draft.content), goesFirst: true };
    return this.#post(draft, trail === undefined ? ride : { ...ride, timed: timesOf(trail) });
  }

  async #post(draft: Draft, ride: Ride): Promise<Appended> {
    const answer = await this.#thread.write('post', draft, ride);
    const { roomId, author, draftId, content } = draft;
    if ('entry' in answer) {
      const { epoch, seq } = answer.entry;
      // A draft that was stored before tells an old number.
      if (!answer.isRepeat) this.#heads.learn(roomId, { epoch, seq });
      return answer;
    }
    const { epoch, stamp } = answer;
    this.#heads.learn(roomId, { epoch, seq: stamp.seq });
    return {
      entry: stampedEntry({ roomId, epoch }, stamp, { author, draftId, ...content }),
      isRepeat: false,
    };
  }

  async join(roomId: RoomId, author: Author): Promise<MembershipChange> {
    const change = await this.#thread.write('join', { roomId, author });
    this.#heads.learn(roomId, change.position);
    return change;
  }

  async leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange> {
    const change = await this.#thread.write('leave', { roomId, authorId });
    this.#heads.learn(roomId, change.position);
    return change;
  }

  read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    return this.#thread.read('read', { roomId, range });
  }

  messages(roomId: RoomId, range: LogRange): Promise<MessagePage> {
    return this.#thread.read('messages', { roomId, range });
  }

  async heads(roomIds: readonly RoomId[]): Promise<readonly Head[]> {
    const known = this.#heads.of(roomIds);
    if (known !== undefined) return known;
    const heads = await this.#thread.read('heads', roomIds);
    for (const { roomId, position } of heads) this.#heads.learn(roomId, position);
    // Some may have been told of by a write meanwhile.
    return this.#heads.of(heads.map(({ roomId }) => roomId)) ?? heads;
  }

  async joinAll(
    roomIds: readonly RoomId[],
    author: Author,
  ): Promise<readonly (MembershipChange | undefined)[]> {
    const bytes = roomIds.length * ROOM_ID_BYTES;
    const changes = await this.#thread.write('joinAll', { roomIds, author }, { bytes });
    for (const [index, roomId] of roomIds.entries()) {
      const change = changes[index];
      if (change !== undefined) this.#heads.learn(roomId, change.position);
    }
    return changes;
  }

  standing(roomId: RoomId, limit: number): Promise<Standing> {
    return this.#thread.read('standing', { roomId, limit });
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

function timesOf(trail: Trail): NonNullable<Ride['timed']> {
  return ({ begunAt, committedAt, size: batchSize }: BatchTimes): void => {
    trail.mark('batched', { at: begunAt, batchSize });
    trail.mark('committed', { at: committedAt, batchSize });
  };
}

/** In memory: an id of 24 characters and its place in a list. */
const ROOM_ID_BYTES = 48;
