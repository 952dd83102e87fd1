// An entry of its own: the writers of files and their bounds, without the schemas that whoever reads files needs.
export { type HistoryTotals, type HistoryWriter, hasRecord, historyWriter } from './format/format.ts';
export { HISTORY_LIMITS } from './limits.ts';
