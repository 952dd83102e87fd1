// Does the end of a file say what was found before it?
import type { HistoryEnd, HistoryFormat, HistoryHead } from '../download.ts';
import { isUnfiltered, type RecordRun } from './record-run.ts';
import type { HistoryProblem } from './verdict.ts';

interface Found {
  readonly end: HistoryEnd;
  readonly head: HistoryHead | undefined;
  /** By the first line. */
  readonly format: HistoryFormat | undefined;
  readonly run: RecordRun;
  /** Of all before the last line. */
  readonly sha256: string;
}

/** What is wrong, the first in the file first. */
export function* checkEnd({ end, head, format, run, sha256 }: Found): Iterable<HistoryProblem> {
  if (head === undefined) yield { code: 'no-head', sentence: 'The file does not say which room it is of.' };
  else if (head.spec.format !== format)
    yield {
      code: 'no-head',
      sentence: `The file says that it is ${head.spec.format}, and is ${format ?? 'nothing'}.`,
    };
  yield* missing(end, run);
  if (head !== undefined && !isWithin(end, head))
    yield {
      code: 'beyond-until',
      sentence: `The file has records outside its span, #${(head.after ?? 0) + 1} to #${head.until}.`,
    };
  if (head !== undefined && isUnfiltered(head)) yield* edges(end, head);
  for (const name of ['count', 'first', 'last'] as const) {
    const [found, value] = [run[name], end[name]];
    if (found !== value)
      yield {
        code: 'count',
        sentence: `By its end the file has ${name} ${value ?? 'none'}; found was ${found ?? 'none'}.`,
      };
  }
  if (head?.spec.format === 'jsonl' && run.broken !== end.broken)
    yield {
      code: 'count',
      sentence: `By its end ${end.broken} records are broken; found were ${run.broken}.`,
    };
  if (sha256 !== end.sha256)
    yield {
      code: 'digest',
      sentence: `The file was changed: the SHA-256 of what stands before the last line is ${sha256}, and should be ${end.sha256}.`,
    };
  if (end.cut !== undefined)
    yield { code: 'cut', sentence: `The server ended the file early: ${end.cut.message} (${end.cut.code})` };
}

function isWithin({ first, last }: HistoryEnd, { after = 0, until }: HistoryHead): boolean {
  return first === null || last === null || (first > after && last <= until);
}

/** Holes that the end does not tell of, and gaps that are none. */
function* missing({ gaps, first, last }: HistoryEnd, { holes }: RecordRun): Iterable<HistoryProblem> {
  if (holes === undefined) {
    const isSound = gaps.every(([from, to]) => from <= to && from > (first ?? to) && to < (last ?? from));
    if (!isSound)
      yield { code: 'missing', sentence: 'The gaps that the end tells of are not between its records.' };
    return;
  }
  const told = new Set(gaps.map(([from, to]) => `${from}-${to}`));
  for (const { from, to, line } of holes) {
    if (told.delete(`${from}-${to}`)) continue;
    const numbers = from === to ? `#${from} is` : `#${from} to #${to} are`;
    yield { code: 'missing', line, sentence: `is not the next one: ${numbers} missing before it` };
  }
  for (const gap of told)
    yield {
      code: 'missing',
      sentence: `By its end the file lacks #${gap.replace('-', ' to #')}; it does not.`,
    };
}

/** A file of everything begins with the first entry of its span and ends with the last. */
function* edges(
  { first, last, cut, next }: HistoryEnd,
  { after = 0, until }: HistoryHead,
): Iterable<HistoryProblem> {
  if (first !== null && first > after + 1)
    yield { code: 'missing', line: 2, sentence: `should be #${after + 1}, and is #${first}` };
  if (cut === undefined && next === undefined && (last ?? after) < until)
    yield { code: 'missing', sentence: `The file should go up to #${until}, and ends at #${last ?? after}.` };
}
