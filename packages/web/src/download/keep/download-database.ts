// The browser's own store for downloads: what was begun, and, of those that no file takes, the bytes that have come, as Blobs one after the
// other. IndexedDB works on plain http and in every browser; a Blob of its Blobs costs no memory.
import { DownloadError, type KeptDownload } from '../download-port.ts';

const NAME = 'wireroom-downloads';
const DOWNLOADS = 'downloads';
const CHUNKS = 'chunks';

export class DownloadDatabase {
  readonly #indexedDb: IDBFactory | undefined;
  readonly #name: string;
  #opening: Promise<IDBDatabase> | undefined;

  constructor(indexedDb: IDBFactory | undefined, name = NAME) {
    this.#indexedDb = indexedDb;
    this.#name = name;
  }

  async downloads(): Promise<readonly KeptDownload[]> {
    return await this.#do(DOWNLOADS, 'readonly', (store): IDBRequest<KeptDownload[]> => store.getAll());
  }

  async put(kept: KeptDownload): Promise<void> {
    await this.#do(DOWNLOADS, 'readwrite', (store) => store.put(kept, kept.plan.id));
  }

  /** With its chunks. */
  async remove(id: string): Promise<void> {
    await this.#do(CHUNKS, 'readwrite', (store) => store.delete(chunksOf(id)));
    await this.#do(DOWNLOADS, 'readwrite', (store) => store.delete(id));
  }

  async chunks(id: string): Promise<readonly Blob[]> {
    return await this.#do(CHUNKS, 'readonly', (store): IDBRequest<Blob[]> => store.getAll(chunksOf(id)));
  }

  async putChunk(id: string, at: number, chunk: Blob): Promise<void> {
    await this.#do(CHUNKS, 'readwrite', (store) => store.put(chunk, [id, at]));
  }

  /** Those from there on. */
  async removeChunks(id: string, from: number): Promise<void> {
    const range = IDBKeyRange.bound([id, from], [id, Number.POSITIVE_INFINITY]);
    await this.#do(CHUNKS, 'readwrite', (store) => store.delete(range));
  }

  /** One request in a transaction of its own; resolves once that is over. */
  async #do<Result>(
    name: string,
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    try {
      const transaction = (await this.#open()).transaction(name, mode);
      return await new Promise<Result>((resolve, reject) => {
        const request = ask(transaction.objectStore(name));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error ?? new Error('The transaction was given up.'));
      });
    } catch (error) {
      throw storeError(error);
    }
  }

  #open(): Promise<IDBDatabase> {
    const indexedDb = this.#indexedDb;
    if (indexedDb === undefined) return Promise.reject(new Error('This browser has no IndexedDB.'));
    this.#opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const forget = (): void => {
        this.#opening = undefined;
      };
      const request = indexedDb.open(this.#name, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(DOWNLOADS);
        request.result.createObjectStore(CHUNKS);
      };
      request.onerror = () => {
        forget();
        reject(request.error ?? new Error('IndexedDB did not open.'));
      };
      request.onsuccess = () => {
        const database = request.result;
        database.onversionchange = () => {
          database.close();
          forget();
        };
        database.onclose = forget;
        resolve(database);
      };
    });
    return this.#opening;
  }
}

const chunksOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY]);

export function storeError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  const isFull = error instanceof Error && error.name === 'QuotaExceededError';
  const message = error instanceof Error ? error.message : String(error);
  return new DownloadError(isFull ? 'disk-full' : 'store-failed', message, { cause: error });
}
