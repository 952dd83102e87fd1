// What a program asks of a download, what it hears on the way, and why one ends. Types and the error; download.ts does it.
import type { HistorySpec } from '@wireroom/history';
import type { Epoch } from '@wireroom/protocol';
import type { Chat } from '../chat.ts';

/** Who asks: whoever has entered in this chat, or the bearer of a token, or nobody in particular. */
export type Asker =
  | { readonly chat: Chat; readonly url?: undefined; readonly token?: undefined }
  | {
      /** The server's WebSocket address, as for createChat. */
      readonly url: string;
      /** A guest's, where the server lets only members read. */
      readonly token?: string;
      readonly chat?: undefined;
    };

export type HistoryQuestion = Asker & {
  /** Its slug, or its id. */
  readonly room: string;
  readonly spec: HistorySpec;
  /** The file begins after this seq: `next` of the part before. */
  readonly after?: number;
  /** Where HTTP is served, if not at the host and port of the WebSocket address. */
  readonly httpUrl?: string;
  /** Ends it: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
};

/** Which state of the room a file is of: the same after every break, and in every part of an HTML history. */
export interface HistoryPicture {
  readonly until: number;
  readonly epoch: Epoch;
}

/** A download that was begun before, by another page for instance. */
export interface KeptHistory extends HistoryPicture {
  /**
   * What is there of the file: its bytes from the first on, exactly, as many as were kept. They are read once, and hashed: the server goes
   * on from nothing else. Absent: nothing is there yet, and the picture is to be this one.
   */
  readonly stored?: AsyncIterable<Uint8Array>;
}

export type DownloadWay = 'http' | 'websocket';

export type DownloadOptions = HistoryQuestion & {
  /** Default: `auto`, which is HTTP, and the second WebSocket where HTTP does not get through. */
  readonly via?: DownloadWay | 'auto';
  readonly kept?: KeptHistory;
  /** Takes the file's bytes, in order. Nothing more is read before it has resolved. If it rejects, the download does, with the same. */
  readonly write: (bytes: Uint8Array) => Promise<void> | void;
  /** At most ten times a second, and at every change but of `bytes` and `records`. */
  readonly onProgress?: (progress: DownloadProgress) => void;
};

export interface DownloadProgress {
  readonly via: DownloadWay;
  /** Of the file, as it is unpacked: what was stored before, and what `write` has taken since. */
  readonly bytes: number;
  /** As the file's end will count them. */
  readonly records: number;
  /** From the server's first answer on. Keep it with the bytes: `kept` goes on from it after a reload. */
  readonly picture?: HistoryPicture;
  /** It was broken off, or begun by another page, and goes on. */
  readonly isResuming: boolean;
  /** Nothing comes: why, and when it is tried again. */
  readonly waiting?: DownloadWaiting;
}

export interface DownloadWaiting {
  /** As of a DownloadError. */
  readonly code: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly retryAt: number;
}

/** What a download would be, about. */
export interface HistoryEstimate extends HistoryPicture {
  readonly records: number;
  readonly bytes: number;
  /** Files, one after another: HTML past its limit has several. */
  readonly parts: number;
}

/** Codes of our own; the others are the server's, of the protocol's table. */
export const DOWNLOAD_FAULTS = ['unreachable', 'not-verified'] as const;
export type DownloadFault = (typeof DOWNLOAD_FAULTS)[number];

/**
 * `unreachable`: nothing got through, for longer than is worth waiting. `not-verified`: it came, and is not what its own end says.
 * `history-changed` of the server: what is there is not what the room says now; begin anew. Its message is for people.
 */
export class DownloadError extends Error {
  readonly code: string;
  /** How long to wait before it is asked again, in milliseconds, where the server knows. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'DownloadError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
