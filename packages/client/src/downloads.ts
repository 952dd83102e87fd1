// The entry `@wireroom/client/history`: a room's history as a file, on a connection of its own. Loaded by a page when somebody asks.
// In Node, the entry is downloads-node.ts: the same on Node's SHA-256 and our engine's client.
import { type HistoryEnd, runningDigest } from '@wireroom/history';
import { downloadWith } from './download/download.ts';
import type { DownloadOptions, HistoryEstimate, HistoryQuestion } from './download/download-options.ts';
import { globalSocket } from './download/download-socket.ts';
import { estimateWith } from './download/estimate.ts';
import type { Fetch } from './download/http-way.ts';

export {
  type Asker,
  DOWNLOAD_FAULTS,
  DownloadError,
  type DownloadFault,
  type DownloadOptions,
  type DownloadProgress,
  type DownloadWaiting,
  type DownloadWay,
  type HistoryEstimate,
  type HistoryPicture,
  type HistoryQuestion,
  type KeptHistory,
} from './download/download-options.ts';

/** Looked up at the call, and called as the runtime wants it. */
const globalFetch: Fetch = (url, init) => globalThis.fetch(url, init);

/**
 * Resolves with the file's end once all of it has been taken by `write` and is proven. Rejects with a DownloadError, with the signal's reason,
 * or with what `write` rejected with; what was written then is good, and can be gone on from (`kept`). An HTML history goes on after `next` of the end.
 */
export const downloadHistory = (options: DownloadOptions): Promise<HistoryEnd> =>
  downloadWith({ fetch: globalFetch, openSocket: globalSocket, digest: runningDigest }, options);

/** Rejects with a DownloadError, or with the signal's reason. */
export const estimateHistory = (question: HistoryQuestion): Promise<HistoryEstimate> =>
  estimateWith(globalFetch, question);
