// The answer to `resume`: a reader comes back to many rooms at once, each from its own cursor (rules F1, F4). It is made part
// by part, as the connection takes them, so that ten thousand rooms are neither one message nor one long turn.
import {
  type Author,
  ChatError,
  type Cursor,
  type Entry,
  LIMITS,
  type Position,
  type ResumedRoom,
  type Room,
  type RoomId,
} from '@wireroom/protocol';
import { entriesBytes, type Feed, type Subscription } from '../feed/feed.ts';
import { chunksOf } from '../lib/chunks.ts';
import type { GatewayCounts } from '../lib/counts.ts';
import type { FairTurns } from '../lib/fair-turns.ts';
import { jsonBytes } from '../lib/json-bytes.ts';
import type { ConnectionRecording } from '../lib/stations.ts';
import type { MembershipChange, Rooms } from '../rooms/rooms.ts';
import { refusalOf } from './command-rate.ts';
import { GATEWAY_LIMITS } from './limits.ts';

/** What a part says of one room. */
export type RoomAnswer = Lent<ResumedRoom>;

/** With entries that are lent: they are others' as well. */
type Lent<T> = T extends { entries: unknown }
  ? Omit<T, 'entries'> & { readonly entries: readonly Entry[] }
  : T;

/** Rooms of one message. Tell the reader, then call `start`: their later entries follow without a gap (rule F4). */
export interface ResumedPart {
  readonly rooms: readonly RoomAnswer[];
  readonly isLast: boolean;
  readonly start: () => void;
}

/** What the session lends. */
export interface ResumeParts {
  readonly rooms: Rooms;
  readonly feed: Feed;
  readonly author: Author;
  readonly follow: (room: Room) => Subscription;
  readonly unfollow: (roomId: RoomId) => void;
  readonly recording: ConnectionRecording | undefined;
  readonly counts: GatewayCounts;
  /** Many who come back hear of the same commit or read in the same moment: each goes on in its turn. */
  readonly turns: Pick<FairTurns, 'next'>;
}

/** A room that was asked for and is there. */
interface Asked {
  readonly name: string;
  readonly room: Room;
  readonly cursor: Position;
  readonly subscription: Subscription;
}

interface Entered extends Asked {
  /** Undefined: the log does not know the room. */
  readonly change: MembershipChange | undefined;
}

interface Answer {
  readonly resumed: RoomAnswer;
  /** Of its JSON. */
  readonly bytes: number;
  /** Absent: the room is not followed. */
  readonly start?: () => void;
}

/** Room in a part for what is not of a room, and in a room's answer for what is no entry. */
const PART_ENVELOPE_BYTES = 256;
const ROOM_ENVELOPE_BYTES = 512;
const PART_BYTES_MAX = LIMITS.answerBytesMax - PART_ENVELOPE_BYTES;

export class Resume {
  readonly #parts: ResumeParts;
  readonly #cursors: readonly Cursor[];
  readonly #seen = new Set<RoomId>();
  readonly #entered: Entered[] = [];
  /** Those that are not to be had, whatever the log says. */
  readonly #refused: Answer[] = [];
  #entryBytesLeft: number = LIMITS.resumeBytesMax;
  #recordsLeft: number = GATEWAY_LIMITS.resumesRecordedMax;

  constructor(cursors: readonly Cursor[], parts: ResumeParts) {
    this.#parts = parts;
    this.#cursors = cursors;
  }

  /** Enters the rooms and answers for each, at least one part. Rejects if they could not be entered; then none is followed. */
  async *parts(): AsyncGenerator<ResumedPart, void, undefined> {
    await this.#enter();
    await this.#parts.turns.next();
    let part = new Part();
    for await (const answers of this.#answers()) {
      for (const answer of answers) {
        if (!part.hasRoomFor(answer)) {
          yield part.closed({ isLast: false });
          part = new Part();
        }
        this.#parts.counts.resumed[answer.resumed.resume] += 1;
        part.add(answer);
      }
    }
    yield part.closed({ isLast: true });
  }

