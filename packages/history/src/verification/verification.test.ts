// The verifier against files that somebody has laid hands on: nothing that was done to one goes unseen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTORY_FORMATS, type HistoryFormat, type HistoryHead, type HistoryItem } from '../download.ts';
import {
  BOB,
  fileOf,
  HOSTILE,
  headOf,
  itemOf,
  joinOf,
  messageOf,
  titleOf,
} from '../format/history.fixture.ts';
import { HISTORY_LIMITS } from '../limits.ts';
import { type HistoryVerdict, problemText } from './verdict.ts';
import { historyVerifier } from './verification.ts';

const encoder = new TextEncoder();

function verdictOf(file: string | Uint8Array, chunkBytes = Number.POSITIVE_INFINITY): HistoryVerdict {
  const bytes = typeof file === 'string' ? encoder.encode(file) : file;
  const verifier = historyVerifier();
  // The same memory again and again, as a reader of files would give it.
  const buffer = new Uint8Array(Math.min(chunkBytes, bytes.length));
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const piece = bytes.subarray(at, at + chunkBytes);
    buffer.set(piece);
    verifier.push(buffer.subarray(0, piece.length));
  }
  return verifier.finish();
}

const sentences = (verdict: HistoryVerdict): readonly string[] => verdict.problems.map(problemText);

/** Everything that a history can have, with hostile texts among it. */
const items: readonly HistoryItem[] = [
  itemOf(joinOf(1)),
  ...HOSTILE.map((text, index) => itemOf(messageOf(index + 2, text))),
  { kind: 'broken', seq: HOSTILE.length + 2, reason: 'no JSON' },
  itemOf(titleOf(HOSTILE.length + 3, 'A new title', BOB)),
];
const until = HOSTILE.length + 3;
const head = (format: HistoryFormat, more: Partial<HistoryHead> = {}) =>
  headOf({ format }, { until, ...more });
const whole = (format: HistoryFormat): string => fileOf(head(format), items).text;
const linesOf = (text: string): readonly string[] => text.split(/(?<=\n)/);

describe('a whole file', () => {
  it.each(HISTORY_FORMATS)('[H2.7] of %s is found whole, in pieces of any size', (format) => {
    const { text, end } = fileOf(head(format), items);
    for (const size of [1, 2, 7, 64, 1000, 1e9]) {
      const verdict = verdictOf(text, size);
      expect(sentences(verdict)).toEqual([]);
      expect(verdict).toMatchObject({ isWhole: true, format, records: items.length, sha256: end.sha256 });
      expect(verdict.head).toEqual(head(format));
      expect(verdict.bytes).toBe(encoder.encode(text).length);
    }
  });

  it.each(HISTORY_FORMATS)('[H2.7] of %s may be empty, a part, filtered, or tell of gaps', (format) => {
    const empty = fileOf(head(format, { until: 0 }), []);
    expect(sentences(verdictOf(empty.text))).toEqual([]);
    const part = fileOf(head(format, { after: 5 }), items.slice(5, 9), { next: 9 });
    expect(sentences(verdictOf(part.text))).toEqual([]);
    const gaps = fileOf(
      head(format),
      items.filter((_, index) => index < 5 || index > 8),
    );
    expect(gaps.end.gaps).toEqual([[6, 9]]);
    expect(sentences(verdictOf(gaps.text))).toEqual([]);
    const filtered = { ...head(format), spec: { format, author: 'Ann', from: '2026-01-01T00:00:00Z' } };
    const some = items.filter((_, index) => index % 3 === 1);
    expect(sentences(verdictOf(fileOf(filtered, some).text))).toEqual([]);
  });

  it('[H2.7] may have entries of a later version', () => {
    const line = JSON.stringify({ ...messageOf(2, 'x'), v: 2, text: 7 });
    const entry = JSON.parse(line);
    expect(
      sentences(verdictOf(fileOf(head('jsonl', { until: 2 }), [itemOf(joinOf(1)), itemOf(entry)]).text)),
    ).toEqual([]);
  });
});

