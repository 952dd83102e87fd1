// The history as the SDK fetches it, for the store: its progress, its waiting and its errors in the few words that the page has sentences
// for. How it comes, over which connection, and what happens at a break is the SDK's affair.
import type { Chat } from '@wireroom/client';
import {
  type DownloadOptions,
  type DownloadProgress,
  downloadHistory,
  estimateHistory,
  type HistoryEstimate,
  type HistoryQuestion,
  DownloadError as SdkError,
} from '@wireroom/client/history';
import type { HistoryEnd } from '@wireroom/history';
import { type DownloadAsk, DownloadError, type HistorySource } from './download-port.ts';
import type { FailureCode, WaitReason } from './download-state.ts';

export interface HistorySdk {
  downloadHistory(options: DownloadOptions): Promise<HistoryEnd>;
  estimateHistory(question: HistoryQuestion): Promise<HistoryEstimate>;
}

/** Asks as whoever is in the chat: the token stays inside the SDK. */
export function chatSource(
  chat: Chat,
  sdk: HistorySdk = { downloadHistory, estimateHistory },
): HistorySource {
  return {
    estimate: (room, spec, signal) => inOurWords(sdk.estimateHistory({ chat, room, spec, signal })),
    download: (ask) => inOurWords(sdk.downloadHistory(optionsOf(chat, ask))),
  };
}

function optionsOf(chat: Chat, ask: DownloadAsk): DownloadOptions {
  const { room, spec, after, kept, signal } = ask;
  let isWaiting = false;
  const onProgress = ({ records, picture, waiting }: DownloadProgress): void => {
    if (picture !== undefined) ask.onPicture(picture);
    ask.onRecords(records);
    if (waiting !== undefined || isWaiting) ask.onWait(waiting && waitReasonOf(waiting.code));
    isWaiting = waiting !== undefined;
  };
  return {
    ...{ chat, room, spec, signal, onProgress },
    write: (bytes) => ask.write(bytes),
    ...(after !== undefined && { after }),
    ...(kept !== undefined && {
      kept: { epoch: kept.epoch, until: kept.until, ...(kept.bytes > 0 && { stored: kept.read() }) },
    }),
  };
}

async function inOurWords<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    throw new DownloadError(failureCodeOf(error.code), error.message, { cause: error });
  }
}

const FAILURES: Readonly<Record<string, FailureCode>> = {
  'bad-token': 'bad-token',
  'not-joined': 'not-joined',
  'no-room': 'no-room',
  'bad-query': 'bad-query',
  'history-changed': 'history-changed',
  'too-many-downloads': 'too-many-downloads',
  'rate-limited': 'too-many-downloads',
  busy: 'server',
  internal: 'server',
  'shutting-down': 'server',
  'storage-failed': 'server',
  unreachable: 'unreachable',
  'not-verified': 'not-verified',
};

const WAITS: Readonly<Record<string, WaitReason>> = {
  unreachable: 'network',
  busy: 'busy',
  'rate-limited': 'busy',
  'too-many-downloads': 'busy',
};

/** A newer server may have codes that this page does not know. */
const failureCodeOf = (code: string): FailureCode =>
  Object.hasOwn(FAILURES, code) ? (FAILURES[code] ?? 'other') : 'other';

const waitReasonOf = (code: string): WaitReason =>
  Object.hasOwn(WAITS, code) ? (WAITS[code] ?? 'server') : 'server';
