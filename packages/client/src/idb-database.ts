// One IndexedDB database: opened when it is first needed, opened once more when the browser has closed it, and never waited
// for without end. It knows its object stores; what lies in them is the business of idb-drafts.ts and idb-leases.ts.
import type { Clock } from './clock.ts';
import * as TAB_LIMITS from './tab-limits.ts';

/** `drafts`: by their order, which the browser counts up; the index `draftId` is unique. `leases`: an owner per author. */
export const DRAFTS = 'drafts';
export const LEASES = 'leases';
export const DRAFT_ID = 'draftId';
const VERSION = 1;

export interface IdbDatabaseParts {
  readonly indexedDb: IDBFactory;
  readonly name: string;
  readonly clock: Clock;
}

export class IdbDatabase {
  readonly #parts: IdbDatabaseParts;
  #opening: Promise<IDBDatabase> | undefined;
  #isClosed = false;

  constructor(parts: IdbDatabaseParts) {
    this.#parts = parts;
  }

  /**
   * One transaction over everything; `body` may wait for its requests, and for nothing else. Resolves when it is committed.
   * Rejects with what the browser said, or when that took longer than `idbOpenTimeoutMs` and `idbTimeoutMs`.
   */
  async run<Result>(
    mode: IDBTransactionMode,
    body: (transaction: IDBTransaction) => Promise<Result>,
  ): Promise<Result> {
    const { clock } = this.#parts;
    const transaction = await this.#begin(mode);
    const committed = completion(transaction);
    const work = async (): Promise<Result> => {
      const result = await body(transaction);
      await committed;
      return result;
    };
    // When the body fails, the transaction has failed as well: its reason is the body's.
    committed.catch(() => {});
    return await bounded(work(), TAB_LIMITS.idbTimeoutMs, clock);
  }

  /** Asked for as the page goes: nobody is there any more to wait. */
  deleteNow(store: string, key: string): void {
    void this.#opening
      ?.then((database) => {
        const transaction = database.transaction(store, 'readwrite');
        transaction.objectStore(store).delete(key);
        transaction.commit?.();
      })
      .catch(() => {});
  }

  close(): void {
    this.#isClosed = true;
    void this.#opening?.then((database) => database.close()).catch(() => {});
  }

  async #begin(mode: IDBTransactionMode): Promise<IDBTransaction> {
    try {
      return (await this.#database()).transaction([DRAFTS, LEASES], mode);
    } catch (error) {
      // Closed under us: by the browser, short of memory, or for another tab. Opened anew, once.
      if (!isClosedError(error)) throw error;
      this.#opening = undefined;
      return (await this.#database()).transaction([DRAFTS, LEASES], mode);
    }
  }

  #database(): Promise<IDBDatabase> {
    if (this.#isClosed) return Promise.reject(new Error('The outbox is closed.'));
    this.#opening ??= this.#open();
    return this.#opening;
  }

  #open(): Promise<IDBDatabase> {
    const { indexedDb, name, clock } = this.#parts;
    const opening = new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDb.open(name, VERSION);
      request.onupgradeneeded = () => createStores(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB did not open.'));
      request.onsuccess = () => {
        const database = request.result;
        const forget = (): void => {
          if (this.#opening === opening) this.#opening = undefined;
        };
        // Somebody deletes it, or a newer version of the page changes it: whoever holds on would block them.
        database.onversionchange = () => {
          database.close();
          forget();
        };
        database.onclose = forget;
        if (this.#isClosed) database.close();
        resolve(database);
      };
    });
    return bounded(opening, TAB_LIMITS.idbOpenTimeoutMs, clock);
  }
}

export function answer<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB gave no reason.'));
  });
}

function completion(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was given up.'));
  });
}

function createStores(database: IDBDatabase): void {
  const drafts = database.createObjectStore(DRAFTS, { keyPath: 'order', autoIncrement: true });
  drafts.createIndex(DRAFT_ID, 'draftId', { unique: true });
  database.createObjectStore(LEASES);
}

const isClosedError = (error: unknown): boolean =>
  error instanceof Error && error.name === 'InvalidStateError';

/**
 * Two halves, one after the other: in a tab that was frozen, a timer may be due before what the browser has had ready all
 * along. The second half leaves it the time to arrive.
 */
function bounded<Result>(promise: Promise<Result>, ms: number, clock: Clock): Promise<Result> {
  return new Promise((resolve, reject) => {
    let cancel = clock.after(ms / 2, () => {
      cancel = clock.after(ms / 2, () => reject(new Error(`IndexedDB did not answer within ${ms} ms.`)));
    });
    promise.then(resolve, reject).finally(() => cancel());
  });
}
