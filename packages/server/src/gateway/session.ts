// A session: one connection's place in the chat, whatever it speaks. Both gateways translate into these few acts.
// It knows who is there and which rooms are followed; it knows neither JSON nor sockets.
import { randomBytes } from 'node:crypto';
import {
  type Author,
  type AuthorId,
  ChatError,
  type DraftId,
  draftIdSchema,
  type JoinedEvent,
  LIMITS,
  type PageCommand,
  type Position,
  type PostedEvent,
  type Room,
  type RoomId,
  utf8Bytes,
} from '@wireroom/protocol';
import type { Admission, Claim, Guests } from '../accounts/guests.ts';
import type { Feed, Reader, Subscription } from '../feed/feed.ts';
import type { ConnectionRecording, ReadingEnd, StationMarks, Trail } from '../lib/stations.ts';
import type { BucketRate } from '../lib/token-bucket.ts';
import type { LogPage, MembershipChange, Presence, Rooms } from '../rooms/rooms.ts';

export interface SessionParts {
  readonly guests: Guests;
  readonly presence: Presence;
  readonly rooms: Rooms;
  readonly feed: Feed;
}

/** What each gateway's end of a connection needs beside that. */
export interface ConnectionParts extends SessionParts {
  /** How fast one connection may send commands; `undefined`: as fast as it likes. */
  readonly commandRate: BucketRate | undefined;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  /** What the stations say while somebody records. */
  readonly marks: StationMarks;
}

/** The state of a room at a position. Tell the reader, then call `start`: later entries follow without a gap (rule F4). */
export interface RoomState extends Omit<JoinedEvent, 'type' | 'ref' | 'gap'> {
  readonly gap?: { from: number; to: number };
  readonly start: () => void;
}

/** Room in an answer for everything but entries and members. */
const ENVELOPE_BYTES = 1024;
/** Room that entries leave for the names of members: of the longest names 25, of usual ones all that are listed. */
const MEMBERS_BYTES_MIN = 8 * 1024;
const ENTRIES_BYTES_MAX = LIMITS.answerBytesMax - ENVELOPE_BYTES;

const jsonBytes = (value: unknown): number => utf8Bytes(JSON.stringify(value));

/** In a crowd whose list is cut, the reader still stands on it: first. */
function withSelf(members: readonly Author[], self: Author): readonly Author[] {
  const isListed = members.some(({ authorId }) => authorId === self.authorId);
  return isListed ? members : [self, ...members.slice(0, LIMITS.membersListedMax - 1)];
}

function thatFit(members: readonly Author[], bytesMax: number): Author[] {
  let bytesLeft = bytesMax;
  return members.filter((member) => {
    bytesLeft -= jsonBytes(member) + 1;
    return bytesLeft >= 0;
  });
}

export class Session {
  readonly #parts: SessionParts;
  readonly #reader: Reader;
  readonly #recording: ConnectionRecording | undefined;
  readonly #followed = new Map<RoomId, Subscription>();
  #authorId: AuthorId | undefined;
  #reading: ReadingEnd | undefined;
  #isGreeting = false;
  #hasEntered = false;
  #hasLeft = false;
  #isEnded = false;

  constructor(parts: SessionParts, reader: Reader, recording?: ConnectionRecording) {
    this.#parts = parts;
    this.#reader = reader;
    this.#recording = recording;
  }

  /** Throws `hello-first` before the greeting. */
  get author(): Author {
    const author = this.#authorId === undefined ? undefined : this.#parts.guests.authorOf(this.#authorId);
    if (author === undefined) throw new ChatError('hello-first');
    return author;
  }

  /** Who reads here, as far as is known: for the marks of what is delivered. */
  readingOn(gateway: ReadingEnd['gateway']): ReadingEnd {
    const { connectionId } = this.#recording ?? {};
    const author = this.#authorId && this.#parts.guests.authorOf(this.#authorId);
    if (author === undefined) return { gateway, ...(connectionId !== undefined && { connectionId }) };
    if (this.#reading?.name !== author.name) {
      const { authorId, name } = author;
      this.#reading = { gateway, authorId, name, ...(connectionId !== undefined && { connectionId }) };
    }
    return this.#reading;
  }

  get isGreeted(): boolean {
    return this.#authorId !== undefined;
  }

