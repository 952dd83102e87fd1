// A session: one connection's place in the chat, whatever it speaks. Both gateways translate into these few acts.
// It knows who is there and which rooms are followed; it knows neither JSON nor sockets.
import {
  type Author,
  type AuthorId,
  ChatError,
  type Cursor,
  type DraftContent,
  type DraftId,
  draftIdOf,
  type Entry,
  type HeadsEvent,
  type JoinedEvent,
  LIMITS,
  type PageCommand,
  type Position,
  type PostedEvent,
  type Room,
  type RoomId,
} from '@wireroom/protocol';
import type { Admission, Claim, Guests } from '../accounts/guests.ts';
import { entriesBytes, type Feed, type Reader, type Subscription } from '../feed/feed.ts';
import type { GatewayCounts, PostOutcome } from '../lib/counts.ts';
import type { FairTurns } from '../lib/fair-turns.ts';
import { jsonBytes } from '../lib/json-bytes.ts';
import { RandomPool } from '../lib/random-pool.ts';
import type { ConnectionRecording, ReadingEnd, StationMarks, Trail } from '../lib/stations.ts';
import type { BucketRate } from '../lib/token-bucket.ts';
import type { LogPage, MembershipChange, Presence, Rooms } from '../rooms/rooms.ts';
import { refusalOf } from './command-rate.ts';
import { Resume, type ResumedPart } from './resume.ts';

export interface SessionParts {
  readonly guests: Guests;
  readonly presence: Presence;
  readonly rooms: Rooms;
  readonly feed: Feed;
  /** What is counted of this gateway. */
  readonly counts: GatewayCounts;
  /** Of long answers: one piece each. */
  readonly turns: Pick<FairTurns, 'next'>;
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
export interface RoomState extends Omit<JoinedEvent, 'type' | 'ref' | 'gap' | 'entries'> {
  /** Lent: they are others' as well. */
  readonly entries: readonly Entry[];
  readonly gap?: { from: number; to: number };
  readonly start: () => void;
}

/** Room in an answer for everything but entries and members. */
const ENVELOPE_BYTES = 1024;
/** Room that entries leave for the names of members: of the longest names 25, of usual ones all that are listed. */
const MEMBERS_BYTES_MIN = 8 * 1024;
const ENTRIES_BYTES_MAX = LIMITS.answerBytesMax - ENVELOPE_BYTES;

/** In a crowd whose list is cut, the reader still stands on it: first. */
function withSelf(members: readonly Author[], self: Author): readonly Author[] {
  const isListed = members.some(({ authorId }) => authorId === self.authorId);
  return isListed ? members : [self, ...members.slice(0, LIMITS.membersListedMax - 1)];
}

/** Of a post that was not stored. */
function outcomeOf(error: unknown): PostOutcome {
  const isOurs = !(error instanceof ChatError) || ['storage-failed', 'internal'].includes(error.code);
  return isOurs ? 'failed' : 'refused';
}

function thatFit(members: readonly Author[], bytesMax: number): Author[] {
  let bytesLeft = bytesMax;
  return members.filter((member) => {
    bytesLeft -= jsonBytes(member) + 1;
    return bytesLeft >= 0;
  });
}

/** Of the ids of drafts that come without one. */
const random = new RandomPool();

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

  greet(claim: Claim): Promise<Admission> {
    return this.#greetBy(() => this.#parts.guests.admit(claim));
  }

