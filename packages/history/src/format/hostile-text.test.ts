// Hostile names and texts in every format: each file is read by a reader that is not ours, and everything is in its place.
import fc from 'fast-check';
import { Window } from 'happy-dom';
import { marked, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import type { HistoryFormat, HistoryItem } from '../download.ts';
import { CSV_COLUMNS } from './csv-writer.ts';
import { ANN, fileOf, HOSTILE, headOf, itemOf, joinOf, messageOf, titleOf } from './history.fixture.ts';
import { safeLine, safeText } from './safe-text.ts';

/** Pieces that break out, between pieces of anything. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\n', ' ', '"'),
    ),
    {
      ...{ minLength: 1, maxLength: 4 },
    },
  )
  .map((pieces) => pieces.join(''));

interface Talk {
  readonly name: string;
  readonly texts: readonly string[];
}

const talk: fc.Arbitrary<Talk> = fc.record({
  name: hostile,
  texts: fc.array(hostile, { minLength: 1, maxLength: 4 }),
});

/** Somebody joins, renames the room to their name, and says something; one message has reactions that are no emoji. */
function fileOfTalk(format: HistoryFormat, { name, texts }: Talk): string {
  const author = { ...ANN, name };
  const reactions = [{ emoji: name, count: 2, isMine: false, authors: [author] }];
  const items: readonly HistoryItem[] = [
    itemOf(joinOf(1, author)),
    itemOf(titleOf(2, name, author)),
    ...texts.map((text, index) => itemOf(messageOf(index + 3, text, author), { seq: index + 3, reactions })),
    { kind: 'broken', seq: 100, reason: name },
  ];
  const head = headOf({ format, author: name });
  return fileOf({ ...head, room: { ...head.room, title: name, topic: name } }, items).text;
}

const RUNS = { numRuns: 60 };
/** One for all: to make one takes longer than to read a file. */
const { DOMParser } = new Window();
const documentOf = (html: string) => new DOMParser().parseFromString(html, 'text/html');
/** The machine may have better things to do. */
const PATIENT_MS = 120_000;
const everyTalk = (check: (talk: Talk) => void): void => {
  for (const text of HOSTILE) check({ name: text, texts: HOSTILE });
  fc.assert(fc.property(talk, check), RUNS);
};

describe('hostile names and texts', () => {
  it(
    '[H2.4] are in JSON Lines what they were',
    () => {
      everyTalk(({ name, texts }) => {
        const lines = fileOfTalk('jsonl', { name, texts }).trimEnd().split('\n');
        expect(lines).toHaveLength(texts.length + 5);
        const entries = lines.map((line): unknown => JSON.parse(line));
        for (const [index, text] of texts.entries())
          expect(entries[index + 3]).toMatchObject({ text, author: { name } });
      });
    },
    PATIENT_MS,
  );

  it(
    '[H2.4] stay after the name and behind four spaces in a text',
    () => {
      everyTalk(({ name, texts }) => {
        const file = fileOfTalk('text', { name, texts });
        expect(file).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        const lines = file.split('\n');
        expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(texts.length + 3);
        expect(lines.filter((line) => line.startsWith('== '))).toHaveLength(2);
        expect(lines.filter((line) => line.startsWith('-- wireroom-end '))).toHaveLength(1);
        for (const line of lines)
          expect(line).toMatch(
            /^(#\d|== |-- wireroom-end |Room: |Topic: |Address: |History: | {4}| {2}\+ |$|\d+ record|\d of them|The last line|Missing|To prove)/,
          );
        const records = file.split(/^(?=#)/m).slice(3, 3 + texts.length);
        for (const [index, record] of records.entries()) {
          const [, who = '', said = ''] =
            /^#\d+ [\d:]{8} <((?:[^\\>]|\\.)*)> ([\s\S]*?)\n {2}\+ /.exec(record) ?? [];
          expect(who.replace(/\\(.)/gu, '$1')).toBe(safeLine(name));
          expect(said.replaceAll('\n    ', '\n')).toBe(safeText(texts[index] ?? ''));
        }
      });
    },
    PATIENT_MS,
  );

  it(
    '[H2.6] stay in their cells in CSV, and none is a formula',
    () => {
      everyTalk(({ name, texts }) => {
        const file = fileOfTalk('csv', { name, texts });
        const [header, ...rows] = readCsv(file.slice(1));
        expect(header).toEqual(CSV_COLUMNS);
        expect(rows).toHaveLength(texts.length + 4);
        const plain = (text: string): string => text.replaceAll("'", '');
        for (const row of rows) {
          expect(row).toHaveLength(CSV_COLUMNS.length);
          for (const cell of row) expect(cell).not.toMatch(/^["\s]*[=+\-@]|^\t/);
        }
        for (const [index, text] of texts.entries()) {
          const [seq, , author, , type, said] = rows[index + 2] ?? [];
          expect([seq, type]).toEqual([String(index + 3), 'message']);
          expect(plain(author ?? '')).toBe(plain(safeText(name)));
          expect(plain(said ?? '')).toBe(plain(safeText(text)));
        }
        // Excel where the separator is a semicolon or a tab: quotes in the middle of a cell mean nothing to it.
        for (const cell of file.split(/[;\t\r\n]+/))
          expect(cell).not.toMatch(/^["' ]{0,3}(?<!')([=+@]|-(?!\)))/);
      });
    },
    PATIENT_MS,
  );

  it(
    '[H2.4] stay in their quotes in Markdown',
    () => {
      everyTalk(({ name, texts }) => {
        const tokens = marked.lexer(fileOfTalk('markdown', { name, texts }));
        expect(tokens.filter(({ type }) => type === 'heading')).toHaveLength(2);
        const quotes = tokens.filter(({ type }) => type === 'blockquote');
        expect(quotes).toHaveLength(texts.length);
        const kinds = new Set(['heading', 'paragraph', 'blockquote', 'space', 'hr', 'html']);
        for (const { type } of tokens) expect(kinds).toContain(type);
        const shown = [...documentOf(marked.parser(quotes)).querySelectorAll('blockquote')];
        expect(shown.map(({ textContent }) => squeezed(textContent))).toEqual(
          texts.map((text) => squeezed(safeText(text))),
        );
        for (const quote of quotes) {
          for (const token of everyToken([quote]))
            expect(['blockquote', 'paragraph', 'text', 'escape', 'space', 'br', 'link']).toContain(
              token.type,
            );
          // Only a plain web address is a link there.
          for (const token of everyToken([quote]))
            if (token.type === 'link') expect(token.raw).toMatch(/^https?:\/\/[\w\-./?=&%#:,+]+$/);
        }
      });
    },
    PATIENT_MS,
  );

  it(
    '[H2.5] stay in their elements in HTML',
    () => {
      everyTalk(({ name, texts }) => {
        const document = documentOf(fileOfTalk('html', { name, texts }));
        const all = [...document.querySelectorAll('*')];
        for (const { tagName } of all) expect(ELEMENTS).toContain(tagName.toLowerCase());
        for (const element of all)
          for (const attribute of element.attributes) expect(ATTRIBUTES).toContain(attribute.name);
        const articles = [...document.querySelectorAll('article')];
        expect(articles.map(({ id }) => id)).toEqual([
          ...[...texts.keys(), texts.length, texts.length + 1].map((index) => `m${index + 1}`),
          'm100',
        ]);
        for (const [index, text] of texts.entries()) {
          const article = articles[index + 2];
          expect(article?.querySelector('p')?.textContent).toBe(safeText(text));
          if (index === 0) expect(article?.querySelector('b')?.textContent).toBe(safeLine(name));
          for (const link of article?.querySelectorAll('p a') ?? []) {
            expect(link.getAttribute('href')).toMatch(/^https?:\/\//);
            expect(link.getAttribute('rel')).toBe('noreferrer');
          }
        }
      });
    },
    PATIENT_MS,
  );
});

const ELEMENTS: readonly string[] =
  'html head meta title style body header h1 p ul li bdi main section h2 time article a b small footer code nav'.split(
    ' ',
  );
const ATTRIBUTES: readonly string[] =
  'lang charset http-equiv content name dir class id datetime href rel title'.split(' ');

/** RFC 4180, by the letter, from scratch. */
function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = cells.exec(text); match !== null; match = cells.exec(text)) {
    const [, quoted, bare = '', end] = match;
    row.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
    if (cells.lastIndex === text.length) return rows;
  }
  throw new Error(`no CSV at ${JSON.stringify(text.slice(-60))}`);
}

function* everyToken(tokens: readonly Token[]): Iterable<Token> {
  for (const token of tokens) {
    yield token;
    if ('tokens' in token && token.tokens !== undefined) yield* everyToken(token.tokens);
  }
}

/** Markdown keeps words, not spaces. */
const squeezed = (text: string): string => text.replace(/[\s\u00a0]+/g, '');