  async greet(claim: Claim): Promise<Admission> {
    if (this.#authorId !== undefined || this.#isGreeting) throw new ChatError('already-greeted');
    this.#isGreeting = true;
    try {
      const admission = await this.#parts.guests.admit(claim);
      this.#authorId = admission.author.authorId;
      this.#parts.presence.arrive(this.#authorId);
      this.#recording?.belongsTo(this.#authorId);
      // The connection was cut while the name was being given: the grace period runs from here.
      if (this.#isEnded) this.#parts.presence.depart(this.#authorId);
      return admission;
    } finally {
      this.#isGreeting = false;
    }
  }

  /** Enters a room and reads its state, from the cursor on where there is one (rule F1). */
  async join(ref: string, cursor: Position | undefined): Promise<RoomState> {
    return this.#enterWith(ref, async (room, subscription) => {
      const state = await this.#readState(room, cursor);
      this.#recording?.resumed({
        roomId: room.roomId,
        ...(cursor && { cursor }),
        position: state.position,
        answer: state.resume,
        entriesReplayed: state.entries.length,
      });
      // After the position: whoever comes or goes meanwhile is in the entries that follow, and counts once either way.
      const { members, memberCount } = await this.#parts.rooms.members(room, LIMITS.membersListedMax);
      const bytesLeft = ENTRIES_BYTES_MAX - jsonBytes(state.entries);
      const start = (): void => subscription.start(state.position.seq);
      return {
        room,
        ...state,
        members: thatFit(withSelf(members, this.author), bytesLeft),
        memberCount,
        start,
      };
    });
  }

  /** Enters a room without a backlog: the reader gets the author's own join entry, and everything after it. */
  async enter(ref: string): Promise<void> {
    await this.#enterWith(ref, async (_room, subscription, { position, entries }) => {
      for (const entry of entries) this.#reader.deliver(entry);
      subscription.start(position.seq);
    });
  }

  async leave(ref: string): Promise<Room> {
    const { authorId } = this.author;
    const room = this.#parts.rooms.find(ref);
    this.#unfollow(room.roomId);
    await this.#parts.rooms.leave(room, authorId);
    this.#hasLeft = this.#followed.size === 0;
    return room;
  }

  async post(
    ref: string,
    { draftId, text }: { readonly draftId: DraftId | undefined; readonly text: string },
    trail?: Trail,
  ): Promise<Omit<PostedEvent, 'type' | 'ref'>> {
    const { author } = this;
    const room = this.#parts.rooms.find(ref);
    const id = draftId ?? draftIdSchema.parse(randomBytes(16).toString('base64url'));
    const { entry } = await this.#parts.rooms.post(room, { author, draftId: id, text }, trail);
    return { roomId: entry.roomId, draftId: entry.draftId, seq: entry.seq, at: entry.at };
  }

  async page(command: PageCommand): Promise<LogPage & { readonly room: Room }> {
    void this.author;
    const room = this.#parts.rooms.find(command.room);
    const page = await this.#parts.rooms.read(room, {
      ...(command.after === undefined ? {} : { after: command.after }),
      ...(command.before === undefined ? {} : { before: command.before }),
      limit: command.limit ?? LIMITS.pageEntriesDefault,
      bytesMax: ENTRIES_BYTES_MAX,
    });
    return { room, ...page };
  }

  /** The connection can take more again. */
  drained(): void {
    for (const subscription of this.#followed.values()) subscription.drained();
  }

  /** Goes for good: out of every room, the name given back, unless other sockets of the author stay. Hears of it itself. */
  async sayGoodbye(): Promise<void> {
    this.#hasLeft = true;
    await this.end();
  }

  /** The connection is gone. Whoever has left every room is gone with it; anybody else has the grace period to come back. */
  async end(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#authorId !== undefined) {
      this.#parts.presence.depart(this.#authorId);
      if (this.#hasLeft || (await this.#wasLedOut(this.#authorId)))
        await this.#parts.presence.dismiss(this.#authorId);
    }
    for (const roomId of [...this.#followed.keys()]) this.#unfollow(roomId);
  }

  /** Follows the room first and enters it then, so that nothing falls between (rule F4). */
  async #enterWith<T>(
    ref: string,
    read: (room: Room, subscription: Subscription, change: MembershipChange) => Promise<T>,
  ): Promise<T> {
    const { author } = this;
    const room = this.#parts.rooms.find(ref);
    const subscription = this.#follow(room);
    try {
      const change = await this.#parts.rooms.join(room, author);
      this.#hasEntered = true;
      this.#hasLeft = false;
      return await read(room, subscription, change);
    } catch (error) {
      this.#unfollow(room.roomId);
      throw error;
    }
  }

  /** Has another connection of the same author left every room that this one was in? */
  async #wasLedOut(authorId: AuthorId): Promise<boolean> {
    if (!this.#hasEntered || this.#parts.presence.isHere(authorId)) return false;
    try {
      return !(await this.#parts.rooms.isMemberAnywhere(authorId));
    } catch {
      // The log cannot tell now: the grace period runs, and leaving is tried after it.
      return false;
    }
  }

  #follow(room: Room): Subscription {
    this.#unfollow(room.roomId);
    const subscription = this.#parts.feed.subscribe(room.roomId, this.#reader);
    if (this.#isEnded) {
      subscription.end();
      return subscription;
    }
    this.#followed.set(room.roomId, subscription);
    this.#recording?.follows(room.roomId);
    return subscription;
  }

  #unfollow(roomId: RoomId): void {
    this.#followed.get(roomId)?.end();
    if (this.#followed.delete(roomId)) this.#recording?.unfollows(roomId);
  }

  async #readState(
    room: Room,
    cursor: Position | undefined,
  ): Promise<Pick<RoomState, 'position' | 'resume' | 'entries' | 'gap' | 'hasMore'>> {
    const { rooms } = this.#parts;
    const bytesMax = ENTRIES_BYTES_MAX - MEMBERS_BYTES_MIN;
    let isOurs = false;
    if (cursor !== undefined) {
      const missed = await rooms.read(room, { after: cursor.seq, limit: LIMITS.pageEntriesMax, bytesMax });
      const { position, entries, hasMore } = missed;
      isOurs = position.epoch === cursor.epoch && cursor.seq <= position.seq;
      if (isOurs && !hasMore) {
        return { position, resume: 'caught-up', entries: [...entries], hasMore: cursor.seq > 0 };
      }
    }
    const newest = await rooms.read(room, { limit: LIMITS.pageEntriesDefault, bytesMax });
    const { position, hasMore } = newest;
    const entries = [...newest.entries];
    if (cursor === undefined) return { position, resume: 'fresh', entries, hasMore };
    if (!isOurs) return { position, resume: 'reset', entries, hasMore };
    const gap = { from: cursor.seq + 1, to: (entries[0]?.seq ?? position.seq + 1) - 1 };
    return { position, resume: 'gap', entries, gap, hasMore };
  }
}
