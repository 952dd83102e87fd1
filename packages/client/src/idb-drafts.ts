// The drafts of all tabs in one object store, in the order of its keys. Each call is one transaction, so what two tabs do at
// once happens one after the other. It tells nobody: idb-outbox.ts does.
import type { DraftId } from '@wireroom/protocol';
import { readDraft, readDrafts } from './draft-record.ts';
import { answer, DRAFT_ID, DRAFTS, type IdbDatabase } from './idb-database.ts';
import { checkSpace } from './memory-outbox.ts';
import type { NewDraft, StoredDraft } from './outbox-store.ts';

export class IdbDrafts {
  readonly #database: IdbDatabase;

  constructor(database: IdbDatabase) {
    this.#database = database;
  }

  load(): Promise<readonly StoredDraft[]> {
    return this.#database.run('readonly', async (transaction) =>
      readDrafts(await answer(transaction.objectStore(DRAFTS).getAll())),
    );
  }

  add(draft: NewDraft): Promise<StoredDraft> {
    return this.#database.run('readwrite', async (transaction) => {
      const store = transaction.objectStore(DRAFTS);
      const values: unknown[] = await answer(store.getAll());
      const kept = values.map(readDraft).find((each) => each?.draftId === draft.draftId);
      if (kept !== undefined) return kept;
      checkSpace(readDrafts(values), draft);
      const order = await answer(store.add(withoutOrder(draft)));
      return { ...draft, order: Number(order) };
    });
  }

  change(draft: StoredDraft): Promise<boolean> {
    return this.#database.run('readwrite', async (transaction) => {
      const store = transaction.objectStore(DRAFTS);
      if ((await answer(store.getKey(draft.order))) === undefined) return false;
      await answer(store.put(draft));
      return true;
    });
  }

  remove(draftIds: readonly DraftId[]): Promise<void> {
    return this.#database.run('readwrite', async (transaction) => {
      const store = transaction.objectStore(DRAFTS);
      const keys = await Promise.all(
        draftIds.map((draftId) => answer(store.index(DRAFT_ID).getKey(draftId))),
      );
      for (const key of keys) if (key !== undefined) store.delete(key);
    });
  }
}

/** The browser gives the key where there is none. */
function withoutOrder(draft: NewDraft & { readonly order?: number }): NewDraft {
  const { order: _, ...rest } = draft;
  return rest;
}
