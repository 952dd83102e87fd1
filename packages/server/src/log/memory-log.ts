// The log in memory, for tests of whatever stands on the log and for the simulator: same answers as sqlite-log.ts (one
// contract suite runs over both), but nothing outlives the process. The server never uses it.
import {
  type Author,
  type AuthorId,
  ChatError,
  type DraftContent,
  type DraftedEntry,
  type DraftId,
  type EditEntry,
  type Entry,
  epochSchema,
  LIMITS,
  type MessageEntry,
  type MessageState,
  type Position,
  type Room,
  type RoomId,
  roomIdSchema,
} from '@wireroom/protocol';
import { admitDraft, type DraftTarget } from './draft-admission.ts';
import { isSameDraft } from './draft-match.ts';
import { type NewDrafted, type NewEntry, type RoomOfEntries, stampedEntry } from './entry-row.ts';
import type {
  Appended,
  CurrentMessage,
  Draft,
  Head,
  Log,
  LogPage,
  LogRange,
  MembershipChange,
  MessagePage,
  Standing,
} from './log.ts';
import { PageBudget } from './page-budget.ts';
import {
  assertNext,
  type ImportedEntry,
  type ImportedRoom,
  type ImportLog,
  type RoomImport,
  refusalOf,
  slugTaken,
} from './room-import.ts';

interface MemoryRoom extends RoomOfEntries {
  readonly slug: string;
  title: string;
  topic: string;
  readonly entries: Entry[];
  /** By author and draftId: the seq. */
  readonly drafts: Map<string, number>;
  /** In the order of joining. */
  readonly members: Map<AuthorId, Author>;
}

export class MemoryLog implements Log, ImportLog {
  readonly #rooms = new Map<RoomId, MemoryRoom>();
  readonly #bySlug = new Map<string, MemoryRoom>();
  #roomsMade = 0;
  readonly #now: () => number;

  readonly #epochBase: string;

  /** `epochBase`: how its epochs begin. A log that was restored from a backup has another one. */
  constructor(options: { readonly now?: () => number; readonly epochBase?: string } = {}) {
    this.#now = options.now ?? (() => Date.now());
    this.#epochBase = options.epochBase ?? 'memory';
  }

  async post({ roomId, author, draftId, content }: Draft): Promise<Appended> {
    const room = this.#find(roomId);
    const key = draftKey(author.authorId, draftId);
    const stored = room.drafts.get(key);
    if (stored !== undefined) {
      const entry = draftedAt(room, stored);
      if (!isSameDraft(entry, content)) throw new ChatError('draft-conflict');
      return { entry, isRepeat: true };
    }
    if (!room.members.has(author.authorId)) throw new ChatError('not-joined');
    const already = admitDraft(content, author.authorId, (seq) => targetAt(room, seq, author));
    if (already !== undefined) return { entry: already, isRepeat: true };
    const entry = this.#append(room, { author, draftId, ...content });
    room.drafts.set(key, entry.seq);
    this.#takeEffect(room, content);
    return { entry, isRepeat: false };
  }

  async join(roomId: RoomId, author: Author): Promise<MembershipChange> {
    return this.#join(roomId, author);
  }

  #join(roomId: RoomId, author: Author): MembershipChange {
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

