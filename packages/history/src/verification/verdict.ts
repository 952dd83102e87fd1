// What a check of a history file comes to.
import type { HistoryEnd, HistoryFormat, HistoryHead } from '../download.ts';

export const PROBLEM_CODES = [
  /** No history of ours, or of a later version. */
  'not-a-history',
  'no-head',
  'no-end',
  'after-end',
  'line-too-long',
  'not-utf8',
  'not-json',
  'not-an-entry',
  'other-room',
  'order',
  'beyond-until',
  'missing',
  'end-changed',
  'count',
  'digest',
  'cut',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface HistoryProblem {
  readonly code: ProblemCode;
  /** Of the file, from 1; absent where it cannot be said which line it is. */
  readonly line?: number;
  /** Goes on after “Line n” where there is one. */
  readonly sentence: string;
}

export const problemText = ({ line, sentence }: HistoryProblem): string =>
  line === undefined ? sentence : `Line ${line} ${sentence}.`;

export interface HistoryVerdict {
  /** Nothing is wrong: all that the server sent is there, as it was, in order. */
  readonly isWhole: boolean;
  /** The first is the first in the file. At most `HISTORY_LIMITS.problemsMax`. */
  readonly problems: readonly HistoryProblem[];
  readonly problemCount: number;
  readonly format: HistoryFormat | undefined;
  readonly head: HistoryHead | undefined;
  readonly end: HistoryEnd | undefined;
  readonly lines: number;
  readonly bytes: number;
  readonly records: number;
  /** Of every byte before the last line. */
  readonly sha256: string;
  /** Of how many bytes that is. */
  readonly hashedBytes: number;
}