  /** Greets somebody of whose token only the hash is at hand (a Socket.IO session that is recovered). */
  async greetAgain(tokenHash: string): Promise<Author> {
    const { author } = await this.#greetBy(async () => ({
      author: await this.#parts.guests.readmit(tokenHash),
    }));
    return author;
  }

  async #greetBy<T extends { readonly author: Author }>(admit: () => Promise<T>): Promise<T> {
    if (this.#authorId !== undefined || this.#isGreeting) throw new ChatError('already-greeted');
    this.#isGreeting = true;
    try {
      const admission = await admit();
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
    return this.#enterWith(ref, async (room, subscription, { position: head }) => {
      const state = await this.#readState(room, cursor, head);
      this.#parts.counts.resumed[state.resume] += 1;
      this.#recording?.resumed({
        roomId: room.roomId,
        ...(cursor && { cursor }),
        position: state.position,
        answer: state.resume,
        entriesReplayed: state.entries.length,
      });
      // After the position: who comes or goes meanwhile, and what is renamed, is in the entries that follow, and counts once either way.
      const standing = await this.#parts.rooms.standing(room, LIMITS.membersListedMax);
      const { title, topic, members, memberCount } = standing;
      const bytesLeft = ENTRIES_BYTES_MAX - entriesBytes(state.entries);
      const start = (): void => subscription.start(state.position);
      return {
        room: { ...room, title, topic },
        ...state,
        members: thatFit(withSelf(members, this.author), bytesLeft),
        memberCount,
        start,
      };
    });
  }

  /** Comes back to many rooms at once, each from its cursor (rule F1). Rejects if they could not be entered. */
  async *resume(cursors: readonly Cursor[]): AsyncGenerator<ResumedPart, void, undefined> {
    const resume = new Resume(cursors, {
      rooms: this.#parts.rooms,
      feed: this.#parts.feed,
      author: this.author,
      follow: (room) => this.#follow(room),
      unfollow: (roomId) => this.#unfollow(roomId),
      recording: this.#recording,
      counts: this.#parts.counts,
      turns: this.#parts.turns,
    });
    for await (const part of resume.parts()) {
      if (this.#followed.size > 0) this.#hasCome();
      yield part;
    }
  }

  /** Enters a room without a backlog: the reader gets the author's own join entry, and everything after it. */
  async enter(ref: string): Promise<void> {
    await this.#enterWith(ref, async (_room, subscription, { position, entries }) => {
      this.#reader.deliver(entries);
      subscription.start(position);
    });
  }

  /** Enters a room and reads on from the cursor, as live entries: what was missed, then what comes. */
  async enterFrom(ref: string, cursor: Position): Promise<void> {
    await this.#enterWith(ref, async ({ roomId }, subscription, { position }) => {
      const entriesReplayed = position.seq - cursor.seq;
      if (position.epoch !== cursor.epoch || entriesReplayed < 0)
        throw new ChatError('internal', { message: 'The cursor is of another log.' });
      this.#recording?.resumed({ roomId, cursor, position, answer: 'caught-up', entriesReplayed });
      this.#parts.counts.resumed['caught-up'] += 1;
      subscription.start(position, cursor.seq);
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
    { draftId, content }: { readonly draftId: DraftId | undefined; readonly content: DraftContent },
    trail?: Trail,
  ): Promise<Omit<PostedEvent, 'type' | 'ref'>> {
    const { posts } = this.#parts.counts;
    try {
      const { author } = this;
      const room = this.#parts.rooms.find(ref);
      const id = draftId ?? draftIdOf(Date.now(), random.take(16));
      const writing = { author, draftId: id, content };
      const { entry, isRepeat } = await this.#parts.rooms.post(room, writing, trail);
      posts[isRepeat ? 'repeated' : 'stored'] += 1;
      return { roomId: entry.roomId, draftId: id, seq: entry.seq, at: entry.at };
    } catch (error) {
      posts[outcomeOf(error)] += 1;
      trail?.refused?.(refusalOf(error).code);
      throw error;
    }
  }

  async page(command: PageCommand): Promise<LogPage & { readonly room: Room }> {
    const { authorId } = this.author;
    const room = this.#parts.rooms.find(command.room);
    const page = await this.#parts.feed.readNow(room.roomId, {
      ...(command.after === undefined ? {} : { after: command.after }),
      ...(command.before === undefined ? {} : { before: command.before }),
      limit: command.limit ?? LIMITS.pageEntriesDefault,
      bytesMax: ENTRIES_BYTES_MAX,
      ...(command.withStates === true && { statesFor: authorId }),
    });
    return { room, ...page };
  }

  /** Where those of the followed rooms stand that have grown since this was last asked. */
  *heads(): Generator<HeadsEvent['heads'][number]> {
    for (const [roomId, subscription] of this.#followed) {
      const head = subscription.news();
      if (head !== undefined) yield [roomId, head.epoch, head.seq];
    }
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
      this.#hasCome();
      return await read(room, subscription, change);
    } catch (error) {
      this.#unfollow(room.roomId);
      throw error;
    }
  }

  #hasCome(): void {
    this.#hasEntered = true;
    this.#hasLeft = false;
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
    { roomId }: Room,
    cursor: Position | undefined,
    head: Position,
  ): Promise<Pick<RoomState, 'position' | 'resume' | 'entries' | 'gap' | 'hasMore'>> {
    const { feed } = this.#parts;
    const bytesMax = ENTRIES_BYTES_MAX - MEMBERS_BYTES_MIN;
    const isOurs = cursor !== undefined && cursor.epoch === head.epoch && cursor.seq <= head.seq;
    if (isOurs) {
      const range = { after: cursor.seq, limit: LIMITS.pageEntriesMax, bytesMax };
      const { position, entries, hasMore } = await feed.read(roomId, range, head);
      if (!hasMore) return { position, resume: 'caught-up', entries, hasMore: cursor.seq > 0 };
    }
    const newest = await feed.read(roomId, { limit: LIMITS.pageEntriesDefault, bytesMax }, head);
    const { position, entries, hasMore } = newest;
    if (cursor === undefined) return { position, resume: 'fresh', entries, hasMore };
    if (!isOurs) return { position, resume: 'reset', entries, hasMore };
    const gap = { from: cursor.seq + 1, to: (entries[0]?.seq ?? position.seq + 1) - 1 };
    return { position, resume: 'gap', entries, gap, hasMore };
  }
}
