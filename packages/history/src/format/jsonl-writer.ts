// JSON Lines: the whole truth. Every entry as live sockets carry it, a line each; nothing is left out and nothing is cleaned.
import type { HistoryHead } from '../download.ts';
import { endLine } from './end-line.ts';
import type { HistoryWriter } from './writer.ts';

export function jsonlWriter(head: HistoryHead): HistoryWriter {
  return {
    head: () => `${JSON.stringify(head)}\n`,
    item: (item) =>
      item.kind === 'entry' ? `${JSON.stringify(item.entry)}\n` : brokenLine(item.seq, item.reason),
    foot: () => '',
    end: (end) => endLine(end, head),
  };
}

/** Whoever has entries as JSON already writes those as they are, and only these with us. */
export function brokenLine(seq: number, reason: string): string {
  return `${JSON.stringify({ type: 'broken', seq, reason })}\n`;
}
