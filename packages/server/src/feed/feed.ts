// The feed: brings every reader of a room every entry of its log, once, in order (rules F2, F3, F4).
// Hints from the bus are only hints: a room's feed checks their numbers and reads what is missing from the log.
// A reader that does not keep up is not pushed to; it reads the log from its own cursor once it drains.
import type { Entry, RoomId } from '@wireroom/protocol';
import type { Bus } from '../bus/bus.ts';
import type { Log } from '../log/log.ts';
import { type Reader, Subscription } from './subscription.ts';

export type { Reader, Subscription } from './subscription.ts';

/** One read of the log on a reader's behalf: at most this much (rule H1). */
const READ = { limit: 200, bytesMax: 64 * 1024 } as const;

export class Feed {
  readonly #log: Pick<Log, 'read'>;
  readonly #onError: (error: unknown) => void;
  readonly #rooms = new Map<RoomId, RoomFeed>();
  readonly #stopListening: () => void;

  constructor(parts: {
    readonly log: Pick<Log, 'read'>;
    readonly bus: Bus;
    readonly onError: (error: unknown) => void;
  }) {
    this.#log = parts.log;
    this.#onError = parts.onError;
    this.#stopListening = parts.bus.subscribe((hint) => this.#rooms.get(hint.roomId)?.hear(hint.entries));
  }

  /**
   * Begins to follow a room. Nothing is delivered before `start`: subscribe first, then read the state, then start at the
   * state's position, and nothing falls in between (rule F4).
   */
  subscribe(roomId: RoomId, reader: Reader): Subscription {
    const room = this.#rooms.get(roomId) ?? this.#open(roomId);
    return room.add(reader);
  }

  /** Looks whether a hint was lost altogether: called slowly, by a timer of the app. */
  checkHeads(): void {
    for (const room of this.#rooms.values()) room.check();
  }

  stop(): void {
    this.#stopListening();
    for (const room of this.#rooms.values()) room.end();
    this.#rooms.clear();
  }

  #open(roomId: RoomId): RoomFeed {
    const room = new RoomFeed({
      read: (after) => this.#log.read(roomId, { after, ...READ }),
      onEmpty: () => this.#rooms.delete(roomId),
      onError: this.#onError,
    });
    this.#rooms.set(roomId, room);
    return room;
  }
}

interface RoomFeedParts {
  readonly read: (
    after: number,
  ) => Promise<{ readonly entries: readonly Entry[]; readonly hasMore: boolean }>;
  readonly onEmpty: () => void;
  readonly onError: (error: unknown) => void;
}

/** One room on this node: how far its log is known to go, and who follows it. */
class RoomFeed {
  readonly #parts: RoomFeedParts;
  readonly #subscriptions = new Set<Subscription>();
  /** The last seq that is known, without a gap before it; undefined until somebody has told. */
  #head: number | undefined;
  #isReading = false;
  #isToldOfMore = false;

  constructor(parts: RoomFeedParts) {
    this.#parts = parts;
  }

  add(reader: Reader): Subscription {
    const subscription = new Subscription({
      reader,
      read: this.#parts.read,
      head: () => this.#head ?? 0,
      learnHead: (seq) => {
        // Only where nobody has told yet: raising a known head would hide the entries before it from the other readers.
        this.#head ??= seq;
      },
      onEnd: (ended) => {
        this.#subscriptions.delete(ended);
        if (this.#subscriptions.size === 0) this.#parts.onEmpty();
      },
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  hear(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.#head === undefined) this.#head = entry.seq;
      else if (entry.seq <= this.#head) continue;
      else if (entry.seq === this.#head + 1 && !this.#isReading) this.#advance(entry);
      else this.check();
    }
  }

  /** Reads on from the head: what hints did not bring, the log does. */
  check(): void {
    this.#isToldOfMore = true;
    if (this.#isReading || this.#head === undefined) return;
    this.#isReading = true;
    this.#catchUp(this.#head)
      .catch((error: unknown) => {
        // The next hint or the slow check tries again; trying at once would spin on a log that cannot be read.
        this.#isToldOfMore = false;
        this.#parts.onError(error);
      })
      .finally(() => {
        this.#isReading = false;
        // What was told after the last read had been asked for, and before this line.
        if (this.#isToldOfMore) this.check();
      });
  }

  end(): void {
    for (const subscription of [...this.#subscriptions]) subscription.end();
  }

  async #catchUp(from: number): Promise<void> {
    let head = from;
    while (this.#isToldOfMore) {
      this.#isToldOfMore = false;
      const page = await this.#parts.read(head);
      for (const entry of page.entries) this.#advance(entry);
      head = page.entries.at(-1)?.seq ?? head;
      if (page.hasMore) this.#isToldOfMore = true;
    }
  }

  #advance(entry: Entry): void {
    this.#head = entry.seq;
    for (const subscription of this.#subscriptions) subscription.offer(entry);
  }
}
