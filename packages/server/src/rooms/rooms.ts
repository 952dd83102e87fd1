// Rooms: who may do what where. It asks the log to write, and puts a hint on the bus about what was written.
// It knows no socket; readers hear of new entries from feed/.
import {
  type Author,
  type AuthorId,
  ChatError,
  checkContent,
  type DraftContent,
  type DraftId,
  type Entry,
  type Position,
  type Room,
  type RoomId,
} from '@wireroom/protocol';
import type { Bus } from '../bus/bus.ts';
import { chunksOf } from '../lib/chunks.ts';
import { SharedReads } from '../lib/shared-reads.ts';
import type { Trail } from '../lib/stations.ts';
import type {
  Appended,
  Log,
  LogPage,
  LogRange,
  MembershipChange,
  MessagePage,
  Standing,
} from '../log/log.ts';
import type { PostRate } from './post-rate.ts';
import { RoomList } from './room-list.ts';

export type { LogPage, MembershipChange } from '../log/log.ts';
export type { Presence, Timers } from './presence.ts';

/** Rooms that are entered in one transaction. */
const ROOMS_PER_TRANSACTION = 500;

/** Who may change a room's title and topic: all of its members, or nobody. */
export type RoomEdits = 'members' | 'off';

/** What somebody wrote or did: not checked, not stored, not numbered. */
export interface Writing {
  readonly author: Author;
  readonly draftId: DraftId;
  readonly content: DraftContent;
}

export interface RoomsParts {
  readonly log: Log;
  readonly bus: Bus;
  readonly rate: PostRate;
  readonly roomEdits: RoomEdits;
}

export class Rooms {
  readonly #log: Log;
  readonly #bus: Bus;
  readonly #rate: PostRate;
  readonly #roomEdits: RoomEdits;
  readonly #list: RoomList;
  readonly #standings = new SharedReads<Standing>();
  /** Stored and not yet told of, in the order in which they were stored. */
  readonly #unannounced = new Map<RoomId, Entry[]>();

  constructor({ log, bus, rate, roomEdits }: RoomsParts) {
    this.#log = log;
    this.#bus = bus;
    this.#rate = rate;
    this.#roomEdits = roomEdits;
    this.#list = new RoomList({ log, bus });
  }

  /** Makes the lobby if there is none, and learns of all rooms. */
  async open(): Promise<void> {
    await this.#log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    await this.#list.refresh();
  }

  /** Looks whether the log knows rooms, titles and topics that no hint told of: called slowly, by a timer of the app. */
  refresh(): Promise<void> {
    return this.#list.refresh();
  }

  stop(): void {
    this.#list.stop();
  }

  list(): readonly Room[] {
    return this.#list.all();
  }

  /** By slug or by id. Throws `no-room`. */
  find(ref: string): Room {
    const room = this.#list.find(ref);
    if (room === undefined)
      throw new ChatError('no-room', { message: `There is no room "${ref.slice(0, 64)}".` });
    return room;
  }

  /** Membership is checked by the log, inside the transaction that stores the entry. Every draft costs the same. */
  async post(room: Room, writing: Writing, trail?: Trail): Promise<Appended> {
    const { roomId } = room;
    checkContent(writing.content);
    const { type } = writing.content;
    if (this.#roomEdits === 'off' && (type === 'rename' || type === 'topic'))
      throw new ChatError('room-fixed');
    this.#rate.take(writing.author.authorId);
    trail?.mark('admitted', { roomId, draftId: writing.draftId });
    const appended = await this.#log.post({ roomId, ...writing }, trail);
    trail?.mark('stored', { seq: appended.entry.seq });
    if (appended.isRepeat) return appended;
    // Before it is: with a bus inside this process the readers may have it when `publish` returns.
    trail?.mark('published');
    this.#announceSoon(roomId, appended.entry);
    return appended;
  }

  /** Writes a join entry, unless the author is a member already. */
  async join(room: Room, author: Author): Promise<MembershipChange> {
    const change = await this.#log.join(room.roomId, author);
    this.#announce(room.roomId, change.entries);
    return change;
  }

  /**
   * Enters many rooms, each as `join` does; in the order asked, `undefined` for one that the log does not know. In portions:
   * none of the transactions is long. If one fails, those before it stay entered.
   */
  async joinAll(rooms: readonly Room[], author: Author): Promise<readonly (MembershipChange | undefined)[]> {
    const changes: (MembershipChange | undefined)[] = [];
    const roomIds = rooms.map(({ roomId }) => roomId);
    for (const some of chunksOf(roomIds, ROOMS_PER_TRANSACTION)) {
      const changed = await this.#log.joinAll(some, author);
      for (const [index, roomId] of some.entries()) this.#announce(roomId, changed[index]?.entries ?? []);
      changes.push(...changed);
    }
    return changes;
  }

  async leave(room: Room, authorId: AuthorId): Promise<void> {
    const { entries } = await this.#log.leave(room.roomId, authorId);
    this.#announce(room.roomId, entries);
  }

  read(room: Room, range: LogRange): Promise<LogPage> {
    return this.#log.read(room.roomId, range);
  }

  /** Where the room's log stands. */
  async head({ roomId }: Room): Promise<Position> {
    const [head] = await this.#log.heads([roomId]);
    if (head === undefined) throw new ChatError('no-room');
    return head.position;
  }

  /** The messages as they stand now. */
  messages(room: Room, range: LogRange): Promise<MessagePage> {
    return this.#log.messages(room.roomId, range);
  }

  /** As the log has it: title, topic, up to `limit` members, and how many there are. */
  standing(room: Room, limit: number): Promise<Standing> {
    return this.#standings.of(`${limit} ${room.roomId}`, () => this.#log.standing(room.roomId, limit));
  }

  async isMember(authorId: AuthorId, roomId: string): Promise<boolean> {
    return (await this.#log.roomsOf(authorId)).some((joined) => joined === roomId);
  }

  async isMemberAnywhere(authorId: AuthorId): Promise<boolean> {
    return (await this.#log.roomsOf(authorId)).length > 0;
  }

  /**
   * Somebody is gone: out of all their rooms, unless `isBack`, which is asked before each since leaving takes time.
   * `whenLeft` runs before anybody is told.
   */
  async leaveAll(authorId: AuthorId, isBack: () => boolean, whenLeft: () => Promise<void>): Promise<void> {
    const left = new Map<RoomId, readonly Entry[]>();
    for (const roomId of await this.#log.roomsOf(authorId)) {
      if (isBack()) break;
      left.set(roomId, (await this.#log.leave(roomId, authorId)).entries);
    }
    await whenLeft();
    for (const [roomId, entries] of left) this.#announce(roomId, entries);
  }

  /** With the others that were stored by the same commit: their answers come one after the other before this is told. */
  #announceSoon(roomId: RoomId, entry: Entry): void {
    const waiting = this.#unannounced.get(roomId);
    if (waiting !== undefined) {
      waiting.push(entry);
      return;
    }
    this.#unannounced.set(roomId, [entry]);
    queueMicrotask(() => this.#announce(roomId, []));
  }

  #announce(roomId: RoomId, entries: readonly Entry[]): void {
    const before = this.#unannounced.get(roomId) ?? [];
    this.#unannounced.delete(roomId);
    if (before.length + entries.length > 0) this.#bus.publish({ roomId, entries: [...before, ...entries] });
  }
}
