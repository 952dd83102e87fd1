// An outbox's store that is opened when something is asked of it, and again after it was closed. What is asked before it is open
// waits, in order: so its code may come over the network, and a chat that was closed may be entered again.
import type { AuthorId, DraftId } from '@wireroom/protocol';
import type { Candidacy, NewDraft, OutboxNews, OutboxStore, StoredDraft } from './outbox-store.ts';

/** `open` may throw and reject only where that is a fault of the program. */
export class OutboxFront implements OutboxStore {
  readonly #open: () => OutboxStore | Promise<OutboxStore>;
  #opening: Promise<OutboxStore> | undefined;
  #store: OutboxStore | undefined;
  #closing: Promise<void> = Promise.resolve();
  /** Settles when all that was asked has been answered. */
  #asked: Promise<unknown> = Promise.resolve();
  readonly #watchers = new Set<() => void>();
  readonly #listeners = new Set<(news: OutboxNews) => void>();

  constructor(open: () => OutboxStore | Promise<OutboxStore>) {
    this.#open = open;
  }

  /** As long as nobody knows better, it is. */
  get isDurable(): boolean {
    return this.#store?.isDurable ?? true;
  }

  load(): Promise<readonly StoredDraft[]> {
    return this.#ask((store) => store.load());
  }

  add(draft: NewDraft): Promise<StoredDraft> {
    return this.#ask((store) => store.add(draft));
  }

  change(draft: StoredDraft): Promise<boolean> {
    return this.#ask((store) => store.change(draft));
  }

  remove(draftIds: readonly DraftId[]): Promise<void> {
    return this.#ask((store) => store.remove(draftIds));
  }

  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => void this.#watchers.delete(changed);
  }

  lead(authorId: AuthorId, leads: (isLeading: boolean) => void): Candidacy {
    let isOver = false;
    const standing = this.#ask(async (store) => (isOver ? undefined : store.lead(authorId, leads)));
    return {
      claim: async (draftId) => (await (await standing)?.claim(draftId)) ?? false,
      giveUp: () => {
        isOver = true;
        void standing.then((candidacy) => candidacy?.giveUp());
      },
    };
  }

  /** Before it is open there is nothing to tell: nothing was sent. */
  tell(news: OutboxNews): void {
    this.#store?.tell(news);
  }

  hear(listener: (news: OutboxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    const opening = this.#opening;
    if (opening === undefined) return this.#closing;
    this.#opening = undefined;
    this.#closing = this.#asked.then(async () => (await opening).close());
    return this.#closing;
  }

  #ask<Result>(act: (store: OutboxStore) => Promise<Result>): Promise<Result> {
    this.#opening ??= this.#closing.then(this.#open).then((store) => this.#opened(store));
    const asked = this.#opening.then(act);
    this.#asked = Promise.allSettled([this.#asked, asked]);
    return asked;
  }

  #opened(store: OutboxStore): OutboxStore {
    this.#store = store;
    store.watch(() => {
      for (const changed of this.#watchers) changed();
    });
    store.hear((news) => {
      for (const listener of this.#listeners) listener(news);
    });
    return store;
  }
}
