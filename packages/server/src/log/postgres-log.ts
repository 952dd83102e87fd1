// The log on PostgreSQL: writes ride in batches, one transaction each (db/postgres-lane.ts), reads are single statements on
// sessions of their own. Several servers may share one database: what keeps their numbers without a gap is in room-work.ts.
import { randomBytes } from 'node:crypto';
import {
  type Author,
  type AuthorId,
  ChatError,
  type Room,
  type RoomId,
  roomIdSchema,
} from '@wireroom/protocol';
import type { Postgres, PostgresSession } from '../db/postgres.ts';
import { outcomeOf, PostgresLane, type PostgresLaneOptions } from '../db/postgres-lane.ts';
import type { Call, Outcome } from '../db/thread-port.ts';
import type { BatchTimes, Trail } from '../lib/stations.ts';
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
import { LogBatch } from './postgres-log-batch.ts';
import { PostgresLogReader, roomFromRow } from './postgres-log-reader.ts';
import type { RoomWork } from './room-work.ts';
import { textBytes } from './text-bytes.ts';

/** What rides in a batch. */
type Write =
  | { readonly type: 'post'; readonly draft: Draft }
  | { readonly type: 'join'; readonly roomId: RoomId; readonly author: Author }
  | { readonly type: 'joinAll'; readonly roomIds: readonly RoomId[]; readonly author: Author }
  | { readonly type: 'leave'; readonly roomId: RoomId; readonly authorId: AuthorId };

export class PostgresLog implements Log {
  readonly #database: Postgres;
  readonly #lane: PostgresLane;
  readonly #reader: PostgresLogReader;

  constructor(
    database: Postgres,
    bounds: Pick<PostgresLaneOptions, 'batchMax' | 'waitingMax' | 'timeoutMs' | 'watch'> = {},
  ) {
    this.#database = database;
    this.#lane = new PostgresLane({ database, perform: performWrites, ...bounds });
    this.#reader = new PostgresLogReader({ query: (statement, values) => database.read(statement, values) });
  }

  /** How many writes wait for their batch. */
  get waitingCount(): number {
    return this.#lane.waitingCount;
  }

  /** How many transactions have been sent for commit. */
  get commitCount(): number {
    return this.#lane.commitCount;
  }

  async post(draft: Draft, trail?: Trail): Promise<Appended> {
    const write: Write = { type: 'post', draft };
    const bytes = textBytes(draft.content);
    if (trail === undefined) return (await this.#lane.submit('post', write, { bytes })) as Appended;
    const timed = ({ begunAt, committedAt, size: batchSize }: BatchTimes): void => {
      trail.mark('batched', { at: begunAt, batchSize });
      trail.mark('committed', { at: committedAt, batchSize });
    };
    return (await this.#lane.submit('post', write, { bytes, timed })) as Appended;
  }

  async join(roomId: RoomId, author: Author): Promise<MembershipChange> {
    return (await this.#write({ type: 'join', roomId, author })) as MembershipChange;
  }

  async joinAll(
    roomIds: readonly RoomId[],
    author: Author,
  ): Promise<readonly (MembershipChange | undefined)[]> {
    return (await this.#write({ type: 'joinAll', roomIds, author })) as (MembershipChange | undefined)[];
  }

  async leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange> {
    return (await this.#write({ type: 'leave', roomId, authorId })) as MembershipChange;
  }

  read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    return this.#reader.read(roomId, range);
  }

  messages(roomId: RoomId, range: LogRange): Promise<MessagePage> {
    return this.#reader.messages(roomId, range);
  }

  heads(roomIds: readonly RoomId[]): Promise<readonly Head[]> {
    return this.#reader.heads(roomIds);
  }

  standing(roomId: RoomId, limit: number): Promise<Standing> {
    return this.#reader.standing(roomId, limit);
  }

  roomsOf(authorId: AuthorId): Promise<readonly RoomId[]> {
    return this.#reader.roomsOf(authorId);
  }

  rooms(): Promise<readonly Room[]> {
    return this.#reader.rooms();
  }

  async ensureRoom({ slug, title }: { readonly slug: string; readonly title: string }): Promise<Room> {
    const roomId = roomIdSchema.parse(`r_${randomBytes(16).toString('base64url')}`);
    const epoch = randomBytes(16).toString('base64url');
    await this.#database.read(
      `INSERT INTO rooms (room_id, slug, title, epoch, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (slug) DO NOTHING`,
      [roomId, slug, title, epoch, Date.now()],
    );
    const [row] = await this.#database.read('SELECT room_id, slug, title, topic FROM rooms WHERE slug = $1', [
      slug,
    ]);
    if (row === undefined) throw new Error(`Room ${slug} is neither there nor can it be made`);
    return roomFromRow(row);
  }

  /** Writes what waits. The database is its owner's to close. */
  close(): Promise<void> {
    return this.#lane.close();
  }

  #write(write: Write): Promise<unknown> {
    return this.#lane.submit(write.type, write);
  }
}

async function performWrites(session: PostgresSession, calls: readonly Call[]): Promise<readonly Outcome[]> {
  // What `submit` was given above comes back as it was: it has never left this process.
  const writes = calls.map(({ input }) => input as Write);
  const batch = await LogBatch.lock(session, {
    drafts: writes.flatMap((write) => (write.type === 'post' ? [write.draft] : [])),
    members: writes.flatMap((write) => {
      if (write.type === 'post') return [];
      const authorId = write.type === 'leave' ? write.authorId : write.author.authorId;
      const roomIds = write.type === 'joinAll' ? write.roomIds : [write.roomId];
      return roomIds.map((roomId) => ({ roomId, authorId }));
    }),
  });
  const outcomes = writes.map((write) => outcomeOf(() => perform(batch, write)));
  await batch.write();
  return outcomes;
}

function perform(batch: LogBatch, write: Write): Appended | MembershipChange | readonly unknown[] {
  const inRoom = (roomId: RoomId): RoomWork => {
    const work = batch.work(roomId);
    if (work === undefined) throw new ChatError('no-room');
    return work;
  };
  switch (write.type) {
    case 'post':
      return inRoom(write.draft.roomId).post(write.draft);
    case 'join':
      return inRoom(write.roomId).join(write.author);
    case 'leave':
      return inRoom(write.roomId).leave(write.authorId);
    case 'joinAll':
      return write.roomIds.map((roomId) => batch.work(roomId)?.join(write.author));
  }
}
