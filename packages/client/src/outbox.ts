// The outbox: what was written in this browser and is not acknowledged yet, first in, first out per room (rule C1). A copy in memory
// of what the store keeps, with what happens to each draft right now. outbox-sender.ts takes from it, one draft of a room at a time.
import { type AuthorId, ChatError, type DraftContent, type DraftId, draftIdOf } from '@wireroom/protocol';
import type { Clock, Random } from './clock.ts';
import * as CLIENT_LIMITS from './limits.ts';
import { checkSpace } from './memory-outbox.ts';
import type { Candidacy, NewDraft, OutboxNews, OutboxStore, StoredDraft } from './outbox-store.ts';
import type { Posted, Postings } from './postings.ts';
import { refusalOf } from './refusal.ts';
import type { Refusal } from './snapshot.ts';

/** A draft is replaced when it changes, never altered: views may hold on to it. */
export interface OutboxDraft {
  readonly slug: string;
  readonly draftId: DraftId;
  readonly content: DraftContent;
  readonly createdAt: number;
  /** `acknowledged`: in the log under `seq`, but not seen in the feed yet. It is shown, and no longer stored. */
  readonly state: 'queued' | 'sending' | 'failed' | 'acknowledged';
  /** Its place in the store. Undefined: it is not kept yet. */
  readonly order: number | undefined;
  readonly authorId: AuthorId | undefined;
  readonly seq?: number;
  readonly error?: Refusal;
}

export interface OutboxParts {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly postings: Postings;
  /** Something is another, or may be sent now. */
  readonly changed: () => void;
  /** Once: what was kept before is here. */
  readonly loaded: () => void;
}

