// Where a download is kept in this browser: in a file of the reader's choice where the browser can write one, else in its own store, from
// which it is handed over at the end. Either way it is written down there what was begun, so that a later visit finds it.
import type { DownloadKeep, KeptDownload, Sink } from '../download-port.ts';
import { DatabaseSink } from './database-sink.ts';
import { type DownloadDatabase, storeError } from './download-database.ts';
import { FileSink } from './file-sink.ts';

// In Chromium only, and not in TypeScript's library: https://wicg.github.io/file-system-access/
declare global {
  interface Window {
    showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
  }
  interface FileSystemFileHandle {
    queryPermission?(descriptor: { readonly mode: 'readwrite' }): Promise<PermissionState>;
    requestPermission?(descriptor: { readonly mode: 'readwrite' }): Promise<PermissionState>;
    remove?(): Promise<void>;
  }
}

/** By then the browser has long begun to read it, in milliseconds. */
const ADDRESS_KEPT_MS = 60_000;

const WRITING = { mode: 'readwrite' } as const;

export class BrowserKeep implements DownloadKeep {
  readonly #database: DownloadDatabase;
  readonly #window: Window;

  constructor(database: DownloadDatabase, window: Window) {
    this.#database = database;
    this.#window = window;
  }

  get asksWhere(): boolean {
    return this.#window.isSecureContext && typeof this.#window.showSaveFilePicker === 'function';
  }

  async askWhere(fileName: string): Promise<FileSystemFileHandle | undefined> {
    try {
      return await this.#window.showSaveFilePicker?.({ suggestedName: fileName });
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return undefined;
      throw error;
    }
  }

  async isPermitted(handle: FileSystemFileHandle): Promise<boolean> {
    if (handle.queryPermission === undefined || handle.requestPermission === undefined) return true;
    if ((await handle.queryPermission(WRITING)) === 'granted') return true;
    return (await handle.requestPermission(WRITING)) === 'granted';
  }

  find(): Promise<readonly KeptDownload[]> {
    return this.#database.downloads();
  }

  async put(kept: KeptDownload): Promise<void> {
    try {
      await this.#database.put(kept);
    } catch (error) {
      // A file needs the store only to be found after a reload: it comes without.
      if (kept.handle === undefined) throw storeError(error);
    }
  }

  remove(id: string): Promise<void> {
    return this.#database.remove(id);
  }

  async erase(handle: FileSystemFileHandle): Promise<void> {
    try {
      await handle.remove?.();
    } catch {
      // It is gone, or not ours to remove any more: the reader finds it where they put it.
    }
  }

  open({ plan, position, handle }: KeptDownload): Promise<Sink> {
    const bytes = position.fileBytes;
    if (handle !== undefined) return FileSink.open(handle, bytes);
    return DatabaseSink.open(this.#database, { id: plan.id, bytes, now: () => performance.now() });
  }

  async fileOf(id: string): Promise<Blob> {
    return new Blob([...(await this.#database.chunks(id))]);
  }

  handOver(file: Blob, fileName: string): void {
    const url = URL.createObjectURL(file);
    const anchor = this.#window.document.createElement('a');
    anchor.href = url;
    anchor.download = fileName;
    anchor.click();
    this.#window.setTimeout(() => URL.revokeObjectURL(url), ADDRESS_KEPT_MS);
  }
}
