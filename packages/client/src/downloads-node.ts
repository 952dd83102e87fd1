// The entry `@wireroom/client/history` in Node: as downloads.ts, on Node's SHA-256 and our engine's client.
import type { HistoryEnd } from '@wireroom/history';
import { nodeDigest } from './download/digest-node.ts';
import { downloadWith } from './download/download.ts';
import type { DownloadOptions, HistoryEstimate, HistoryQuestion } from './download/download-options.ts';
import { engineSocket } from './download/engine-socket-node.ts';
import { estimateWith } from './download/estimate.ts';

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

/** As in a browser: see downloads.ts. */
export const downloadHistory = (options: DownloadOptions): Promise<HistoryEnd> =>
  downloadWith({ fetch: globalThis.fetch, openSocket: engineSocket, digest: nodeDigest }, options);

/** As in a browser: see downloads.ts. */
export const estimateHistory = (question: HistoryQuestion): Promise<HistoryEstimate> =>
  estimateWith(globalThis.fetch, question);
