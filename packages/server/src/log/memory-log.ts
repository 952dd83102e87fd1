// The log in memory, for tests of whatever stands on the log: same answers as sqlite-log.ts (one contract suite runs
// over both), but nothing outlives the process. The server never uses it.
import {
  type Author,
  type AuthorId,
  ChatError,
  type DraftId,
  type Entry,
  epochSchema,
  type MessageEntry,
  type Position,
  type Room,
  type RoomId,
  roomIdSchema,
} from '@wireroom/protocol';
import { type NewEntry, type RoomOfEntries, stampedEntry } from './entry-row.ts';
import type { Appended, Draft, Log, LogPage, LogRange, Members, MembershipChange } from './log.ts';
import { PageBudget } from './page-budget.ts';

interface MemoryRoom extends RoomOfEntries, Room {
  readonly entries: Entry[];
  readonly drafts: Map<string, MessageEntry>;
  /** In the order of joining. */
  readonly members: Map<AuthorId, Author>;
}

export class MemoryLog implements Log {
  readonly #rooms = new Map<RoomId, MemoryRoom>();
  readonly #now: () => number;

  constructor(options: { readonly now?: () => number } = {}) {
    this.#now = options.now ?? (() => Date.now());
  }

  async post({ roomId, author, draftId, text }: Draft): Promise<Appended> {
    const room = this.#find(roomId);
    const key = draftKey(author.authorId, draftId);
    const stored = room.drafts.get(key);
    if (stored !== undefined) {
      if (stored.text !== text) throw new ChatError('draft-conflict');
      return { entry: stored, isRepeat: true };
    }
    if (!room.members.has(author.authorId)) throw new ChatError('not-joined');
    const entry = this.#append(room, { type: 'message', author, draftId, text });
    if (entry.type !== 'message') throw new TypeError('A message was stored as something else');
    room.drafts.set(key, entry);
    return { entry, isRepeat: false };
  }

  async join(roomId: RoomId, author: Author): Promise<MembershipChange> {
    const room = this.#find(roomId);
    const before = room.members.get(author.authorId);
    const entries: Entry[] = [];
    if (before?.name !== author.name) {
      if (before !== undefined) entries.push(this.#leave(room, before));
      entries.push(this.#append(room, { type: 'join', author }));
      room.members.set(author.authorId, author);
    }
    return { entries, position: positionOf(room) };
  }

  async leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange> {
    const room = this.#find(roomId);
    const member = room.members.get(authorId);
    const entries = member === undefined ? [] : [this.#leave(room, member)];
    return { entries, position: positionOf(room) };
  }

  async read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    const room = this.#find(roomId);
    const last = Math.min(room.entries.length, (range.before ?? Number.POSITIVE_INFINITY) - 1);
    const first = (range.after ?? 0) + 1;
    const within = room.entries.filter(({ seq }) => seq >= first && seq <= last);
    const isForwards = range.after !== undefined;
    const ordered = isForwards ? within : within.toReversed();
    const budget = new PageBudget(range.bytesMax);
    const taken: Entry[] = [];
    for (const entry of ordered.slice(0, range.limit)) {
      if (!budget.takes(entry)) break;
      taken.push(entry);
    }
    const hasMore = taken.length < within.length;
    return { entries: isForwards ? taken : taken.reverse(), hasMore, position: positionOf(room) };
  }

  async members(roomId: RoomId, limit: number): Promise<Members> {
    const members = [...this.#find(roomId).members.values()];
    return { members: members.slice(0, limit), memberCount: members.length };
  }

  async roomsOf(authorId: AuthorId): Promise<readonly RoomId[]> {
    return [...this.#rooms.values()].filter((room) => room.members.has(authorId)).map((room) => room.roomId);
  }

  async ensureRoom({ slug, title }: { readonly slug: string; readonly title: string }): Promise<Room> {
    for (const room of this.#rooms.values()) if (room.slug === slug) return publicRoom(room);
    const number = String(this.#rooms.size + 1);
    const roomId = roomIdSchema.parse(`r_${number.padStart(22, '0')}`);
    const epoch = epochSchema.parse(`memory-${number.padStart(15, '0')}`);
    const room = { roomId, epoch, slug, title, entries: [], drafts: new Map(), members: new Map() };
    this.#rooms.set(roomId, room);
    return publicRoom(room);
  }

  async rooms(): Promise<readonly Room[]> {
    return [...this.#rooms.values()].map(publicRoom);
  }

  #append(room: MemoryRoom, fresh: NewEntry): Entry {
    const previousMs = Date.parse(room.entries.at(-1)?.at ?? '1970-01-01T00:00:00Z');
    const stamp = { seq: room.entries.length + 1, atMs: Math.max(previousMs, this.#now()) };
    const entry = stampedEntry(room, stamp, fresh);
    room.entries.push(entry);
    return entry;
  }

  #leave(room: MemoryRoom, author: Author): Entry {
    room.members.delete(author.authorId);
    return this.#append(room, { type: 'leave', author });
  }

  #find(roomId: RoomId): MemoryRoom {
    const room = this.#rooms.get(roomId);
    if (room === undefined) throw new ChatError('no-room');
    return room;
  }
}

function draftKey(authorId: AuthorId, draftId: DraftId): string {
  return `${authorId} ${draftId}`;
}

function positionOf(room: MemoryRoom): Position {
  return { epoch: room.epoch, seq: room.entries.length };
}

function publicRoom({ roomId, slug, title }: Room): Room {
  return { roomId, slug, title };
}
