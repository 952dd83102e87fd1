// The chat itself, without a socket or a database in sight: rooms, guests, presence and feed on ports that are given. app.ts
// gives it the real ones; the simulator gives it ones that lose, delay and fail.
import type { AuthorId } from '@wireroom/protocol';
import type { GuestStore } from './accounts/guest-store.ts';
import { Guests, type RandomBytes } from './accounts/guests.ts';
import type { Bus } from './bus/bus.ts';
import { Feed } from './feed/feed.ts';
import type { FeedCounts } from './lib/counts.ts';
import { type FairTurns, turns as processTurns } from './lib/fair-turns.ts';
import type { BucketRate } from './lib/token-bucket.ts';
import type { Log } from './log/log.ts';
import { PostRate } from './rooms/post-rate.ts';
import { Presence, type Timers } from './rooms/presence.ts';
import { type RoomEdits, Rooms } from './rooms/rooms.ts';

export interface ChatPorts {
  readonly log: Log;
  readonly guestStore: GuestStore;
  readonly bus: Bus;
  /** How fast one author may write; `undefined`: as fast as they like. */
  readonly rateLimit: BucketRate | undefined;
  /** May members change title and topic of a room? Default: they may. */
  readonly roomEdits?: RoomEdits;
  /** How long somebody whose last connection is gone stays a member, in milliseconds. */
  readonly graceMs: number;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  readonly timers: Timers;
  /** Of ids and tokens. Default: the system's. */
  readonly randomBytes?: RandomBytes;
  /** Of long answers. Default: those of the process. */
  readonly turns?: Pick<FairTurns, 'next'>;
  readonly onError: (error: unknown) => void;
  /** What is counted of the feed, and who hears of its rounds. Default: nobody looks. */
  readonly feedCounts?: FeedCounts;
  readonly onRound?: (entries: number) => void;
}

export interface Chat {
  readonly rooms: Rooms;
  readonly guests: Guests;
  readonly presence: Presence;
  readonly feed: Feed;
  readonly turns: Pick<FairTurns, 'next'>;
  readonly timers: Timers;
  /** Sees to those who hold a name and whom no living server has: they have the grace period to come back. */
  adopt(): Promise<void>;
}

export async function openChat(ports: ChatPorts): Promise<Chat> {
  const { log, bus, now, timers, turns = processTurns, onError } = ports;
  const rooms = new Rooms({
    ...{ log, bus, rate: new PostRate(ports.rateLimit, now) },
    roomEdits: ports.roomEdits ?? 'members',
  });
  await rooms.open();
  const guests = new Guests(ports.guestStore, (authorId) => presence.isHere(authorId), ports.randomBytes);
  const presence: Presence = new Presence({
    graceMs: ports.graceMs,
    onGone: leaveEverything,
    onError,
    timers,
  });
  async function leaveEverything(authorId: AuthorId): Promise<void> {
    const isBack = (): boolean => presence.isHere(authorId);
    // Another server on the same store may have them still, or again.
    if (!(await guests.letGo(authorId))) return;
    // The name is given back before anybody hears of the leave: whoever does may take it.
    await rooms.leaveAll(authorId, isBack, async () => {
      if (!isBack()) await guests.release(authorId);
    });
  }
  // Whoever was here when the last process ended may come back within the grace period, and has left after it.
  async function adopt(): Promise<void> {
    for (const authorId of await guests.holders()) presence.adopt(authorId);
  }
  await adopt();
  return {
    rooms,
    guests,
    presence,
    feed: new Feed({
      ...{ log, bus, turns, onError },
      ...(ports.feedCounts && { counts: ports.feedCounts }),
      ...(ports.onRound && { onRound: ports.onRound }),
    }),
    turns,
    timers,
    adopt,
  };
}
