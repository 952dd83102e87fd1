// What records become, whatever they hold: entries that a log may have, in its order, and a report of the rest.
import { checkContent, checkName, type DraftContent, LIMITS, utf8Bytes } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapped, NOW_MS, told } from './import.fixture.ts';
import { cleanName } from './import-author.ts';
import type { ImportHead, ImportRecord, RecordContent } from './import-record.ts';
import { partsOf } from './text-parts.ts';

const HEAD: ImportHead = { source: 'slack', title: 'x', topic: '', keepsNumbers: false };
const record = (name: string, content: RecordContent, atMs: number | undefined = 1_000): ImportRecord => ({
  place: 'here',
  author: { key: name, name },
  atMs,
  content,
});

async function map(records: readonly ImportRecord[], title?: string) {
  async function* all(): AsyncGenerator<ImportRecord> {
    yield* records;
  }
  return mapped({ head: HEAD, records: all() }, title);
}

describe('records', () => {
  it('[H4.10] become entries that a log may have, whatever they hold', async () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
    );
    const key = fc.constantFrom('a', 'b', 'c');
    const content: fc.Arbitrary<RecordContent> = fc.oneof(
      fc.record({ type: fc.constant('message' as const), key, text: any }),
      fc.record({ type: fc.constant('edit' as const), target: key, text: any }),
      fc.record({ type: fc.constant('delete' as const), target: key }),
      fc.record({
        type: fc.constantFrom('react' as const, 'unreact' as const),
        target: key,
        emoji: fc.constantFrom('👍', '❤️', 'no'),
      }),
      fc.record({ type: fc.constant('rename' as const), title: any }),
      fc.record({ type: fc.constant('topic' as const), topic: any }),
      fc.record({ type: fc.constantFrom('join' as const, 'leave' as const) }),
    );
    const time = fc.option(fc.integer({ min: -5, max: NOW_MS * 2 }), { nil: undefined });
    const records = fc.array(
      fc.tuple(any, content, time).map(([name, what, atMs]) => record(name, what, atMs)),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(records, async (list) => {
        const { entries, report } = await map(list);
        let before = 0;
        const messages = new Map<number, string>();
        for (const [index, entry] of entries.entries()) {
          expect(entry.seq).toBe(index + 1);
          expect(entry.atMs).toBeGreaterThanOrEqual(before);
          expect(entry.atMs).toBeLessThanOrEqual(NOW_MS);
          before = entry.atMs;
          checkName(entry.author.name);
          if ('draftId' in entry) checkContent(entry as DraftContent);
          if (entry.type === 'message') messages.set(entry.seq, entry.author.authorId);
          if ('target' in entry) expect(messages.has(entry.target)).toBe(true);
          if (entry.type === 'edit' || entry.type === 'delete')
            expect(messages.get(entry.target)).toBe(entry.author.authorId);
          if (entry.type === 'delete') messages.delete(entry.target);
        }
        expect(entries.length + report.skipped).toBeGreaterThanOrEqual(list.length);
      }),
    );
  });

  it('[H4.10] whose text is too long become several messages, which go together', async () => {
    const long = `${'wide 茜 '.repeat(3_000)}end`;
    const result = await map([
      record('Ann', { type: 'message', key: 'a', text: long }),
      record('Ben', { type: 'message', key: 'b', text: 'x'.repeat(LIMITS.textBytesMax * 100) }),
      record('Ann', { type: 'delete', target: 'a' }),
    ]);
    const texts = result.entries.flatMap((entry) => (entry.type === 'message' ? [entry.text] : []));
    expect(texts.every((text) => utf8Bytes(text) <= LIMITS.textBytesMax)).toBe(true);
    expect(texts.slice(0, 2).join(' ')).toBe(long);
    expect(texts).toHaveLength(2 + 64);
    expect(told(result).slice(-2)).toEqual(['67 Ann delete 1', '68 Ann delete 2']);
    expect(result.report.problems.map(({ reason }) => reason)).toEqual([
      'its text is too long for one message, and was split',
      'its text is far too long, and was cut',
    ]);
  });

  it('[H4.10] may have more reactions than a message here, twice given and never taken: the rest is told', async () => {
    const emoji = [
      '👍',
      '👎',
      '❤️',
      '💙',
      '💚',
      '💛',
      '💜',
      '🧡',
      '🖤',
      '🤍',
      '🤎',
      '💔',
      '💕',
      '💖',
      '😍',
      '😄',
      '😃',
      '😀',
      '😁',
      '😆',
      '😂',
    ];
    const result = await map([
      record('Ann', { type: 'message', key: 'a', text: 'hello' }),
      ...emoji.map((each) => record('Ben', { type: 'react', target: 'a', emoji: each })),
      record('Ben', { type: 'react', target: 'a', emoji: '👍' }),
      record('Cid', { type: 'unreact', target: 'a', emoji: '👍' }),
    ]);
    expect(result.entries).toHaveLength(21);
    expect(result.report.problems.map(({ reason }) => reason)).toEqual([
      'the message has 20 different reactions already',
      'it was given before',
      'it takes back what was not given',
    ]);
  });

  it('[H4.10] without a date, out of order or in the future get one that fits', async () => {
    const at = (atMs: number | undefined) =>
      record('Ann', { type: 'message', key: String(atMs), text: 'x' }, atMs);
    const { entries, report } = await map([
      at(2_000),
      at(undefined),
      at(1_000),
      at(NOW_MS * 3),
      at(Number.NaN),
    ]);
    expect(entries.map(({ atMs }) => atMs)).toEqual([2_000, 2_000, 2_000, NOW_MS, NOW_MS]);
    expect(report.changed).toBe(4);
  });

  it('[H4.11] end with the title that was asked for', async () => {
    expect(told(await map([record('Ann', { type: 'rename', title: 'Old' })], 'New'))).toEqual([
      '1 Ann rename Old',
      '2 Import rename New',
    ]);
  });
});

describe('names and texts', () => {
  it.each([
    ['Ada', 'Ada'],
    ['a\nb\u202ec', 'a b c'],
    ['e\u0301', '\u00e9'],
    ['x'.repeat(500), 'x'.repeat(64)],
    ['\u200b\u0000', 'Unnamed'],
    ['', 'Unnamed'],
  ])('[H4.8] %j is called %j', (name, clean) => {
    expect(cleanName(name)).toBe(clean);
  });

  it('[H4.10] texts are cut between characters, and nothing of them is lost', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 3_000 }),
        (piece, times) => {
          const whole = piece.repeat(times);
          const { parts, isCut } = partsOf(whole);
          expect(isCut).toBe(false);
          expect(parts.every((part) => utf8Bytes(part) <= LIMITS.textBytesMax && !/\p{Cs}/u.test(part))).toBe(
            true,
          );
          expect(parts.join('').replace(/\s/g, '')).toBe(whole.replace(/\s/g, ''));
        },
      ),
      { numRuns: 50 },
    );
  });
});
