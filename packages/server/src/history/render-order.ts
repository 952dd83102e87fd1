// What the main thread and the download thread say to one another. Plain data only.
import type { HistoryResumption, HistorySpec } from '@wireroom/history';
import type { ChatErrorCode, Epoch, RoomId } from '@wireroom/protocol';

export const ENCODINGS = ['identity', 'gzip', 'br'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A download as it is asked for. */
export interface RenderOrder {
  readonly roomId: RoomId;
  readonly spec: HistorySpec;
  readonly after?: number;
  /** Where it goes on, and what with. */
  readonly resumption?: HistoryResumption;
}

/** How it is packed on its way. */
export interface Packing {
  readonly encoding: Encoding;
  /** After a thread has ended in the middle: what gzip had counted by then. */
  readonly gzip?: GzipTotals;
}

export interface GzipTotals {
  readonly crc: number;
  readonly bytes: number;
}

export interface Cut {
  readonly code: string;
  readonly message: string;
}

export type ToRenderer =
  | { readonly type: 'begin'; readonly id: number; readonly order: RenderOrder; readonly packing: Packing }
  /** One more piece, please. With `cut`: the last one, which says why it ends. `memory`: that of an earlier one, to be used again. */
  | { readonly type: 'more'; readonly id: number; readonly cut?: Cut; readonly memory?: ArrayBuffer }
  | { readonly type: 'forget'; readonly id: number }
  | { readonly type: 'estimate'; readonly id: number; readonly order: RenderOrder }
  | { readonly type: 'close' };

/** How far a download has come. */
export interface Progress {
  /** Of the file, before compression. */
  readonly bytes: number;
  readonly records: number;
  /** SHA-256 of all bytes so far. */
  readonly sha256: string;
  readonly gzip?: GzipTotals;
}

export interface Estimate {
  readonly epoch: Epoch;
  readonly until: number;
  readonly records: number;
  readonly bytes: number;
  /** HTML documents; 1 in every other format. */
  readonly parts: number;
}

export type FromRenderer =
  | { readonly type: 'begun'; readonly id: number; readonly epoch: Epoch; readonly until: number }
  | {
      readonly type: 'piece';
      readonly id: number;
      readonly bytes: Uint8Array;
      readonly progress: Progress;
      /** The file ends with it. */
      readonly isLast: boolean;
      readonly cut?: Cut;
    }
  | { readonly type: 'estimated'; readonly id: number; readonly estimate: Estimate }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly code: ChatErrorCode;
      readonly message: string;
      /** For the server's own log. */
      readonly cause?: string;
    }
  | { readonly type: 'closed' };
