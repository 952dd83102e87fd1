// Where the bytes of a download go that the reader has given a file: into it. What a browser's file stream is given is in the file only once
// the stream is closed; so it is closed now and then, and opened again behind what is there.
import { DownloadError, type Sink } from '../download-port.ts';
import { piecesOf } from './database-sink.ts';

/**
 * To open a stream again, the browser copies what is there. It is closed when this much has come, or half as much as there is,
 * whichever is more: all copying together stays within three times the file.
 */
const SETTLED_BYTES_MIN = 16 * 1024 * 1024;

export class FileSink implements Sink {
  readonly #handle: FileSystemFileHandle;
  #stream: FileSystemWritableFileStream | undefined;
  #bytes: number;
  #settledBytes: number;

  private constructor(handle: FileSystemFileHandle, bytes: number) {
    this.#handle = handle;
    this.#bytes = bytes;
    this.#settledBytes = bytes;
  }

  static async open(handle: FileSystemFileHandle, bytes: number): Promise<FileSink> {
    const { size } = await inFile(() => handle.getFile());
    if (size < bytes)
      throw new DownloadError('file-gone', `${handle.name} has ${size} bytes; ${bytes} were written.`);
    return new FileSink(handle, bytes);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const stream = this.#stream ?? (await this.#openStream());
    await inFile(() => stream.write(Uint8Array.from(bytes)));
    this.#bytes += bytes.length;
  }

  isDue(): boolean {
    return this.#bytes - this.#settledBytes >= Math.max(SETTLED_BYTES_MIN, this.#settledBytes / 2);
  }

  async settle(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#stream = undefined;
    await inFile(() => stream.close());
    this.#settledBytes = this.#bytes;
  }

  async *read(bytes: number): AsyncIterable<Uint8Array> {
    const file = await inFile(() => this.#handle.getFile());
    yield* piecesOf(file.slice(0, bytes));
  }

  async finish(): Promise<undefined> {
    // An empty history is a file as well, and one that was there before it is emptied.
    if (this.#stream === undefined && this.#bytes === 0) await this.#openStream();
    await this.settle();
  }

  async #openStream(): Promise<FileSystemWritableFileStream> {
    const bytes = this.#bytes;
    const stream = await inFile(() => this.#handle.createWritable({ keepExistingData: bytes > 0 }));
    if (bytes > 0) {
      await inFile(() => stream.truncate(bytes));
      await inFile(() => stream.seek(bytes));
    }
    this.#stream = stream;
    return stream;
  }
}

async function inFile<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    const code =
      name === 'QuotaExceededError' ? 'disk-full' : name === 'NotAllowedError' ? 'file-denied' : 'file-gone';
    throw new DownloadError(code, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