// The machine may have better things to do.
describe('a file that was changed', { timeout: 120_000 }, () => {
  const random = fc.nat();

  it.each(HISTORY_FORMATS)('[H2.8] %s: any byte that is another one is found', (format) => {
    const bytes = encoder.encode(whole(format));
    fc.assert(
      fc.property(random, fc.integer({ min: 1, max: 255 }), (place, change) => {
        const copy = bytes.slice();
        const at = place % copy.length;
        copy[at] = (copy[at] ?? 0) ^ change;
        expect(verdictOf(copy, 997).isWhole).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each(HISTORY_FORMATS)('[H2.8] %s: any byte of the last line that is another one is found', (format) => {
    const bytes = encoder.encode(whole(format));
    const begin = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let at = begin; at < bytes.length; at++) {
      const copy = bytes.slice();
      copy[at] = (copy[at] ?? 0) ^ 1;
      expect(verdictOf(copy).isWhole, `byte ${at - begin} of the last line`).toBe(false);
    }
  });

  it.each(HISTORY_FORMATS)('[H2.8] %s: bytes that are missing, doubled or added are found', (format) => {
    const bytes = encoder.encode(whole(format));
    fc.assert(
      fc.property(random, fc.integer({ min: 1, max: 50 }), fc.boolean(), (place, length, isMissing) => {
        const at = place % bytes.length;
        const end = Math.min(bytes.length, at + length);
        const copy = isMissing
          ? Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(end)])
          : Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(at)]);
        expect(verdictOf(copy, 997).isWhole).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it.each(HISTORY_FORMATS)('[H2.8] %s: any line that is missing, doubled or moved is found', (format) => {
    const lines = linesOf(whole(format));
    fc.assert(
      fc.property(random, random, fc.constantFrom('missing', 'doubled', 'moved'), (place, other, how) => {
        const from = place % lines.length;
        const line = lines[from] ?? '';
        const copy = lines.toSpliced(from, how === 'doubled' ? 0 : 1, ...(how === 'doubled' ? [line] : []));
        if (how === 'moved') copy.splice(other % lines.length, 0, line);
        // Lines that are the same, moved past each other.
        fc.pre(copy.join('') !== lines.join(''));
        expect(verdictOf(copy.join(''), 997).isWhole).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  it.each(HISTORY_FORMATS)('[H2.8] %s: stopped anywhere, or gone on with, it is not whole', (format) => {
    const bytes = encoder.encode(whole(format));
    for (let length = 0; length < bytes.length; length += 1 + (length % 7))
      expect(verdictOf(bytes.subarray(0, length)).isWhole).toBe(false);
    expect(sentences(verdictOf(`${whole(format)}x`))[0]).toMatch(
      /^Line \d+ stands after the end of the history\.$/,
    );
    expect(verdictOf(whole(format) + whole(format)).isWhole).toBe(false);
  });
});

describe('what is wrong', () => {
  const lines = linesOf(whole('jsonl'));
  const changed = (change: (lines: string[]) => void): readonly string[] => {
    const copy = [...lines];
    change(copy);
    return sentences(verdictOf(copy.join('')));
  };

  it('[H2.9] is named with the first line that is', () => {
    expect(changed((copy) => copy.splice(4, 1))[0]).toBe(
      'Line 5 is not the next one: #4 is missing before it.',
    );
    expect(changed((copy) => copy.splice(4, 0, copy[3] ?? ''))[0]).toBe(
      'Line 5 has the same number again, #3.',
    );
    expect(changed((copy) => copy.splice(9, 0, ...copy.splice(4, 1)))[0]).toMatch(
      /^Line 5 is not the next one/,
    );
    expect(changed((copy) => copy.splice(6, 1, 'not JSON\n'))[0]).toBe('Line 7 is not a JSON object.');
    expect(changed((copy) => copy.splice(6, 1, '{"type":"message"}\n'))[0]).toMatch(
      /^Line 7 is no entry: `roomId`/,
    );
    const foreign = (copy: string[]) => copy.splice(6, 1, (copy[6] ?? '').replace('r_0123', 'r_9999'));
    expect(changed(foreign)[0]).toBe('Line 7 is an entry of another room.');
    const older = (copy: string[]) => copy.splice(6, 1, (copy[6] ?? '').replace('e_0123', 'e_9999'));
    expect(changed(older)[0]).toBe('Line 7 is an entry of another epoch of the room.');
    expect(changed((copy) => copy.pop())[0]).toMatch(/^The file is not whole: it stops after #\d+/);
    expect(changed((copy) => copy.shift())[0]).toBe('Line 1 is not the head of a history of version 1.');
    expect(changed((copy) => copy.splice(5, 1, (copy[5] ?? '').replace('Ann', 'Eve')))[0]).toMatch(
      /^The file was changed/,
    );
  });

  it('[H2.9] is an end that the server put early', () => {
    const cut = { code: 'not-joined', message: 'You left the room.' };
    const { text } = fileOf(head('jsonl'), items.slice(0, 4), { cut });
    expect(sentences(verdictOf(text))).toEqual([
      'The server ended the file early: You left the room. (not-joined)',
    ]);
  });

  it('[H2.9] is a beginning or an end that somebody has cut off and counted anew', () => {
    expect(sentences(verdictOf(fileOf(head('jsonl'), items.slice(3)).text))).toEqual([
      'Line 2 should be #1, and is #4.',
    ]);
    expect(sentences(verdictOf(fileOf(head('jsonl'), items.slice(0, 5)).text))).toEqual([
      `The file should go up to #${until}, and ends at #5.`,
    ]);
  });

  it('[H2.9] is a file of something else, told from its first line', () => {
    expect(sentences(verdictOf(''))).toEqual(['The file is empty.']);
    expect(sentences(verdictOf('PNG\n'))).toEqual([
      'Line 1 does not begin a history of Wireroom, in any of its formats.',
    ]);
    expect(sentences(verdictOf('no line feed'))).toEqual([
      'The file is no history of Wireroom, in any of its formats.',
    ]);
  });

  it('[H2.9] is bounded: a line that never ends is not kept, and a thousand problems are counted', () => {
    const verifier = historyVerifier();
    verifier.push(encoder.encode('{"type":"history"'));
    const megabyte = new Uint8Array(HISTORY_LIMITS.lineBytesMax).fill(0x20);
    for (let count = 0; count < 20; count++) verifier.push(megabyte);
    expect(verifier.finish().problems[0]?.code).toBe('line-too-long');
    const verdict = verdictOf((lines[0] ?? '') + 'x\n'.repeat(1000) + (lines.at(-1) ?? ''));
    expect(verdict.problemCount).toBeGreaterThan(1000);
    expect(verdict.problems).toHaveLength(HISTORY_LIMITS.problemsMax);
  });
});
