// The feed: brings every reader of a room every entry of its log, once, in order (rules F2, F3, F4).
// Hints from the bus are only hints: a room's feed checks their numbers and reads what is missing from the log.
// A reader that does not keep up is not pushed to; it reads the log from its own cursor once it drains.
import type { Position, RoomId } from '@wireroom/protocol';
import type { Bus } from '../bus/bus.ts';
import { chunksOf } from '../lib/chunks.ts';
import { type FeedCounts, newFeedCounts } from '../lib/counts.ts';
import type { FairTurns } from '../lib/fair-turns.ts';
import type { Log, LogPage, LogRange } from '../log/log.ts';
import { FEED_LIMITS } from './limits.ts';
import { RoomFeed } from './room-feed.ts';
import type { Reader, Subscription } from './subscription.ts';
import { Tails } from './tails.ts';

export { bytesOf, entriesBytes, listJson } from './entry-json.ts';
export type { Reader, Subscription } from './subscription.ts';

const READ = { limit: FEED_LIMITS.readEntriesMax, bytesMax: FEED_LIMITS.readBytesMax } as const;

export class Feed {
  readonly #log: Pick<Log, 'read' | 'heads'>;
  readonly #tails: Tails;
  readonly #turns: Pick<FairTurns, 'next'>;
  readonly #onError: (error: unknown) => void;
  readonly #counts: FeedCounts;
  readonly #onRound: (entries: number) => void;
  readonly #rooms = new Map<RoomId, RoomFeed>();
  readonly #stopListening: () => void;

  constructor(parts: {
    readonly log: Pick<Log, 'read' | 'heads'>;
    readonly bus: Bus;
    readonly onError: (error: unknown) => void;
    /** For pages of the log that go to one reader. */
    readonly turns: Pick<FairTurns, 'next'>;
    readonly counts?: FeedCounts;
    /** So many new entries have been handed to all who follow their room, in the turn in which their hint came. */
    readonly onRound?: (entries: number) => void;
  }) {
    this.#log = parts.log;
    this.#tails = new Tails(parts.log);
    this.#turns = parts.turns;
    this.#onError = parts.onError;
    this.#counts = parts.counts ?? newFeedCounts();
    this.#onRound = parts.onRound ?? (() => undefined);
    this.#stopListening = parts.bus.subscribe(({ roomId, entries }) => {
      this.#tails.take(roomId, entries);
      this.#rooms.get(roomId)?.hear(entries);
    });
  }

  /**
   * Begins to follow a room. Nothing is delivered before `start`: subscribe first, then read the state, then start at the
   * state's position, and nothing falls in between (rule F4).
   */
  subscribe(roomId: RoomId, reader: Reader): Subscription {
    const room = this.#rooms.get(roomId) ?? this.#open(roomId);
    return room.add(reader);
  }

  /** A page of a room's log as it stands at `head` or later; out of memory where that reaches. */
  read(roomId: RoomId, range: LogRange, head: Position): Promise<LogPage> {
    return this.#tails.read(roomId, range, head);
  }

  /** A page of a room's log as it stands now. */
  readNow(roomId: RoomId, range: LogRange): Promise<LogPage> {
    return this.#tails.readNow(roomId, range);
  }

  /** Looks whether a hint was lost altogether: one question for all rooms, asked slowly, by a timer of the app. */
  async checkHeads(): Promise<void> {
    try {
      for (const roomIds of chunksOf([...this.#rooms.keys()], FEED_LIMITS.headsPerReadMax)) {
        for (const { roomId, position } of await this.#log.heads(roomIds))
          this.#rooms.get(roomId)?.learn(position);
      }
    } catch (error) {
      this.#onError(error);
    }
  }

  stop(): void {
    this.#stopListening();
    for (const room of this.#rooms.values()) room.end();
    this.#rooms.clear();
  }

  #open(roomId: RoomId): RoomFeed {
    const room = new RoomFeed({
      // What a hint did not bring is not in the tail either.
      readOn: async (after) => {
        const page = await this.#log.read(roomId, { after, ...READ });
        this.#tails.take(roomId, page.entries);
        return page;
      },
      readFor: async (after, head) => {
        await this.#turns.next();
        return this.#tails.read(roomId, { after, ...READ }, head);
      },
      onEmpty: () => this.#rooms.delete(roomId),
      onError: this.#onError,
      counts: this.#counts,
      onRound: this.#onRound,
    });
    this.#rooms.set(roomId, room);
    return room;
  }
}
