// The entry of @wireroom/history: what a download is, its formats, its proof, and the readers of other programs' exports.
export {
  HISTORY_FORMATS,
  type HistoryEnd,
  type HistoryFormat,
  type HistoryHead,
  type HistoryItem,
  type HistoryResumption,
  type HistorySpec,
} from './download.ts';
export {
  historyEndSchema,
  historyHeadSchema,
  historySpecSchema,
  readEnd,
  readHead,
} from './download-schema.ts';
export {
  brokenLine,
  endJsonOf,
  HISTORY_FILES,
  type HistoryTotals,
  type HistoryWriter,
  hasRecord,
  historyFileName,
  historyWriter,
  isSealed,
  isTimeZone,
} from './format/format.ts';
export { HistoryCount } from './history-count.ts';
export { HISTORY_LIMITS } from './limits.ts';
export type { Digest } from './verification/held-line.ts';
export { beginsHistory } from './verification/record-line.ts';
export { type RunningDigest, runningDigest } from './verification/running-digest.ts';
export {
  type HistoryProblem,
  type HistoryVerdict,
  type ProblemCode,
  problemText,
} from './verification/verdict.ts';
export { type HistoryVerifier, historyVerifier, type VerifierOptions } from './verification/verification.ts';
