// One room within one batch of writes, in memory: what of it was read under its lock, what the operations of the batch make
// of it, one after the other, and what is to be written at the end. Pure; postgres-log-batch.ts reads and writes it.
import { type Author, type AuthorId, ChatError, type DraftedEntry, type Entry } from '@wireroom/protocol';
import { admitDraft, type DraftTarget } from './draft-admission.ts';
import { isSameDraft } from './draft-match.ts';
import { type NewEntry, type RoomOfEntries, stampedEntry } from './entry-row.ts';
import type { Appended, Draft, MembershipChange } from './log.ts';
import { assertNext, type ImportedEntry } from './room-import.ts';

/** A message that something is done to. */
export interface WorkedMessage {
  readonly authorId: AuthorId;
  deletion: DraftedEntry | undefined;
  /** Of those that anybody gives. */
  readonly emoji: Map<string, { readonly firstSeq: number; count: number }>;
  /** By author and emoji; of those whom the batch concerns. */
  readonly given: Map<string, DraftedEntry>;
}

export interface LockedRoom extends RoomOfEntries {
  readonly id: number;
  readonly head: number;
  readonly headAtMs: number;
  readonly title: string;
  readonly topic: string;
}

/** An entry of this batch, and what it was made of. */
export interface FreshEntry {
  readonly entry: Entry;
  readonly made: NewEntry;
}

export class RoomWork {
  readonly room: LockedRoom;
  readonly fresh: FreshEntry[] = [];
  head: number;
  headAtMs: number;
  title: string;
  topic: string;
  /** Names of members, of those whom the batch concerns. */
  readonly members = new Map<AuthorId, string>();
  /** Whose membership has changed; if they are members now, since which entry. */
  readonly changedMembers = new Map<AuthorId, number | undefined>();
  readonly drafts = new Map<string, DraftedEntry>();
  readonly messages = new Map<number, WorkedMessage>();
  readonly edits: { readonly target: number; readonly seq: number }[] = [];
  readonly deletions: { readonly target: number; readonly seq: number }[] = [];
  /** What was reacted with or taken back: by target, emoji and author. */
  readonly changedReactions = new Map<string, { target: number; emoji: string; authorId: AuthorId }>();
  readonly #now: () => number;

  constructor(room: LockedRoom, now: () => number) {
    this.room = room;
    this.#now = now;
    this.head = room.head;
    this.headAtMs = room.headAtMs;
    this.title = room.title;
    this.topic = room.topic;
  }

