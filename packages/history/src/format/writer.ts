// What every format's writer does: a history's records in, the file's text out, piece by piece. A writer keeps only what it
// needs of the record before (the day, the author); nobody here reads, hashes or counts.
import type { HistoryEnd, HistoryHead, HistoryItem } from '../download.ts';

/** What is known at the end of a history but for the digest, which is of all that stands before the last line. */
export type HistoryTotals = Omit<HistoryEnd, 'type' | 'sha256' | 'seal'>;

/**
 * The file is head() + item()… + foot() + end(). `sha256` of the end is of all bytes before the text that end() gives, which is
 * one line. Each text ends with a line feed or is empty.
 */
export interface HistoryWriter {
  head(): string;
  /** Empty where the format has no record for it: see `hasRecord`. */
  item(item: HistoryItem): string;
  /** What stands after the last record and is hashed. */
  foot(totals: HistoryTotals): string;
  end(end: HistoryEnd): string;
}

/** Is this entry a record of its own in this format? Edits, deletions and reactions are so only in JSON Lines. */
export function hasRecord(format: HistoryHead['spec']['format'], entryType: string): boolean {
  return format === 'jsonl' || !isChange(entryType);
}

const CHANGES: ReadonlySet<string> = new Set(['edit', 'delete', 'react', 'unreact']);
/** What happens to a message, and shows in it. */
export const isChange = (entryType: string): boolean => CHANGES.has(entryType);
