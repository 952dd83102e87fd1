// Markdown in, data out; and every text of the course can be read so.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../course/read-document.ts';
import { readIndex } from '../../course/read-index.ts';
import { unitsOf } from './course-document.ts';

const course = new URL('../../../../docs/course/', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, course), 'utf8');

describe('readDocument', () => {
  it('gives headings their ids in order, and code its attributes', () => {
    const { title, blocks } = readDocument('# T\n\n## A\n\n```sh run expect="a b"\nls\n```\n\n### B\n');
    expect(title).toBe('T');
    expect(blocks).toMatchObject([
      { kind: 'heading', level: 2, id: 's1' },
      { kind: 'code', language: 'sh', attributes: { run: '', expect: 'a b' }, code: 'ls' },
      { kind: 'heading', level: 3, id: 's2' },
    ]);
  });

  it('folds quotes that begin as hints, and leaves other quotes open', () => {
    const { blocks } = readDocument(
      '# T\n\n> **提示 2。** 用 `subarray`。\n\n> Hint 1: look.\n\n> A quote.\n',
    );
    expect(blocks).toMatchObject([
      { kind: 'hint', title: [{ text: '提示 2' }] },
      { kind: 'hint', title: [{ text: 'Hint 1' }], blocks: [{ children: [{ text: 'look.' }] }] },
      { kind: 'quote' },
    ]);
  });

  it('joins broken lines with a blank between words and without one between Chinese characters', () => {
    const textOf = (markdown: string): unknown => readDocument(`# T\n\n${markdown}`).blocks;
    expect(textOf('两\n行')).toMatchObject([{ children: [{ text: '两行' }] }]);
    expect(textOf('two\nlines')).toMatchObject([{ children: [{ text: 'two lines' }] }]);
  });

  it('refuses what the course must not have', () => {
    expect(() => readDocument('# T\n\n<b>x</b>')).toThrow('the course has no "html"');
    expect(() => readDocument('no title')).toThrow('begins with its title');
  });
});

describe.each(['zh', 'en'])('the course in %s', (language) => {
  it('is listed whole by its index', () => {
    const { title, parts } = readIndex(read(`${language}/README.md`));
    expect(title).not.toBe('');
    for (const part of parts) {
      const folder = new URL(`${language}/${part.part}/`, course);
      const files = unitsOf(part).map(({ slug }) => `${slug}.md`);
      if (files.length > 0) expect(files).toEqual(readdirSync(folder).sort());
      for (const file of files)
        expect(readDocument(read(`${language}/${part.part}/${file}`)).title).not.toBe('');
    }
    expect(parts.map(({ part }) => part)).toEqual(['practice', 'interview', 'faults']);
  });
});
