// What the download stands on, as ports: where the history comes from (the SDK), where it is kept on its way (a file, the browser's own
// store), and the other tabs of this browser. Tests and the page of scenes bring their own; browser-download.ts brings the real ones.
import type { HistoryEnd, HistorySpec } from '@wireroom/history';
import type { Epoch } from '@wireroom/protocol';
import type {
  DownloadEstimate,
  DownloadFailure,
  DownloadPlan,
  DownloadProof,
  FailureCode,
  WaitReason,
} from './download-state.ts';

/** Why it cannot go on, for the reader. Everything that a port rejects with, or it is told as `other`. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function failureOf(error: unknown): DownloadFailure {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof DownloadError ? error.code : 'other', message };
}

/** Which state of the room the file is of: the same for all its parts, and after every break. */
export interface Picture {
  readonly epoch: Epoch;
  readonly until: number;
}

export interface DownloadAsk {
  readonly room: string;
  readonly spec: HistorySpec;
  /** The part of an HTML history that comes after this seq. */
  readonly after?: number;
  /** Go on with this picture; what is here of it already. */
  readonly kept?: KeptPart;
  readonly signal: AbortSignal;
  /** Taken one after the other; the next comes when it is resolved. */
  write(bytes: Uint8Array): Promise<void>;
  onPicture(picture: Picture): void;
  /** Records of this part so far. */
  onRecords(records: number): void;
  /** Nothing comes; or, with undefined, it comes again. */
  onWait(reason: WaitReason | undefined): void;
}

export interface KeptPart extends Picture {
  readonly bytes: number;
  /** Exactly those bytes, once more: they are hashed with what comes. */
  read(): AsyncIterable<Uint8Array>;
}

export interface HistorySource {
  estimate(room: string, spec: HistorySpec, signal: AbortSignal): Promise<DownloadEstimate>;
  /** One document, whole and checked against its own end, or a rejection. Breaks on the way are its own affair. */
  download(ask: DownloadAsk): Promise<HistoryEnd>;
}

/** A part of the zip that is finished: what the zip's directory says of it. */
export interface ZipEntry {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly crc: number;
}

/** How far a download is, such that it can go on from there. */
export interface Position {
  /** Of the file: what it had when this was true of it. */
  readonly fileBytes: number;
  readonly picture?: Picture;
  /** The document that is being fetched. */
  readonly part: { readonly after?: number; readonly bytes: number; readonly records: number };
  /** Of the documents before it. */
  readonly before: { readonly bytes: number; readonly records: number };
  readonly proof: DownloadProof;
  readonly entries: readonly ZipEntry[];
}

export interface KeptDownload {
  readonly plan: DownloadPlan;
  readonly position: Position;
  /** Of a `file`: the browser's own handle on it. */
  readonly handle?: FileSystemFileHandle;
  /** It is whole: only the handing over is left. */
  readonly isComplete: boolean;
}

/** Where the bytes go. One after the other; rejects with a DownloadError. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Enough is at stake to make it safe. */
  isDue(): boolean;
  /** What was written is safe once it resolves: a reload finds it. */
  settle(): Promise<void>;
  /** The first so many bytes, of what is safe. */
  read(bytes: number): AsyncIterable<Uint8Array>;
  /** Nothing more comes. A file in the browser's store is given, to be handed over. */
  finish(): Promise<Blob | undefined>;
}

export interface DownloadKeep {
  /** The reader is asked where the file goes. */
  readonly asksWhere: boolean;
  /** Undefined: they thought better of it. Only in answer to a click. */
  askWhere(fileName: string): Promise<FileSystemFileHandle | undefined>;
  /** May the file be written to, still? Asks the reader where it has to: only in answer to a click. */
  isPermitted(handle: FileSystemFileHandle): Promise<boolean>;
  /** What was begun by this browser and not ended, by this tab or another. */
  find(): Promise<readonly KeptDownload[]>;
  put(kept: KeptDownload): Promise<void>;
  /** With all that is kept of it. */
  remove(id: string): Promise<void>;
  /** A file that was begun and is not wanted any more, if the browser lets us. Does not reject. */
  erase(handle: FileSystemFileHandle): Promise<void>;
  /** As far as its position says; what is behind that is dropped. */
  open(kept: KeptDownload): Promise<Sink>;
  /** Of one that is complete. */
  fileOf(id: string): Promise<Blob>;
  /** The browser saves it as it saves every download. */
  handOver(file: Blob, fileName: string): void;
}

/** Two tabs of one browser never write the same download. */
export interface DownloadTabs {
  isElsewhere(id: string): Promise<boolean>;
  /** Until what it returns is called. */
  claim(id: string): () => void;
}
