// The door to the formats: a writer for each.
import type { HistoryFormat, HistoryHead } from '../download.ts';
import { csvWriter } from './csv-writer.ts';
import { htmlWriter } from './html-writer.ts';
import { jsonlWriter } from './jsonl-writer.ts';
import { markdownWriter } from './markdown-writer.ts';
import { textWriter } from './text-writer.ts';
import type { HistoryWriter } from './writer.ts';

export { endJsonOf, isSealed } from './end-line.ts';
export { HISTORY_FILES, historyFileName } from './file-name.ts';
export { brokenLine } from './jsonl-writer.ts';
export { type HistoryTotals, type HistoryWriter, hasRecord } from './writer.ts';
export { isTimeZone } from './zone-clock.ts';

const WRITERS: Readonly<Record<HistoryFormat, (head: HistoryHead) => HistoryWriter>> = {
  jsonl: jsonlWriter,
  html: htmlWriter,
  text: textWriter,
  csv: csvWriter,
  markdown: markdownWriter,
};

/** Throws a RangeError for a time zone that `isTimeZone` does not know. */
export const historyWriter = (head: HistoryHead): HistoryWriter => WRITERS[head.spec.format](head);
