// The outbox: what was written here and is not acknowledged yet, first in, first out per room, kept in storage (rule C1).
// It knows no connection: outbox-sender.ts takes from it, one draft of a room at a time.
import { ChatError, checkText, type DraftId, draftIdSchema, utf8Bytes } from '@wireroom/protocol';
import type { Random } from './clock.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { readDrafts, writeDrafts } from './outbox-record.ts';
import type { Refusal } from './snapshot.ts';
import type { KeyValueStorage } from './storage.ts';

/** A draft is replaced when it changes, never altered: views may hold on to it. */
export interface OutboxDraft {
  readonly draftId: DraftId;
  readonly text: string;
  /** `acknowledged`: in the log under `seq`, but not seen in the feed yet. It is shown, and no longer stored. */
  readonly state: 'waiting' | 'sending' | 'failed' | 'acknowledged';
  readonly seq?: number;
  readonly error?: Refusal;
}

export class Outbox {
  readonly #storage: KeyValueStorage;
  readonly #key: string;
  readonly #random: Random;
  readonly #rooms = new Map<string, readonly OutboxDraft[]>();

  constructor(parts: { readonly storage: KeyValueStorage; readonly key: string; readonly random: Random }) {
    this.#storage = parts.storage;
    this.#key = parts.key;
    this.#random = parts.random;
    for (const { slug, ...draft } of readDrafts(this.#storage.get(this.#key))) {
      this.#rooms.set(slug, [...this.of(slug), draft]);
    }
  }

  /** The rooms that something waits for. */
  get slugs(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  of(slug: string): readonly OutboxDraft[] {
    return this.#rooms.get(slug) ?? [];
  }

  /** Throws a ChatError: what is wrong with the text, or `busy` when too much waits already. */
  add(slug: string, text: string): OutboxDraft {
    checkText(text);
    this.#checkRoomFor(text);
    const draft: OutboxDraft = { draftId: this.#newId(), text, state: 'waiting' };
    this.#keep(slug, [...this.of(slug), draft]);
    return draft;
  }

  /** The draft whose turn it is. None while one is being sent: that is what keeps the order. */
  next(slug: string): OutboxDraft | undefined {
    const drafts = this.of(slug);
    if (drafts.some((draft) => draft.state === 'sending')) return undefined;
    return drafts.find((draft) => draft.state === 'waiting');
  }

  sending(slug: string, draftId: DraftId): void {
    this.#change(slug, draftId, ({ text }) => ({ draftId, text, state: 'sending' }));
  }

  acknowledged(slug: string, draftId: DraftId, seq: number): void {
    this.#change(slug, draftId, ({ text }) => ({ draftId, text, state: 'acknowledged', seq }));
    this.#store();
  }

  /** Its turn again, whatever became of the last attempt. */
  waiting(slug: string, draftId: DraftId, error?: Refusal): void {
    this.#change(slug, draftId, ({ text }) => ({ draftId, text, state: 'waiting', ...(error && { error }) }));
  }

  failed(slug: string, draftId: DraftId, error: Refusal): void {
    this.#change(slug, draftId, ({ text }) => ({ draftId, text, state: 'failed', error }));
    this.#store();
  }

  /** A failed draft waits again, in its old place. */
  retry(slug: string, draftId: DraftId): void {
    this.#change(slug, draftId, (draft) => {
      if (draft.state !== 'failed') return draft;
      // The id is spoken for, by another text: only a new one can succeed.
      const id = draft.error?.code === 'draft-conflict' ? this.#newId() : draftId;
      return { draftId: id, text: draft.text, state: 'waiting' };
    });
    this.#store();
  }

  /** Nobody wants it any more. What may be on its way to the log already cannot be taken back. */
  discard(slug: string, draftId: DraftId): void {
    this.#drop(slug, (draft) => draft.draftId === draftId && draft.state !== 'sending');
  }

  /** It was seen in the feed: the message stands in its place. Tells whether it was here. */
  seen(slug: string, draftId: DraftId): boolean {
    return this.#drop(slug, (draft) => draft.draftId === draftId);
  }

  /** Acknowledged drafts that the feed has passed, or will never bring (`seq` infinite). */
  passed(slug: string, seq: number): boolean {
    return this.#drop(slug, (draft) => draft.seq !== undefined && draft.seq <= seq);
  }

  /** The connection is gone, and with it the answers. */
  interrupted(slug: string): void {
    for (const { draftId, state } of this.of(slug)) if (state === 'sending') this.waiting(slug, draftId);
  }

  clear(slug?: string): void {
    if (slug === undefined) this.#rooms.clear();
    else this.#rooms.delete(slug);
    this.#store();
  }

  #checkRoomFor(text: string): void {
    let count = 1;
    let bytes = utf8Bytes(text);
    for (const drafts of this.#rooms.values()) {
      for (const draft of drafts) {
        count += 1;
        bytes += utf8Bytes(draft.text);
      }
    }
    if (count <= CLIENT_LIMITS.outboxDraftsMax && bytes <= CLIENT_LIMITS.outboxBytesMax) return;
    throw new ChatError('busy', { message: 'Too many messages wait to be sent. Let some of them go first.' });
  }

  #newId(): DraftId {
    const digits = [...this.#random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0'));
    return draftIdSchema.parse(digits.join(''));
  }

  #change(slug: string, draftId: DraftId, changed: (draft: OutboxDraft) => OutboxDraft): void {
    const drafts = this.of(slug).map((draft) => (draft.draftId === draftId ? changed(draft) : draft));
    if (drafts.length > 0) this.#rooms.set(slug, drafts);
  }

  #drop(slug: string, isDropped: (draft: OutboxDraft) => boolean): boolean {
    const drafts = this.of(slug);
    const rest = drafts.filter((draft) => !isDropped(draft));
    if (rest.length === drafts.length) return false;
    this.#keep(slug, rest);
    return true;
  }

  #keep(slug: string, drafts: readonly OutboxDraft[]): void {
    if (drafts.length === 0) this.#rooms.delete(slug);
    else this.#rooms.set(slug, drafts);
    this.#store();
  }

  #store(): void {
    const record = writeDrafts(this.#rooms);
    if (record === undefined) this.#storage.remove(this.#key);
    else this.#storage.set(this.#key, record);
  }
}
