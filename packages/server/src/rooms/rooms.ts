// Rooms: who may do what where. It asks the log to write, and puts a hint on the bus about what was written.
// It knows no socket; readers hear of new entries from feed/.
import {
  type Author,
  type AuthorId,
  ChatError,
  checkText,
  type DraftId,
  type Entry,
  type Room,
  type RoomId,
} from '@wireroom/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Trail } from '../lib/stations.ts';
import type { Appended, Log, LogPage, LogRange, Members, MembershipChange } from '../log/log.ts';
import type { PostRate } from './post-rate.ts';

export type { LogPage, MembershipChange } from '../log/log.ts';
export type { Presence } from './presence.ts';

/** A message as somebody wrote it: not checked, not stored, not numbered. */
export interface Writing {
  readonly author: Author;
  readonly draftId: DraftId;
  readonly text: string;
}

export class Rooms {
  readonly #log: Log;
  readonly #bus: Bus;
  readonly #rate: PostRate;
  readonly #byRef = new Map<string, Room>();

  constructor(parts: { readonly log: Log; readonly bus: Bus; readonly rate: PostRate }) {
    this.#log = parts.log;
    this.#bus = parts.bus;
    this.#rate = parts.rate;
  }

  /** Makes the lobby if there is none, and learns of all rooms. */
  async open(): Promise<void> {
    await this.#log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    for (const room of await this.#log.rooms()) {
      this.#byRef.set(room.slug, room);
      this.#byRef.set(room.roomId, room);
    }
  }

  list(): readonly Room[] {
    return [...new Set(this.#byRef.values())];
  }

  /** By slug or by id. Throws `no-room`. */
  find(ref: string): Room {
    const room = this.#byRef.get(ref);
    if (room === undefined)
      throw new ChatError('no-room', { message: `There is no room "${ref.slice(0, 64)}".` });
    return room;
  }

  /** Membership is checked by the log, inside the transaction that stores the message. */
  async post(room: Room, writing: Writing, trail?: Trail): Promise<Appended> {
    const { roomId } = room;
    checkText(writing.text);
    this.#rate.take(writing.author.authorId);
    trail?.mark('admitted', { roomId, draftId: writing.draftId });
    const appended = await this.#log.post({ roomId, ...writing }, trail);
    trail?.mark('stored', { seq: appended.entry.seq });
    if (appended.isRepeat) return appended;
    // Before it is: with a bus inside this process the readers have it when `publish` returns.
    trail?.mark('published');
    this.#announce(roomId, [appended.entry]);
    return appended;
  }

  /** Writes a join entry, unless the author is a member already. */
  async join(room: Room, author: Author): Promise<MembershipChange> {
    const change = await this.#log.join(room.roomId, author);
    this.#announce(room.roomId, change.entries);
    return change;
  }

  async leave(room: Room, authorId: AuthorId): Promise<void> {
    const { entries } = await this.#log.leave(room.roomId, authorId);
    this.#announce(room.roomId, entries);
  }

  read(room: Room, range: LogRange): Promise<LogPage> {
    return this.#log.read(room.roomId, range);
  }

  /** Up to `limit` members, and how many there are. */
  members(room: Room, limit: number): Promise<Members> {
    return this.#log.members(room.roomId, limit);
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

  #announce(roomId: RoomId, entries: readonly Entry[]): void {
    if (entries.length > 0) this.#bus.publish({ roomId, entries });
  }
}
