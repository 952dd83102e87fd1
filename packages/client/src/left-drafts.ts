// Drafts that their store had not kept yet when the page was left: a reload right after Enter, a tab that is closed, a database that
// never answers. They go into localStorage in that moment, which needs nobody to wait, and the next page puts them into its store.
import type { DraftId } from '@wireroom/protocol';
import { readDrafts } from './draft-record.ts';
import type { NewDraft, OutboxStore, StoredDraft } from './outbox-store.ts';
import { browserStorage, type KeyValueStorage } from './storage.ts';
import type { TabLife } from './tab-life.ts';

/** May throw, as browsers do where they refuse to keep anything. */
export interface LeftStorage extends KeyValueStorage {
  keys(): readonly string[];
}

export const browserLeftStorage: LeftStorage = {
  ...browserStorage,
  keys: () => Object.keys(globalThis.localStorage),
};

export interface LeftDraftsParts {
  readonly storage: LeftStorage;
  readonly life: TabLife;
  /** The store's name. */
  readonly name: string;
  /** This tab: each leaves its drafts under a key of its own. */
  readonly me: string;
}

export class LeftDrafts {
  readonly #storage: LeftStorage;
  readonly #prefix: string;
  readonly #key: string;
  readonly #unkept = new Map<DraftId, NewDraft>();
  #isLeft = false;
  readonly end: () => void;

  constructor({ storage, life, name, me }: LeftDraftsParts) {
    this.#storage = storage;
    this.#prefix = `${name}:left:`;
    this.#key = this.#prefix + me;
    this.end = life.watch((moment) => {
      this.#isLeft = moment === 'left';
      this.#leave();
    });
  }

  /** It is written, and nothing keeps it yet. */
  written(draft: NewDraft): void {
    this.#unkept.set(draft.draftId, draft);
  }

  /** The store has them, or nobody wants them. */
  settled(...draftIds: readonly DraftId[]): void {
    const isOther = draftIds.map((draftId) => this.#unkept.delete(draftId)).includes(true);
    // A page that goes runs on for a moment.
    if (isOther && this.#isLeft) this.#leave();
  }

  /** What other pages left, into this one's store. One that it has already stays as it is; one that the log has gets its first answer again. */
  async takeOver(store: OutboxStore): Promise<void> {
    const keys = orNot(() => this.#storage.keys()) ?? [];
    const taking = keys
      .filter((key) => key.startsWith(this.#prefix))
      .map(async (key) => {
        const drafts = orNot(() => this.#read(key)) ?? [];
        const taken = await Promise.allSettled(drafts.map(({ order: _, ...draft }) => store.add(draft)));
        // What the store has no room for waits for a page that finds some.
        if (taken.every(({ status }) => status === 'fulfilled')) orNot(() => this.#storage.remove(key));
      });
    await Promise.all(taking);
  }

  #read(key: string): readonly StoredDraft[] {
    const values: unknown = JSON.parse(this.#storage.get(key) ?? '[]');
    return readDrafts(Array.isArray(values) ? values : []);
  }

  /** All that is not kept, or, where the page is not left, nothing. */
  #leave(): void {
    const drafts = [...this.#unkept.values()].map((draft, order) => ({ ...draft, order }));
    orNot(() => {
      if (!this.#isLeft || drafts.length === 0) this.#storage.remove(this.#key);
      else this.#storage.set(this.#key, JSON.stringify(drafts));
    });
  }
}

/** A storage that refuses is as if there were none. */
function orNot<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
