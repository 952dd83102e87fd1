// Is a history file whole, in order and as it was sent? Bytes in, a verdict out, for all formats, in constant memory. It reads what
// the file says of itself; whether the room still says the same is for whoever can ask the server.
import type { HistoryEnd, HistoryFormat, HistoryHead } from '../download.ts';
import { readEnd, readHead } from '../download-schema.ts';
import { endJsonOf, isSealed } from '../format/format.ts';
import { HISTORY_LIMITS } from '../limits.ts';
import { checkEnd } from './end-check.ts';
import { checkLine } from './entry-line.ts';
import { type Digest, HeldLine } from './held-line.ts';
import { formatOf, lineReader, type ReadLine } from './record-line.ts';
import { RecordRun } from './record-run.ts';
import { runningDigest } from './running-digest.ts';
import type { HistoryProblem, HistoryVerdict, ProblemCode } from './verdict.ts';

export interface HistoryVerifier {
  /** The file's bytes, in pieces of any size. */
  push(bytes: Uint8Array): void;
  /** Records so far. */
  readonly records: number;
  /** Nothing comes any more. */
  finish(): HistoryVerdict;
}

export interface VerifierOptions {
  /** Node's SHA-256, for instance. Absent: one that runs everywhere. */
  readonly digest?: Digest;
}

export const historyVerifier = (options: VerifierOptions = {}): HistoryVerifier =>
  new Verifier(options.digest ?? runningDigest());

/** The end, and where it stands. */
interface FoundEnd {
  readonly line: number;
  readonly json: string | undefined;
}

class Verifier implements HistoryVerifier {
  readonly #lines: HeldLine;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #run = new RecordRun((code, sentence) => this.#wrong(code, sentence));
  readonly #problems: HistoryProblem[] = [];
  #problemCount = 0;
  #line = 0;
  #bytes = 0;
  #format: HistoryFormat | undefined;
  #read: (bytes: Uint8Array) => ReadLine = () => ({ kind: 'other' });
  #head: HistoryHead | undefined;
  #end: FoundEnd | undefined;

  constructor(digest: Digest) {
    this.#lines = new HeldLine(digest, {
      line: (bytes) => this.#take(bytes),
      tooLong: () => {
        this.#line++;
        this.#wrong('line-too-long', 'is longer than any line of a history; from here on nothing was read');
      },
    });
  }

  get records(): number {
    return this.#run.count;
  }

  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#lines.push(bytes);
  }

  finish(): HistoryVerdict {
    const { sha256: digest, rest } = this.#lines.finish();
    const end = this.#finishedEnd(rest);
    const head = this.#head ?? end?.head;
    if (this.#format === undefined && this.#problemCount === 0)
      this.#problem({ code: 'not-a-history', sentence: this.#bytes === 0 ? 'The file is empty.' : NOT_OURS });
    if (end !== undefined)
      for (const problem of checkEnd({ end, head, format: this.#format, run: this.#run, sha256: digest }))
        this.#problem(problem);
    return {
      isWhole: this.#problemCount === 0,
      problems: this.#problems.toSorted(byLine),
      problemCount: this.#problemCount,
      ...{ format: this.#format, head, end, lines: this.#line, bytes: this.#bytes },
      ...{ records: this.#run.count, sha256: digest, hashedBytes: this.#lines.hashedBytes },
    };
  }

  #take(bytes: Uint8Array): void {
    this.#line++;
    if (this.#line === 1) this.#begin(bytes);
    if (this.#format === undefined) return;
    if (this.#end !== undefined) {
      if (this.#line === this.#end.line + 1) this.#wrong('after-end', 'stands after the end of the history');
      return;
    }
    if (this.#format === 'jsonl') this.#takeJson(bytes);
    else this.#takeLine(this.#read(bytes));
  }

  #begin(bytes: Uint8Array): void {
    const text = this.#text(bytes);
    this.#format = text === undefined ? undefined : formatOf(text);
    if (this.#format === undefined) this.#wrong('not-a-history', NOT_OURS_LINE);
    else if (this.#format !== 'jsonl') this.#read = lineReader(this.#format);
  }

  #takeJson(bytes: Uint8Array): void {
    const text = this.#text(bytes);
    if (text === undefined) this.#wrong('not-utf8', 'is not UTF-8');
    else if (this.#line === 1) this.#takeHead(text);
    else if (this.#head !== undefined) this.#takeEntry(text, this.#head);
  }

  #takeHead(text: string): void {
    this.#head = readHead(text);
    if (this.#head === undefined) this.#wrong('no-head', 'is not the head of a history of version 1');
    else this.#run.begin(this.#head);
  }

  #takeEntry(text: string, head: HistoryHead): void {
    const checked = checkLine(text, head);
    if (checked.kind === 'wrong') this.#wrong(checked.code, checked.sentence);
    else if (checked.kind === 'record') this.#run.record(checked.seq, this.#line, checked.isBroken);
    else this.#end = { line: this.#line, json: endJsonOf('jsonl', text) };
  }

  #takeLine(read: ReadLine): void {
    if (read.kind === 'record') this.#run.record(read.seq, this.#line, false);
    if (read.kind === 'end') this.#end = { line: this.#line, json: read.json };
  }

  /** The end, if the file ends with one. What is wrong with it is said here. */
  #finishedEnd(rest: number): HistoryEnd | undefined {
    if (this.#format === undefined) return undefined;
    const found = this.#end;
    if (rest > 0 && found !== undefined) {
      if (this.#line === found.line)
        this.#problem({
          code: 'after-end',
          line: this.#line + 1,
          sentence: 'stands after the end of the history',
        });
      return undefined;
    }
    if (found === undefined) {
      const last = this.#run.last === null ? 'before its first record' : `after #${this.#run.last}`;
      const sentence = `The file is not whole: it stops ${last}, without the last line that every history has.`;
      this.#problem({ code: 'no-end', sentence });
      return undefined;
    }
    const end = found.json === undefined ? undefined : readEnd(found.json);
    if (end === undefined || found.json === undefined || !isSealed(found.json)) {
      const sentence = 'is the end of the history, and is not as it was written';
      this.#problem({ code: 'end-changed', line: found.line, sentence });
      return undefined;
    }
    return found.line === this.#line ? end : undefined;
  }

  #text(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes);
    } catch {
      return undefined;
    }
  }

  #wrong(code: ProblemCode, sentence: string): void {
    this.#problem({ code, line: this.#line, sentence });
  }

  #problem(problem: HistoryProblem): void {
    this.#problemCount++;
    if (this.#problems.length < HISTORY_LIMITS.problemsMax) this.#problems.push(problem);
  }
}

/** What no line can be named for comes last. */
const byLine = (one: HistoryProblem, other: HistoryProblem): number =>
  (one.line ?? Number.MAX_SAFE_INTEGER) - (other.line ?? Number.MAX_SAFE_INTEGER);

const NOT_OURS_LINE = 'does not begin a history of Wireroom, in any of its formats';
const NOT_OURS = 'The file is no history of Wireroom, in any of its formats.';