  /** Some rooms at a time, each followed first: what is written from then on is not missed. */
  async #enter(): Promise<void> {
    const { rooms, author, unfollow } = this.#parts;
    try {
      for (const cursors of chunksOf(this.#cursors, GATEWAY_LIMITS.resumeEntersMax)) {
        const some = cursors.map((cursor) => this.#follow(cursor)).filter((asked) => asked !== undefined);
        const changes = await rooms.joinAll(
          some.map(({ room }) => room),
          author,
        );
        for (const [index, asked] of some.entries()) this.#entered.push({ ...asked, change: changes[index] });
      }
    } catch (error) {
      for (const roomId of this.#seen) unfollow(roomId);
      throw error;
    }
  }

  /** Undefined: the room is not to be had. */
  #follow([name, epoch, seq]: Cursor): Asked | undefined {
    try {
      const room = this.#parts.rooms.find(name);
      if (this.#seen.has(room.roomId))
        throw new ChatError('bad-command', { message: 'The room is named twice.' });
      this.#seen.add(room.roomId);
      return { name, room, cursor: { epoch, seq }, subscription: this.#parts.follow(room) };
    } catch (error) {
      this.#refused.push(refusedAnswer(name, error));
      return undefined;
    }
  }

  async *#answers(): AsyncGenerator<readonly Answer[]> {
    yield this.#refused;
    for (const some of chunksOf(this.#entered, GATEWAY_LIMITS.resumeReadsMax)) {
      yield await Promise.all(some.map((one) => this.#answer(one)));
    }
  }

  async #answer({ change, ...asked }: Entered): Promise<Answer> {
    try {
      if (change === undefined) throw new ChatError('no-room');
      return await this.#answerFrom(asked, change.position);
    } catch (error) {
      this.#parts.unfollow(asked.room.roomId);
      return refusedAnswer(asked.name, error);
    }
  }

  async #answerFrom(asked: Asked, head: Position): Promise<Answer> {
    const { room, cursor } = asked;
    if (head.epoch !== cursor.epoch || cursor.seq > head.seq) {
      this.#parts.unfollow(room.roomId);
      this.#record(asked, head, 'reset', 0);
      return answer({ resume: 'reset', room: asked.name, roomId: room.roomId, position: head });
    }
    if (cursor.seq === head.seq) return this.#caughtUp(asked, head, []);
    if (this.#entryBytesLeft <= 0) return this.#gap(asked, head, []);
    const range = {
      limit: LIMITS.pageEntriesMax,
      bytesMax: Math.min(PART_BYTES_MAX - ROOM_ENVELOPE_BYTES, this.#entryBytesLeft),
    };
    const missed = await this.#parts.feed.read(room.roomId, { after: cursor.seq, ...range }, head);
    if (!missed.hasMore && this.#spend(missed.entries))
      return this.#caughtUp(asked, missed.position, missed.entries);
    const newest = await this.#parts.feed.read(room.roomId, range, head);
    const entries = this.#spend(newest.entries) ? newest.entries : [];
    return this.#gap(asked, newest.position, entries);
  }

  #caughtUp(asked: Asked, position: Position, entries: readonly Entry[]): Answer {
    const { name, room, subscription } = asked;
    this.#record(asked, position, 'caught-up', entries.length);
    return answer({ resume: 'caught-up', room: name, roomId: room.roomId, position, entries }, () =>
      subscription.start(position),
    );
  }

  /** What was missed is more than fits: the newest of it, and the seqs that are left out. */
  async #gap(asked: Asked, position: Position, entries: readonly Entry[]): Promise<Answer> {
    const { name, room, subscription, cursor } = asked;
    const gap = { from: cursor.seq + 1, to: (entries[0]?.seq ?? position.seq + 1) - 1 };
    // After the position, as everything that is told of a room beside its entries.
    const { title, topic, memberCount } = await this.#parts.rooms.standing(room, 0);
    await this.#parts.turns.next();
    this.#record(asked, position, 'gap', entries.length);
    const about = { room: name, roomId: room.roomId, title, topic, memberCount };
    return answer({ resume: 'gap', ...about, position, gap, entries }, () => subscription.start(position));
  }

  /** May these entries come along? */
  #spend(entries: readonly Entry[]): boolean {
    const bytes = entriesBytes(entries);
    if (bytes > this.#entryBytesLeft) return false;
    this.#entryBytesLeft -= bytes;
    return true;
  }

  #record(
    { room, cursor }: Asked,
    position: Position,
    how: 'caught-up' | 'gap' | 'reset',
    entriesReplayed: number,
  ): void {
    if (this.#parts.recording === undefined || this.#recordsLeft === 0) return;
    this.#recordsLeft -= 1;
    this.#parts.recording.resumed({ roomId: room.roomId, cursor, position, answer: how, entriesReplayed });
  }
}

/** A message in the making. */
class Part {
  readonly #answers: Answer[] = [];
  #bytes = 0;

  /** One room always fits. */
  hasRoomFor({ bytes }: Answer): boolean {
    return this.#answers.length === 0 || this.#bytes + bytes + 1 <= PART_BYTES_MAX;
  }

  add(answer: Answer): void {
    this.#answers.push(answer);
    this.#bytes += answer.bytes + 1;
  }

  closed({ isLast }: { readonly isLast: boolean }): ResumedPart {
    return {
      rooms: this.#answers.map(({ resumed }) => resumed),
      isLast,
      start: () => {
        for (const { start } of this.#answers) start?.();
      },
    };
  }
}

function answer(resumed: RoomAnswer, start?: () => void): Answer {
  const entries = 'entries' in resumed ? resumed.entries : [];
  const bytes = jsonBytes({ ...resumed, entries: [] }) + entriesBytes(entries);
  return { resumed, bytes, ...(start !== undefined && { start }) };
}

function refusedAnswer(room: string, reason: unknown): Answer {
  const { code, message, retryAfterMs } = refusalOf(reason);
  return answer({
    resume: 'refused',
    room,
    code,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
