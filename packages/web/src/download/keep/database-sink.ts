// Where the bytes of a download go that no file takes: into the browser's store, some at a time.
import { DownloadError, type Sink } from '../download-port.ts';
import type { DownloadDatabase } from './download-database.ts';

/** Gathered before it is put down. */
const CHUNK_BYTES = 1024 * 1024;
/** On a slow line what came in this time is put down, in milliseconds: a reload loses no more. */
const CHUNK_MS = 1_500;

export class DatabaseSink implements Sink {
  readonly #database: DownloadDatabase;
  readonly #id: string;
  readonly #now: () => number;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;
  #chunks: number;
  #settledAt: number;

  private constructor(database: DownloadDatabase, id: string, chunks: number, now: () => number) {
    this.#database = database;
    this.#id = id;
    this.#chunks = chunks;
    this.#now = now;
    this.#settledAt = now();
  }

  /** With the first so many bytes of what is there; what is behind them is dropped. */
  static async open(
    database: DownloadDatabase,
    { id, bytes, now }: { readonly id: string; readonly bytes: number; readonly now: () => number },
  ): Promise<DatabaseSink> {
    let left = bytes;
    let count = 0;
    for (const chunk of await database.chunks(id)) {
      if (left === 0) break;
      if (chunk.size > left) await database.putChunk(id, count, chunk.slice(0, left));
      left -= Math.min(left, chunk.size);
      count += 1;
    }
    if (left > 0)
      throw new DownloadError('store-failed', `${left} bytes of the download are not in the store any more.`);
    await database.removeChunks(id, count);
    return new DatabaseSink(database, id, count, now);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(Uint8Array.from(bytes));
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes >= CHUNK_BYTES) await this.settle();
  }

  isDue(): boolean {
    // A chunk that `write` has just put down is safe; where it ends is not written down yet.
    return this.#waitingBytes === 0 || this.#now() - this.#settledAt >= CHUNK_MS;
  }

  async settle(): Promise<void> {
    this.#settledAt = this.#now();
    if (this.#waitingBytes === 0) return;
    const chunk = new Blob(this.#waiting);
    await this.#database.putChunk(this.#id, this.#chunks, chunk);
    this.#chunks += 1;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  async *read(bytes: number): AsyncIterable<Uint8Array> {
    yield* piecesOf(new Blob([...(await this.#database.chunks(this.#id))]).slice(0, bytes));
  }

  async finish(): Promise<Blob> {
    await this.settle();
    return new Blob([...(await this.#database.chunks(this.#id))]);
  }
}

/** In pieces that fit into memory. */
export async function* piecesOf(blob: Blob): AsyncIterable<Uint8Array> {
  for (let at = 0; at < blob.size; at += CHUNK_BYTES)
    yield new Uint8Array(await blob.slice(at, at + CHUNK_BYTES).arrayBuffer());
}