export class Outbox {
  readonly #parts: OutboxParts;
  /** Of everybody in this browser: those with a place by it, then those that wait for one. */
  #drafts: readonly OutboxDraft[] = [];
  readonly #shown = new Map<string, readonly OutboxDraft[]>();
  /** Whose drafts are shown and sent. Undefined: nobody is known yet. */
  #author: AuthorId | undefined;
  /** Who we were until the server forgot it: what a tab wrote as them is ours. */
  readonly #formerly = new Set<AuthorId | undefined>();
  #candidacy: Candidacy | undefined;
  #isLeading = false;
  #isLoaded = false;
  /** Counts what we did to the store: what was loaded in the middle of it is loaded again. */
  #writes = 0;
  #isLoading = false;
  #isStaleLoad = false;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    const { store } = parts;
    store.watch(() => void this.#load());
    store.hear((news) => this.#heard(news));
    void this.#load();
  }

  /** May we send? */
  get isLeading(): boolean {
    return this.#isLeading && this.#isLoaded;
  }

  /** The rooms that something waits for. */
  get slugs(): readonly string[] {
    return [...new Set(this.#drafts.filter((draft) => this.#isMine(draft)).map(({ slug }) => slug))];
  }

  /** The same array until something in it changed. */
  of(slug: string): readonly OutboxDraft[] {
    const shown = this.#shown.get(slug);
    if (shown !== undefined) return shown;
    const drafts = this.#drafts.filter((draft) => draft.slug === slug && this.#isMine(draft));
    this.#shown.set(slug, drafts);
    return drafts;
  }

  /** Who we are, or were last: only their drafts are shown. */
  isOf(author: AuthorId | undefined): void {
    if (this.#author === author) return;
    this.#author = author;
    this.#formerly.clear();
    this.#shown.clear();
    this.#parts.changed();
  }

  /** There is a connection, as this author: we stand for leading. `before`: who we were until the server forgot it. */
  connected(author: AuthorId, before: AuthorId | undefined): void {
    this.disconnected();
    // Another tab may have found out first that the server forgot us: then this is what we knew ourselves by.
    const known = this.#author;
    this.isOf(author);
    this.#formerly.add(before).add(known).add(undefined).delete(author);
    this.#adopt();
    this.#candidacy = this.#parts.store.lead(author, (isLeading) => {
      this.#isLeading = isLeading;
      // What another tab was sending is ours to send now; and what it was sending still, it tells.
      if (isLeading) this.interrupted();
      void this.#load();
      this.#parts.changed();
    });
  }

  /** The store is let go, and opened again when it is needed again. */
  close(): Promise<void> {
    this.disconnected();
    return this.#parts.store.close();
  }

  disconnected(): void {
    this.#candidacy?.giveUp();
    this.#candidacy = undefined;
    this.#isLeading = false;
  }

  /** Throws a ChatError: `busy` when too much waits already. Where other tabs make it too much, the promise says so later. */
  add(slug: string, content: DraftContent): OutboxDraft {
    const { clock } = this.#parts;
    const draft: OutboxDraft = {
      ...{ slug, draftId: this.#newId(), content, createdAt: clock.now(), state: 'queued' },
      ...{ order: undefined, authorId: this.#author },
    };
    const waiting = this.#drafts.filter(({ state }) => state !== 'acknowledged');
    checkSpace(waiting, draft);
    this.#set([...this.#drafts, draft], slug);
    void this.#write(() => this.#keep(draft));
    return draft;
  }

  /** The draft whose turn it is. None while one is being sent, or not kept yet: that is what keeps the order. */
  next(slug: string): OutboxDraft | undefined {
    const drafts = this.of(slug);
    if (drafts.some(({ state }) => state === 'sending')) return undefined;
    const next = drafts.find(({ state }) => state === 'queued');
    return next?.order === undefined ? undefined : next;
  }

  /** From here on it cannot be cancelled. Resolves with whether it is to be sent, still, and by us. */
  async claim(draftId: DraftId): Promise<boolean> {
    this.#become(draftId, { state: 'sending' });
    const isOurs = (await this.#candidacy?.claim(draftId)) ?? false;
    if (!isOurs) void this.#load();
    return isOurs;
  }

  /** It is on its way, say to the other tabs. */
  sent(draftId: DraftId): void {
    this.#parts.store.tell({ draftId, state: 'sending' });
  }

  acknowledged(posted: Posted): void {
    const { draftId, seq, at } = posted;
    this.#become(draftId, { state: 'acknowledged', seq });
    this.#parts.store.tell({ draftId, state: 'acknowledged', seq, at });
    this.#parts.postings.posted(posted);
    this.#remove([draftId]);
  }

  /** Its turn again, whatever became of the last attempt. */
  queued(draftId: DraftId, error?: Refusal): void {
    this.#become(draftId, { state: 'queued', ...(error && { error }) });
  }

  failed(draftId: DraftId, error: Refusal): void {
    const draft = this.#find(draftId);
    if (draft === undefined) return;
    this.#change({ ...draft, state: 'failed', error });
    this.#parts.postings.failed(draftId, error);
  }

  /** Those that wait, in this room: none of them can go. */
  allFailed(slug: string, error: Refusal): void {
    for (const { draftId, state } of this.of(slug)) if (state === 'queued') this.failed(draftId, error);
  }

  /** A failed draft waits again, in its old place. */
  retry(draftId: DraftId): void {
    const draft = this.#find(draftId);
    if (draft?.state !== 'failed') return;
    const { error, ...rest } = draft;
    // The id is spoken for, by another content: only a new one can succeed.
    const id = error?.code === 'draft-conflict' ? this.#newId() : draftId;
    this.#change({ ...rest, draftId: id, state: 'queued' }, draftId);
  }

  /** Nobody wants it any more. What may be on its way to the log already cannot be taken back. Tells whether it was. */
  cancel(draftId: DraftId): boolean {
    const draft = this.#find(draftId);
    if (draft === undefined || draft.state === 'sending' || draft.state === 'acknowledged') return false;
    this.#drop(({ draftId: id }) => id === draftId);
    return true;
  }

  /** It was seen in the feed: the log has it. */
  seen({ draftId, seq, at }: Posted): void {
    this.#parts.postings.posted({ draftId, seq, at });
    this.#forget((draft) => draft.draftId === draftId);
  }

  /** Acknowledged drafts that the feed has passed, or will never bring (`seq` infinite). */
  passed(slug: string, seq: number): void {
    this.#forget((draft) => draft.slug === slug && draft.seq !== undefined && draft.seq <= seq);
  }

  /** The connection is gone, or another tab that sent, and with it the answers: in one room or in all. */
  interrupted(slug?: string): void {
    for (const { draftId, state, slug: room } of this.#drafts)
      if (state === 'sending' && room === (slug ?? room)) this.queued(draftId);
  }

  /** Everything of ours, in one room or in all. */
  clear(slug?: string): void {
    this.#drop((draft) => this.#isMine(draft) && (slug === undefined || draft.slug === slug));
  }

  #adopt(): void {
    for (const draft of this.#drafts)
      if (this.#formerly.has(draft.authorId)) this.#change({ ...draft, authorId: this.#author });
  }

  async #keep(draft: OutboxDraft): Promise<void> {
    const { store, postings } = this.#parts;
    try {
      const { order } = await store.add(newDraftOf(draft));
      const now = this.#find(draft.draftId);
      // Cancelled, or given another author, before it was kept.
      if (now === undefined) await store.remove([draft.draftId]);
      else if (now.authorId !== draft.authorId) this.#change({ ...now, order });
      else this.#alter(draft.draftId, (other) => ({ ...other, order }));
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#set(this.#drafts.filter(({ draftId }) => draftId !== draft.draftId));
      postings.failed(draft.draftId, refusalOf(error));
    }
    this.#parts.changed();
  }

  #heard({ draftId, state, seq, at }: OutboxNews): void {
    // It may have no entry of its own, if what it asks for was so already.
    if (seq !== undefined && at !== undefined) this.#parts.postings.posted({ draftId, seq, at });
    // Old news: what is sent now, we send.
    if (state === 'sending' && this.#isLeading) return;
    const draft = this.#find(draftId);
    if (draft === undefined || draft.state === 'acknowledged') return;
    if (state === 'cancelled') this.#set(this.#cancelled([draft]));
    else this.#become(draftId, { state, ...(seq !== undefined && { seq }) });
    this.#parts.changed();
  }

  /** What the store has now. Loads again as long as we did something to it meanwhile. */
  async #load(): Promise<void> {
    this.#isStaleLoad = true;
    if (this.#isLoading) return;
    this.#isLoading = true;
    while (this.#isStaleLoad) {
      this.#isStaleLoad = false;
      const writes = this.#writes;
      const stored = await this.#parts.store.load();
      if (writes === this.#writes) this.#reconcile(stored);
      else this.#isStaleLoad = true;
    }
    this.#isLoading = false;
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      this.#parts.loaded();
    }
    this.#parts.changed();
  }

  #reconcile(stored: readonly StoredDraft[]): void {
    const known = new Map(this.#drafts.map((draft) => [draft.draftId, draft]));
    const kept = stored.map((draft) => merged(known.get(draft.draftId), draft));
    const ids = new Set(stored.map(({ draftId }) => draftId));
    const others = this.#drafts.filter(({ draftId }) => !ids.has(draftId));
    const ours = others.filter(({ order, state }) => order === undefined || state === 'acknowledged');
    for (const draft of others) if (!ours.includes(draft)) this.#vanished(draft);
    this.#set([...kept, ...ours]);
    // In another tab, perhaps: whoever waits for it here is told as well.
    for (const { draftId, state, error } of kept)
      if (state === 'failed' && error) this.#parts.postings.failed(draftId, error);
    this.#adopt();
  }

  /** A tab that died on the way has not told what it did with it. If it was sent, its entry is on its way to us. */
  #vanished(draft: OutboxDraft): void {
    this.#parts.clock.after(CLIENT_LIMITS.entryGraceMs, () => this.#cancelled([draft]));
  }

  /** Whoever waits for them is told. Returns the others. */
  #cancelled(drafts: readonly OutboxDraft[]): readonly OutboxDraft[] {
    const refusal = refusalOf(new ChatError('cancelled'));
    for (const { draftId } of drafts) this.#parts.postings.failed(draftId, refusal);
    return this.#drafts.filter((draft) => !drafts.includes(draft));
  }

  #isMine({ authorId }: OutboxDraft): boolean {
    return this.#author === undefined || authorId === undefined || authorId === this.#author;
  }

  #find(draftId: DraftId): OutboxDraft | undefined {
    return this.#drafts.find((draft) => draft.draftId === draftId);
  }

  /** Another state. Why the last attempt came to nothing is of the past. */
  #become(draftId: DraftId, next: Pick<OutboxDraft, 'state' | 'seq' | 'error'>): void {
    this.#alter(draftId, ({ error: _, ...draft }) => ({ ...draft, ...next }));
  }

  #alter(draftId: DraftId, altered: (draft: OutboxDraft) => OutboxDraft): void {
    const draft = this.#find(draftId);
    if (draft === undefined) return;
    const next = altered(draft);
    this.#set(
      this.#drafts.map((each) => (each === draft ? next : each)),
      draft.slug,
    );
  }

  /** In memory and in the store. */
  #change(draft: OutboxDraft, draftId = draft.draftId): void {
    this.#alter(draftId, () => draft);
    const { order } = draft;
    if (order === undefined) return;
    void this.#write(() => this.#parts.store.change({ ...newDraftOf(draft), order }));
  }

  /** The log has them: in memory at once, in the store where they are still kept. */
  #forget(isOver: (draft: OutboxDraft) => boolean): void {
    const over = this.#drafts.filter(isOver);
    if (over.length === 0) return;
    this.#set(this.#drafts.filter((draft) => !over.includes(draft)));
    const kept = over.filter(({ state }) => state !== 'acknowledged');
    if (kept.length > 0) this.#remove(kept.map(({ draftId }) => draftId));
  }

  /** Given up: whoever waits for them is told, here and in other tabs. */
  #drop(isDropped: (draft: OutboxDraft) => boolean): void {
    const dropped = this.#drafts.filter(isDropped);
    this.#cancelled(dropped);
    for (const { draftId } of dropped) this.#parts.store.tell({ draftId, state: 'cancelled' });
    this.#forget(isDropped);
  }

  #remove(draftIds: readonly DraftId[]): void {
    void this.#write(() => this.#parts.store.remove(draftIds));
  }

  async #write(act: () => Promise<unknown>): Promise<void> {
    this.#writes += 1;
    await act();
    this.#writes += 1;
  }

  /** `slug`: only there is something else. */
  #set(drafts: readonly OutboxDraft[], slug?: string): void {
    this.#drafts = drafts;
    if (slug === undefined) this.#shown.clear();
    else this.#shown.delete(slug);
  }

  #newId(): DraftId {
    const { clock, random } = this.#parts;
    return draftIdOf(clock.now(), random.bytes(16));
  }
}

/** What the store says, with what only we know: that it is on its way. */
function merged(known: OutboxDraft | undefined, stored: StoredDraft): OutboxDraft {
  const isUnderWay = known?.state === 'sending' || known?.state === 'acknowledged';
  if (known !== undefined && isUnderWay && stored.state === 'queued')
    return { ...known, order: stored.order };
  // Why it was put off is not stored.
  if (known?.state === 'queued' && stored.state === 'queued') return { ...known, ...stored };
  return { authorId: undefined, ...stored };
}

function newDraftOf({ slug, draftId, content, createdAt, state, error, authorId }: OutboxDraft): NewDraft {
  return {
    ...{ slug, draftId, content, createdAt, state: state === 'failed' ? 'failed' : 'queued' },
    ...(state === 'failed' && error && { error }),
    ...(authorId !== undefined && { authorId }),
  };
}
