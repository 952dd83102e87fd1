// What the page knows of its download: what was asked for, how far it is, and in which state, each with what belongs to it. Types, and
// questions about them that need no more than the state. The store (download-store.ts) goes from one to the next.
import { HISTORY_FILES, type HistoryEnd, type HistorySpec } from '@wireroom/history';
import type { Epoch } from '@wireroom/protocol';

/** What a download would be, as the server says: exact in records, near in bytes. */
export interface DownloadEstimate {
  readonly epoch: Epoch;
  readonly until: number;
  readonly records: number;
  readonly bytes: number;
  /** Documents of an HTML history; 1 of everything else. */
  readonly parts: number;
}

/** What the reader chose, before it begins. */
export interface DownloadChoice {
  readonly room: string;
  readonly title: string;
  readonly spec: HistorySpec;
  readonly estimate: DownloadEstimate;
}

/** What was begun. It outlives a reload of the page. */
export interface DownloadPlan extends DownloadChoice {
  readonly id: string;
  readonly fileName: string;
  /** `file`: where the reader said, written as it comes. `browser`: in the browser's own store, handed over at the end. */
  readonly place: 'file' | 'browser';
}

export interface DownloadProgress {
  /** Of the history, before a zip makes them fewer. */
  readonly bytes: number;
  readonly records: number;
  /** Absent while there is nothing to tell it from. */
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

/** Why nothing comes at the moment; it goes on by itself. */
export type WaitReason = 'network' | 'server' | 'busy';

export const FAILURE_CODES = [
  'bad-token',
  'not-joined',
  'no-room',
  'bad-query',
  'history-changed',
  'too-many-downloads',
  'server',
  'unreachable',
  'not-verified',
  'disk-full',
  'file-gone',
  'file-denied',
  'store-failed',
  'zip-too-large',
  'elsewhere',
  'other',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

export interface DownloadFailure {
  readonly code: FailureCode;
  /** In the words of whoever said it: shown where there is no sentence for the code. */
  readonly message: string;
}

/** What the end of the history said, after it was compared with what came. Of an HTML history in parts: of all of them. */
export interface DownloadProof extends Pick<HistoryEnd, 'count' | 'broken'> {
  /** Of the whole file but its last line; absent where there are several, each with its own. */
  readonly sha256?: string;
  readonly parts: number;
  /** Numbers that should be there and are not. */
  readonly missing: number;
  /** The server ended it before its end. */
  readonly cut?: { readonly code: string; readonly message: string };
}

interface Begun {
  readonly plan: DownloadPlan;
  readonly progress: DownloadProgress;
}

export type DownloadState =
  | { readonly kind: 'choosing'; readonly failure?: DownloadFailure }
  /** The browser asks where the file goes. */
  | { readonly kind: 'placing' }
  | (Begun & { readonly kind: 'running' })
  | (Begun & { readonly kind: 'waiting'; readonly reason: WaitReason })
  | (Begun & { readonly kind: 'paused' })
  /** All is there: the file is put in its place. */
  | (Begun & { readonly kind: 'finishing' })
  | (Begun & { readonly kind: 'done'; readonly proof: DownloadProof })
  | (Begun & { readonly kind: 'failed'; readonly failure: DownloadFailure })
  /** Found after a reload. */
  | (Begun & { readonly kind: 'interrupted' });

export type BegunState = Extract<DownloadState, Begun>;

export const isBegun = (state: DownloadState): state is BegunState => 'plan' in state;

/** Something happens, or is about to, without the reader. */
export const isActive = ({ kind }: DownloadState): boolean =>
  kind === 'running' || kind === 'waiting' || kind === 'finishing';

/** From here the same download can go on from where it stands. The rest would fail again, whoever asks. */
export const canContinue = ({ code }: DownloadFailure): boolean =>
  ![
    'history-changed',
    'not-verified',
    'no-room',
    'bad-query',
    'zip-too-large',
    'elsewhere',
    'file-gone',
  ].includes(code);

/** 0 to 100, and 100 only for what is done: an estimate may be short. */
export function percentOf(state: BegunState): number {
  if (state.kind === 'done') return 100;
  const { plan, progress } = state;
  const share = plan.estimate.bytes > 0 ? progress.bytes / plan.estimate.bytes : 0;
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
}

/** `lobby-history.jsonl`; HTML in several parts is one zip of them. */
export function fileNameOf({ room, spec, estimate }: Omit<DownloadChoice, 'title'>): string {
  return `${room}-history.${isPacked({ spec, estimate }) ? 'zip' : HISTORY_FILES[spec.format].extension}`;
}

export const isPacked = ({ spec, estimate }: Pick<DownloadChoice, 'spec' | 'estimate'>): boolean =>
  spec.format === 'html' && estimate.parts > 1;
