// Goes on when the browser refuses to keep drafts (a full disk, a private window, a database that never opens): from then on
// this tab keeps all that it knows in memory and leads for itself. What another tab sends as well, the log answers with its first
// answer (rule L3), so nothing stands there twice.
import { type AuthorId, ChatError, type DraftId } from '@wireroom/protocol';
import type { LeftDrafts } from './left-drafts.ts';
import { memoryOutbox } from './memory-outbox.ts';
import type { Candidacy, NewDraft, OutboxNews, OutboxStore, StoredDraft } from './outbox-store.ts';

/** A store whose calls reject when what it is kept in fails. */
export interface FallibleOutbox extends Omit<OutboxStore, 'isDurable'> {
  /** It has failed without having been asked for anything. */
  onFailure(failed: () => void): void;
}

interface Standing {
  readonly authorId: AuthorId;
  readonly leads: (isLeading: boolean) => void;
  candidacy: Candidacy;
}

export class FallbackOutbox implements OutboxStore {
  readonly #store: FallibleOutbox;
  readonly #left: LeftDrafts;
  #memory: OutboxStore | undefined;
  /** What was last seen in the store, or put there. By order. */
  #known = new Map<number, StoredDraft>();
  readonly #standing = new Set<Standing>();
  readonly #watchers = new Set<() => void>();
  #isClosed = false;

  constructor(store: FallibleOutbox, left: LeftDrafts) {
    this.#store = store;
    this.#left = left;
    store.watch(() => this.#changed());
    store.onFailure(() => this.#fallBack());
  }

  get isDurable(): boolean {
    return this.#memory === undefined;
  }

  load(): Promise<readonly StoredDraft[]> {
    return this.#either(
      async () => {
        const drafts = await this.#store.load();
        this.#known = new Map(drafts.map((draft) => [draft.order, draft]));
        return drafts;
      },
      (memory) => memory.load(),
    );
  }

  async add(draft: NewDraft): Promise<StoredDraft> {
    this.#left.written(draft);
    try {
      return await this.#either(
        () => this.#place(draft),
        (memory) => memory.add(draft),
      );
    } catch (error) {
      this.#left.settled(draft.draftId);
      throw error;
    }
  }

  change(draft: StoredDraft): Promise<boolean> {
    return this.#either(
      async () => {
        const isThere = await this.#store.change(draft);
        if (isThere) this.#known.set(draft.order, draft);
        else this.#known.delete(draft.order);
        return isThere;
      },
      (memory) => memory.change(draft),
    );
  }

  async remove(draftIds: readonly DraftId[]): Promise<void> {
    for (const { order, draftId } of [...this.#known.values()])
      if (draftIds.includes(draftId)) this.#known.delete(order);
    this.#left.settled(...draftIds);
    // From both: what lies in the store, still, would be sent once more by the next tab.
    const isFailing = this.#memory !== undefined;
    const removed = this.#store.remove(draftIds).catch(() => this.#fallBack());
    if (!isFailing) await removed;
    await this.#memory?.remove(draftIds);
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  lead(authorId: AuthorId, leads: (isLeading: boolean) => void): Candidacy {
    const standing: Standing = { authorId, leads, candidacy: this.#current.lead(authorId, leads) };
    this.#standing.add(standing);
    return {
      claim: (draftId) =>
        this.#either(
          () => standing.candidacy.claim(draftId),
          () => standing.candidacy.claim(draftId),
        ),
      giveUp: () => {
        this.#standing.delete(standing);
        standing.candidacy.giveUp();
      },
    };
  }

  tell(news: OutboxNews): void {
    this.#store.tell(news);
  }

  hear(listener: (news: OutboxNews) => void): () => void {
    return this.#store.hear(listener);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    for (const { candidacy } of this.#standing) candidacy.giveUp();
    this.#standing.clear();
    this.#left.end();
    return this.#store.close();
  }

  async #place(draft: NewDraft): Promise<StoredDraft> {
    const placed = await this.#store.add(draft);
    this.#left.settled(draft.draftId);
    this.#known.set(placed.order, placed);
    // It failed for another call meanwhile: this draft has to be where the others are.
    return (await this.#memory?.add(draft)) ?? placed;
  }

  get #current(): Pick<OutboxStore, 'lead'> {
    return this.#memory ?? this.#store;
  }

  async #either<Result>(
    first: () => Promise<Result>,
    instead: (memory: OutboxStore) => Promise<Result>,
  ): Promise<Result> {
    if (this.#memory === undefined) {
      try {
        return await first();
      } catch (error) {
        // Too much waits: that is an answer.
        if (error instanceof ChatError) throw error;
        this.#fallBack();
      }
    }
    return await instead(this.#memory ?? memoryOutbox());
  }

  #fallBack(): void {
    if (this.#memory !== undefined) return;
    const drafts = [...this.#known.values()].sort((one, other) => one.order - other.order);
    const memory = memoryOutbox(drafts);
    this.#memory = memory;
    if (this.#isClosed) return;
    for (const standing of this.#standing) {
      standing.candidacy.giveUp();
      standing.candidacy = memory.lead(standing.authorId, standing.leads);
    }
    this.#changed();
  }

  #changed(): void {
    for (const changed of this.#watchers) changed();
  }
}
