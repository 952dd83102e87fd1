// What the files of a history are called and what they are, for headers, for links between parts, and for whoever saves them.
import type { HistoryFormat } from '../download.ts';

interface Kind {
  readonly extension: string;
  readonly contentType: string;
}

export const HISTORY_FILES: Readonly<Record<HistoryFormat, Kind>> = {
  jsonl: { extension: 'jsonl', contentType: 'application/x-ndjson; charset=utf-8' },
  html: { extension: 'html', contentType: 'text/html; charset=utf-8' },
  text: { extension: 'txt', contentType: 'text/plain; charset=utf-8' },
  csv: { extension: 'csv', contentType: 'text/csv; charset=utf-8' },
  markdown: { extension: 'md', contentType: 'text/markdown; charset=utf-8' },
};

/** lobby.html, and lobby-after-20431.html for what comes after that seq. */
export function historyFileName(slug: string, format: HistoryFormat, after = 0): string {
  const { extension } = HISTORY_FILES[format];
  return `${slug}${after === 0 ? '' : `-after-${after}`}.${extension}`;
}
