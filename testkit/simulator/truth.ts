// What is true: every entry that the database ever committed, kept apart from the code under test, and the list of promises.
// The first promise that is found broken is kept, in a sentence; wire-promises.ts and view-promises.ts find others.
import type { Entry, MessageEntry, RoomId } from '@wireroom/protocol';

/** One room in one epoch. */
export class RoomTruth {
  readonly roomId: RoomId;
  readonly epoch: string;
  /** As they were first stored: a text that was deleted later is still here. */
  readonly entries: Entry[] = [];
  /** The seq of each draft, by author and id. */
  readonly drafts = new Map<string, number>();
  readonly texts = new Map<string, number>();
  readonly deleted = new Set<number>();

  constructor(roomId: RoomId, epoch: string) {
    this.roomId = roomId;
    this.epoch = epoch;
  }

  at(seq: number): Entry | undefined {
    return this.entries[seq - 1];
  }

  get head(): number {
    return this.entries.length;
  }

  /** Is this what the log has at its number? Its text may be gone: then it must have been deleted. */
  hasSame(entry: Entry): boolean {
    const stored = this.at(entry.seq);
    if (stored === undefined || stored.type !== entry.type || stored.at !== entry.at) return false;
    if (stored.author.authorId !== entry.author.authorId || stored.author.name !== entry.author.name)
      return false;
    if ('draftId' in stored && (!('draftId' in entry) || stored.draftId !== entry.draftId)) return false;
    if (!('text' in stored) || !('text' in entry)) return contentOf(stored) === contentOf(entry);
    const about = stored.type === 'edit' ? stored.target : stored.seq;
    return entry.deleted === true ? this.deleted.has(about) && entry.text === '' : entry.text === stored.text;
  }
}

export class Truth {
  #broken: string | undefined;
  readonly #rooms = new Map<RoomId, RoomTruth[]>();
  /** How far each room went when somebody's page forgot what it had shown, by name. */
  readonly #forgot = new Map<string, ReadonlyMap<RoomTruth, number>>();

  /** The first promise that was broken. */
  get broken(): string | undefined {
    return this.#broken;
  }

  breaks(sentence: string): void {
    this.#broken ??= sentence;
  }

  /** Somebody's page is made anew: what it had been shown is forgotten. */
  reloaded(name: string): void {
    this.#forgot.set(name, new Map(this.rooms().map((room) => [room, room.head])));
  }

  /** The room as it is now. */
  room(roomId: RoomId): RoomTruth | undefined {
    return this.#rooms.get(roomId)?.at(-1);
  }

  rooms(): readonly RoomTruth[] {
    return [...this.#rooms.values()].flatMap((epochs) => epochs.slice(-1));
  }

  /** As it is, and as it was before each restoration: the newest first. */
  epochs(roomId: RoomId): readonly RoomTruth[] {
    return (this.#rooms.get(roomId) ?? []).toReversed();
  }

  ofEpoch(roomId: RoomId, epoch: string): RoomTruth | undefined {
    return this.#rooms.get(roomId)?.find((room) => room.epoch === epoch);
  }

  /** Did the log, in this epoch or an earlier one, have the draft under this number? */
  hasDraft(draftId: string, seq: number): boolean {
    return [...this.#rooms.values()].flat().some((room) => {
      const entry = room.at(seq);
      return entry !== undefined && 'draftId' in entry && entry.draftId === draftId;
    });
  }

  /** The database has committed these. */
  committed(entries: readonly Entry[]): void {
    for (const entry of entries) this.#append(this.#roomOf(entry), entry);
  }

  #roomOf({ roomId, epoch }: Entry): RoomTruth {
    const epochs = this.#rooms.get(roomId) ?? [];
    this.#rooms.set(roomId, epochs);
    const known = epochs.find((room) => room.epoch === epoch);
    if (known !== undefined) return known;
    const room = new RoomTruth(roomId, epoch);
    epochs.push(room);
    return room;
  }

  #append(room: RoomTruth, entry: Entry): void {
    const { head } = room;
    if (entry.seq !== head + 1)
      this.breaks(
        `the log gave the number ${entry.seq} after ${head}: numbers have no gap and no repetition`,
      );
    room.entries.push(entry);
    if ('draftId' in entry) {
      const key = `${entry.author.authorId} ${entry.draftId}`;
      const first = room.drafts.get(key);
      if (first !== undefined)
        this.breaks(
          `draft ${entry.draftId} of ${entry.author.name} is in the log twice: ${first} and ${entry.seq}`,
        );
      room.drafts.set(key, entry.seq);
    }
    if (entry.type === 'delete') room.deleted.add(entry.target);
    // Restored from a disk, a text that was deleted before is not there to be compared.
    if (entry.type === 'message' && entry.deleted !== true) this.#isOnce(room, entry);
  }

  /**
   * Every text of a run is written once: whatever its draft was called, it may not stand in a log twice. But for one case (rule
   * C8): the answer was lost, the page was reloaded, and the server had forgotten the author. Nothing says then who wrote it.
   */
  #isOnce(room: RoomTruth, { text, seq, author }: MessageEntry): void {
    const first = room.texts.get(text);
    const isForgotten = first !== undefined && first <= (this.#forgot.get(author.name)?.get(room) ?? 0);
    const isOtherAuthor = first !== undefined && room.at(first)?.author.authorId !== author.authorId;
    if (first !== undefined && !(isForgotten && isOtherAuthor))
      this.breaks(
        `"${text}" of ${author.name} was written once and is in the log twice: ${first} and ${seq}`,
      );
    room.texts.set(text, seq);
  }
}

/** What an entry says beside its envelope, where no deletion can change it. */
function contentOf(entry: Entry): string {
  switch (entry.type) {
    case 'message':
    case 'edit':
      return entry.text;
    case 'delete':
      return `${entry.target}`;
    case 'react':
    case 'unreact':
      return `${entry.target} ${entry.emoji}`;
    case 'rename':
      return entry.title;
    case 'topic':
      return entry.topic;
    case 'join':
    case 'leave':
      return '';
  }
}
