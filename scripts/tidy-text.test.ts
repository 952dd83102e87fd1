// The checks of sizes, words, names, opening comments and documents, each fed with something bad and its good neighbour.
// Banned words are put together from halves, since this file is read by the check too.
import { expect, test } from 'vitest';
import { linkCheck, titleCheck } from './tidy-docs.ts';
import { sizeCheck } from './tidy-size.ts';
import { type Check, treeOf } from './tidy-tree.ts';
import { headCheck, nameCheck, wordCheck } from './tidy-words.ts';

const messages = (check: Check, files: Readonly<Record<string, string>>): string[] =>
  [...check.find(treeOf(files))].map(({ message }) => message);
const lines = (count: number): string => 'a();\n'.repeat(count);

test('a file past 400 lines is named, a test may be longer', () => {
  expect(messages(sizeCheck, { 'a.ts': lines(400), 'b.css': lines(400), 'a.test.ts': lines(500) })).toEqual(
    [],
  );
  expect(messages(sizeCheck, { 'a.ts': lines(401) })).toEqual(['401 lines; a file has at most 400']);
});

test.each([
  ['function f() {\n', '}', 'f has'],
  ['const g = () => {\n', '};', 'g has'],
  ['class A { m() {\n', '} }', 'm has'],
  ['class A { constructor() {\n', '} }', 'the constructor has'],
  ['call(() => {\n', '});', 'a function without a name has'],
])('a function past 70 lines is named: %s', (head, foot, part) => {
  expect(messages(sizeCheck, { 'a.ts': head + lines(68) + foot })).toEqual([]);
  expect(messages(sizeCheck, { 'a.ts': head + lines(69) + foot }).join()).toContain(`${part} 71 lines`);
});

test('a fifth parameter is named', () => {
  expect(messages(sizeCheck, { 'a.ts': 'function f(a, b, c, d) {}' })).toEqual([]);
  expect(messages(sizeCheck, { 'a.ts': 'function f(a, b, c, d, e) {}' })).toEqual([
    'f has 5 parameters; at most 4',
  ]);
});

test.each([
  ['a.ts', `// ${'TO'}${'DO'} later`],
  ['docs/a.md', `${'FIX'}${'ME'}`],
  ['a.ts', `// @ts-${'ignore'}`],
  ['a.ts', `const a = b as ${'any'};`],
  ['a.test.ts', `test.${'only'}('a', f);`],
  ['a.test.ts', `describe.${'skip'}('a', f);`],
  ['a.test.ts', `test.${'todo'}('a');`],
  ['README.md', `see ../${'shared'}/notes.md`],
  ['a.ts', `const file = '/${'work'}/main/a';`],
])('%s may not say: %s', (path, text) => {
  expect(messages(wordCheck, { [path]: text })).toHaveLength(1);
});

test.each([
  ['a.ts', '// works as any client would'],
  ['a.ts', `reader.${'skip'}(3);`],
  ['a.test.ts', `test.${'skip'}If(!driver)('a', f);`],
  ['a.ts', `import './net/${'work'}/socket.ts';`],
])('%s may say: %s', (path, text) => {
  expect(messages(wordCheck, { [path]: text })).toEqual([]);
});

test.each([
  'src/utils.ts',
  'src/helpers/a.ts',
  'src/room-manager.ts',
  'src/RoomManager.tsx',
  'src/common.css',
])('%s is no name', (path) => {
  expect(messages(nameCheck, { [path]: '' })).toHaveLength(1);
});

test('names that only contain such a word are names', () => {
  expect(messages(nameCheck, { 'src/commons-licence.ts': '', 'src/utilisation.ts': '' })).toEqual([]);
});

test('a source file opens with a comment', () => {
  const good = {
    'a.ts': '// What it is.\n',
    'b.css': '/* What it is. */',
    'c.mjs': '#!/usr/bin/env node\n// It.',
  };
  expect(messages(headCheck, good)).toEqual([]);
  expect(messages(headCheck, { 'a.ts': "import 'b';\n// Too late." })).toHaveLength(1);
});

test('a link leads to a file, a folder, a heading or another site', () => {
  const files = {
    'README.md':
      '# A\n[a](docs/a.md) [b](docs/) [c](docs/a.md#the-second-one) [d](#a) [e](https://example.org) `[f](g)`',
    'docs/a.md': '# A\n## The second one\n![x](<x.png>)\n```\n[no](link)\n```\n[z]: ../README.md\n',
    'docs/x.png': '',
  };
  expect(messages(linkCheck, files)).toEqual([]);
});

test.each([
  ['[a](docs/b.md)', 'leads nowhere'],
  ['![a](b.png)', 'leads nowhere'],
  ['<img src="b.png">', 'leads nowhere'],
  ['[a]: b.md', 'leads nowhere'],
  ['[a](#b)', 'there is no heading for #b'],
  ['[a](../../b.md)', 'leads out of the repository'],
])('%s %s', (link, message) => {
  expect(messages(linkCheck, { 'docs/a.md': `# A\n${link}\n` }).join()).toContain(message);
});

test('a document has one title, and a comment in a listing is none', () => {
  expect(messages(titleCheck, { 'docs/a.md': '# A\n```sh\n# not a title\n```\n## B\n' })).toEqual([]);
  expect(messages(titleCheck, { 'docs/a.md': '# A\n# B\n' })).toEqual([
    '2 titles (# …); a document has exactly one',
  ]);
  expect(messages(titleCheck, { 'docs/a.md': '## B\n' })).toHaveLength(1);
});
