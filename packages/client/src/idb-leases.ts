// Who leads, as the database knows it: one owner per author. This is what decides; what tabs tell each other is only when to
// look. An owner keeps the lease until another one takes it, so nothing here depends on a clock.
import type { AuthorId, DraftId } from '@wireroom/protocol';
import { answer, DRAFT_ID, DRAFTS, type IdbDatabase, LEASES } from './idb-database.ts';

/** Whose lease may be taken: one that is nobody's always may; one that we have already is ours. */
export type TakenFrom = 'nobody' | 'anyone' | { readonly owner: string };

export class IdbLeases {
  readonly #database: IdbDatabase;

  constructor(database: IdbDatabase) {
    this.#database = database;
  }

  /** Who owns the lease afterwards. */
  take(authorId: AuthorId, me: string, from: TakenFrom): Promise<string> {
    return this.#database.run('readwrite', async (transaction) => {
      const store = transaction.objectStore(LEASES);
      const owner: unknown = await answer(store.get(authorId));
      const isHeld = typeof owner === 'string' && from !== 'anyone';
      if (isHeld && owner !== me && (from === 'nobody' || from.owner !== owner)) return owner;
      await answer(store.put(me, authorId));
      return me;
    });
  }

  /** In one transaction: who owns the lease, and is the draft kept, still? */
  look(authorId: AuthorId, draftId: DraftId): Promise<{ readonly owner: unknown; readonly isKept: boolean }> {
    return this.#database.run('readonly', async (transaction) => {
      const [owner, key] = await Promise.all([
        answer<unknown>(transaction.objectStore(LEASES).get(authorId)),
        answer(transaction.objectStore(DRAFTS).index(DRAFT_ID).getKey(draftId)),
      ]);
      return { owner, isKept: key !== undefined };
    });
  }

  /** Waits for nothing: the page may be going. */
  release(authorId: AuthorId): void {
    this.#database.deleteNow(LEASES, authorId);
  }
}