  post({ author, draftId, content }: Draft): Appended {
    const key = draftKey(author.authorId, draftId);
    const stored = this.drafts.get(key);
    if (stored !== undefined) {
      if (!isSameDraft(stored, content)) throw new ChatError('draft-conflict');
      return { entry: stored, isRepeat: true };
    }
    if (!this.members.has(author.authorId)) throw new ChatError('not-joined');
    const already = admitDraft(content, author.authorId, (seq) => this.#target(seq, author));
    if (already !== undefined) return { entry: already, isRepeat: true };
    const entry = this.#append({ author, draftId, ...content });
    this.drafts.set(key, entry);
    this.#takeEffect(entry);
    return { entry, isRepeat: false };
  }

  join(author: Author): MembershipChange {
    const { authorId, name } = author;
    const before = this.members.get(authorId);
    const entries: Entry[] = [];
    if (before !== name) {
      if (before !== undefined) entries.push(this.#leave({ authorId, name: before }));
      const joined = this.#append({ type: 'join', author });
      entries.push(joined);
      this.members.set(authorId, name);
      this.changedMembers.set(authorId, joined.seq);
    }
    return { entries, position: this.position };
  }

  leave(authorId: AuthorId): MembershipChange {
    const name = this.members.get(authorId);
    const entries = name === undefined ? [] : [this.#leave({ authorId, name })];
    return { entries, position: this.position };
  }

  /** An entry from elsewhere, as it was there. Throws a ChatError where it cannot be after those before it. */
  take({ seq, atMs, ...made }: ImportedEntry): void {
    assertNext(seq, this.head);
    if (!('draftId' in made)) {
      this.#append(made, atMs);
      return;
    }
    const { author, draftId } = made;
    const key = draftKey(author.authorId, draftId);
    const already = admitDraft(made, author.authorId, (target) => this.#target(target, author));
    if (this.drafts.has(key) || already !== undefined) throw new ChatError('draft-conflict');
    const entry = this.#append(made, atMs);
    this.drafts.set(key, entry);
    this.#takeEffect(entry);
  }

  get position(): { readonly epoch: RoomOfEntries['epoch']; readonly seq: number } {
    return { epoch: this.room.epoch, seq: this.head };
  }

  #target(seq: number, { authorId }: Author): DraftTarget | undefined {
    const message = this.messages.get(seq);
    return (
      message && {
        authorId: message.authorId,
        deletion: () => message.deletion,
        given: (emoji) => message.given.get(givenKey(authorId, emoji)),
        hasEmoji: (emoji) => message.emoji.has(emoji),
        emojiCount: () => message.emoji.size,
      }
    );
  }

  #takeEffect(entry: DraftedEntry): void {
    switch (entry.type) {
      case 'message': {
        const { authorId } = entry.author;
        const nothing = { deletion: undefined, emoji: new Map(), given: new Map() };
        this.messages.set(entry.seq, { authorId, ...nothing });
        return;
      }
      case 'rename':
        this.title = entry.title;
        return;
      case 'topic':
        this.topic = entry.topic;
        return;
      case 'edit':
        this.edits.push({ target: entry.target, seq: entry.seq });
        return;
      case 'delete':
        this.#delete(entry.target, entry);
        return;
      case 'react':
      case 'unreact':
        this.#react(entry);
        return;
    }
  }

  #delete(target: number, deletion: DraftedEntry): void {
    const message = this.messages.get(target);
    if (message !== undefined) message.deletion = deletion;
    this.deletions.push({ target, seq: deletion.seq });
    // A retry that comes later in this batch is answered as one that comes in the next: without the text.
    for (const [key, draft] of this.drafts) {
      const isIt =
        draft.type === 'message' ? draft.seq === target : draft.type === 'edit' && draft.target === target;
      if (isIt && (draft.type === 'message' || draft.type === 'edit'))
        this.drafts.set(key, { ...draft, text: '', deleted: true });
    }
  }

  #react(entry: Extract<DraftedEntry, { type: 'react' | 'unreact' }>): void {
    const { target, emoji, author } = entry;
    const message = this.messages.get(target);
    if (message === undefined) return;
    const key = givenKey(author.authorId, emoji);
    const known = message.emoji.get(emoji);
    if (entry.type === 'react') {
      message.given.set(key, entry);
      message.emoji.set(emoji, { firstSeq: known?.firstSeq ?? entry.seq, count: (known?.count ?? 0) + 1 });
    } else {
      message.given.delete(key);
      if (known !== undefined && known.count > 1)
        message.emoji.set(emoji, { ...known, count: known.count - 1 });
      else message.emoji.delete(emoji);
    }
    this.changedReactions.set(`${target} ${key}`, { target, emoji, authorId: author.authorId });
  }

  #leave(author: Author): Entry {
    this.members.delete(author.authorId);
    const left = this.#append({ type: 'leave', author });
    this.changedMembers.set(author.authorId, undefined);
    return left;
  }

  /**
   * The only place that assigns seq on PostgreSQL (rule L1): the room's row is locked from before its head was read until the
   * batch is committed, so whoever else writes in the room, on whatever node, goes on from what is written here.
   */
  #append<Made extends NewEntry>(made: Made, nowMs = this.#now()): EntryOf<Made> {
    this.head += 1;
    this.headAtMs = Math.max(this.headAtMs, nowMs);
    const entry = stampedEntry(this.room, { seq: this.head, atMs: this.headAtMs }, made);
    this.fresh.push({ entry, made });
    return entry as EntryOf<Made>;
  }
}

type EntryOf<Made extends NewEntry> = Made extends { readonly draftId: unknown } ? DraftedEntry : Entry;

export const draftKey = (authorId: string, draftId: string): string => `${authorId} ${draftId}`;
export const givenKey = (authorId: string, emoji: string): string => `${authorId} ${emoji}`;