  async joinAll(
    roomIds: readonly RoomId[],
    author: Author,
  ): Promise<readonly (MembershipChange | undefined)[]> {
    return roomIds.map((roomId) => (this.#rooms.has(roomId) ? this.#join(roomId, author) : undefined));
  }

  async leave(roomId: RoomId, authorId: AuthorId): Promise<MembershipChange> {
    const room = this.#find(roomId);
    const member = room.members.get(authorId);
    const entries = member === undefined ? [] : [this.#leave(room, member)];
    return { entries, position: positionOf(room) };
  }

  async read(roomId: RoomId, range: LogRange): Promise<LogPage> {
    const room = this.#find(roomId);
    const { statesFor } = range;
    const stateOf = (entry: Entry): MessageState | undefined =>
      statesFor === undefined || entry.type !== 'message' ? undefined : stateAt(room, entry, statesFor);
    const { taken, hasMore } = page(room.entries, range, (entry) => [entry, stateOf(entry)]);
    const states = taken.map(stateOf).filter((state) => state !== undefined);
    return {
      entries: taken,
      hasMore,
      position: positionOf(room),
      ...(statesFor !== undefined && { states }),
    };
  }

  async messages(roomId: RoomId, range: LogRange): Promise<MessagePage> {
    const room = this.#find(roomId);
    const messages = room.entries.filter((entry) => entry.type === 'message');
    const current = (entry: MessageEntry): CurrentMessage => {
      const state = stateAt(room, entry, range.statesFor);
      return state === undefined ? { entry } : { entry, state };
    };
    const { taken, hasMore } = page(messages, range, (entry) => [entry, current(entry).state]);
    return { messages: taken.map(current), hasMore, position: positionOf(room) };
  }

  async heads(roomIds: readonly RoomId[]): Promise<readonly Head[]> {
    const rooms = roomIds.map((roomId) => this.#rooms.get(roomId)).filter((room) => room !== undefined);
    return rooms.map((room) => ({ roomId: room.roomId, position: positionOf(room) }));
  }

  async standing(roomId: RoomId, limit: number): Promise<Standing> {
    const { title, topic, members } = this.#find(roomId);
    return { title, topic, members: [...members.values()].slice(0, limit), memberCount: members.size };
  }

  async roomsOf(authorId: AuthorId): Promise<readonly RoomId[]> {
    return [...this.#rooms.values()].filter((room) => room.members.has(authorId)).map((room) => room.roomId);
  }

  async ensureRoom({ slug, title }: { readonly slug: string; readonly title: string }): Promise<Room> {
    const there = this.#bySlug.get(slug);
    if (there !== undefined) return publicRoom(there);
    return this.#keep(this.#make({ slug, title, topic: '' }));
  }

  async beginImport(about: ImportedRoom): Promise<RoomImport> {
    if (this.#bySlug.has(about.slug)) throw slugTaken(about.slug);
    const room = this.#make(about);
    return {
      write: async (entries) => {
        for (const entry of entries) this.#take(room, entry);
      },
      finish: async () => {
        if (this.#bySlug.has(about.slug)) throw slugTaken(about.slug);
        return this.#keep(room);
      },
      abandon: async () => {},
    };
  }

  async rooms(): Promise<readonly Room[]> {
    return [...this.#rooms.values()].map(publicRoom);
  }

  #make(about: ImportedRoom): MemoryRoom {
    this.#roomsMade += 1;
    const number = String(this.#roomsMade);
    const roomId = roomIdSchema.parse(`r_${number.padStart(22, '0')}`);
    const epoch = epochSchema.parse(`${this.#epochBase}-${number.padStart(15, '0')}`);
    return { roomId, epoch, ...about, entries: [], drafts: new Map(), members: new Map() };
  }

  #keep(room: MemoryRoom): Room {
    this.#rooms.set(room.roomId, room);
    this.#bySlug.set(room.slug, room);
    return publicRoom(room);
  }

  /** An entry from elsewhere, as it was there. */
  #take(room: MemoryRoom, imported: ImportedEntry): void {
    const { seq, atMs, ...fresh } = imported;
    assertNext(seq, room.entries.length);
    try {
      if ('draftId' in fresh) {
        const { author, draftId } = fresh;
        const key = draftKey(author.authorId, draftId);
        const already = admitDraft(fresh, author.authorId, (target) => targetAt(room, target, author));
        if (room.drafts.has(key) || already !== undefined) throw new ChatError('draft-conflict');
        room.drafts.set(key, seq);
        this.#append(room, fresh, atMs);
        this.#takeEffect(room, fresh);
      } else this.#append(room, fresh, atMs);
    } catch (error) {
      throw refusalOf(error, imported);
    }
  }

  #takeEffect(room: MemoryRoom, content: DraftContent): void {
    if (content.type === 'rename') room.title = content.title;
    if (content.type === 'topic') room.topic = content.topic;
    if (content.type !== 'delete') return;
    // The text is gone from the log: of the message, and of every edit of it.
    for (const [index, entry] of room.entries.entries()) {
      const isIt = entry.type === 'message' && entry.seq === content.target;
      if (isIt || (entry.type === 'edit' && entry.target === content.target))
        room.entries[index] = { ...entry, text: '', deleted: true };
    }
  }

  #append(room: MemoryRoom, fresh: NewDrafted, nowMs?: number): DraftedEntry;
  #append(room: MemoryRoom, fresh: NewEntry, nowMs?: number): Entry;
  #append(room: MemoryRoom, fresh: NewEntry, nowMs = this.#now()): Entry {
    const previousMs = Date.parse(room.entries.at(-1)?.at ?? '1970-01-01T00:00:00Z');
    const stamp = { seq: room.entries.length + 1, atMs: Math.max(previousMs, nowMs) };
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

/** Those of the range, oldest first, as many as its limit and its bytes allow. */
function page<Each extends Entry>(
  entries: readonly Each[],
  range: LogRange,
  counted: (entry: Each) => readonly unknown[],
): { readonly taken: Each[]; readonly hasMore: boolean } {
  const { after = 0, before = Number.POSITIVE_INFINITY } = range;
  const within = entries.filter(({ seq }) => seq > after && seq < before);
  const isForwards = range.after !== undefined;
  const budget = new PageBudget(range.bytesMax);
  const taken: Each[] = [];
  for (const entry of (isForwards ? within : within.toReversed()).slice(0, range.limit)) {
    if (!budget.takes(...counted(entry))) break;
    taken.push(entry);
  }
  return { taken: isForwards ? taken : taken.reverse(), hasMore: taken.length < within.length };
}

const drafted = (room: MemoryRoom): DraftedEntry[] =>
  room.entries.filter((entry) => entry.type !== 'join' && entry.type !== 'leave');

function draftedAt(room: MemoryRoom, seq: number): DraftedEntry {
  const entry = room.entries[seq - 1];
  if (entry === undefined || entry.type === 'join' || entry.type === 'leave')
    throw new TypeError('A draft was stored as something else');
  return entry;
}

function targetAt(room: MemoryRoom, seq: number, reader: Author): DraftTarget | undefined {
  const message = room.entries[seq - 1];
  if (message?.type !== 'message') return undefined;
  const deletes = (entry: DraftedEntry): boolean => entry.type === 'delete' && entry.target === seq;
  return {
    authorId: message.author.authorId,
    deletion: () => (message.deleted === true ? drafted(room).find(deletes) : undefined),
    given: (emoji) => reactionsAt(room, seq).get(emoji)?.get(reader.authorId),
    hasEmoji: (emoji) => reactionsAt(room, seq).has(emoji),
    emojiCount: () => reactionsAt(room, seq).size,
  };
}

/** Emoji in the order of their first use; for each, who gives it now, and by which entry. */
function reactionsAt(room: MemoryRoom, target: number): Map<string, Map<AuthorId, DraftedEntry>> {
  const reactions = new Map<string, Map<AuthorId, DraftedEntry>>();
  for (const entry of room.entries) {
    if ((entry.type !== 'react' && entry.type !== 'unreact') || entry.target !== target) continue;
    const given = reactions.get(entry.emoji) ?? new Map<AuthorId, DraftedEntry>();
    if (entry.type === 'react') given.set(entry.author.authorId, entry);
    else given.delete(entry.author.authorId);
    if (given.size > 0) reactions.set(entry.emoji, given);
    else reactions.delete(entry.emoji);
  }
  return reactions;
}

function stateAt(
  room: MemoryRoom,
  { seq, deleted }: MessageEntry,
  reader: AuthorId | undefined,
): MessageState | undefined {
  if (deleted === true) return { seq, deleted, reactions: [] };
  const edit = room.entries.findLast(
    (entry): entry is EditEntry => entry.type === 'edit' && entry.target === seq,
  );
  const reactions = [...reactionsAt(room, seq)].map(([emoji, given]) => ({
    emoji,
    count: given.size,
    isMine: reader !== undefined && given.has(reader),
    authors: [...given.values()].slice(0, LIMITS.reactionAuthorsMax).map(({ author }) => author),
  }));
  if (edit === undefined && reactions.length === 0) return undefined;
  const edited = edit && { text: edit.text, editedAt: edit.at, editSeq: edit.seq };
  return { seq, ...edited, reactions };
}

function draftKey(authorId: AuthorId, draftId: DraftId): string {
  return `${authorId} ${draftId}`;
}

function positionOf(room: MemoryRoom): Position {
  return { epoch: room.epoch, seq: room.entries.length };
}

function publicRoom({ roomId, slug, title, topic }: Room): Room {
  return { roomId, slug, title, topic };
}
