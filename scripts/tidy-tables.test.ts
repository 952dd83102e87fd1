// The checks that compare code with documents: dependencies, error codes, settings, and what git ignores.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dependencyCheck, reasonsFile } from './tidy-dependencies.ts';
import { errorCodeCheck, errorTables, settingCheck, settings } from './tidy-tables.ts';
import { type Check, readTree, treeOf } from './tidy-tree.ts';

const messages = (check: Check, files: Readonly<Record<string, string>>): string[] =>
  [...check.find(treeOf(files))].map(({ message }) => message);

const declared = (field: string, ...names: string[]): string =>
  JSON.stringify({ name: '@wireroom/a', [field]: Object.fromEntries(names.map((name) => [name, '^1.0.0'])) });

test('a dependency is used, declared where it is used, and has its reason', () => {
  const files = {
    'package.json': declared('devDependencies', 'vitest', '@types/node', 'tsx'),
    'scripts/a.mjs': `run(['--import', 'tsx', 'node_modules/vitest/vitest.mjs']);`,
    'packages/a/package.json': declared('dependencies', 'zod', '@scope/b'),
    'packages/a/src/a.ts': `import 'zod'; import '@scope/b/sub'; import '@wireroom/a'; import 'node:fs'; import './b.ts';`,
    'packages/a/src/a.test.ts': `import 'vitest';`,
    [reasonsFile]: '# Dependencies\n`vitest` `tsx` `zod` `@scope/b`',
  };
  expect(messages(dependencyCheck, files)).toEqual([]);
});

test.each([
  ['nothing here uses it', declared('dependencies', 'zod'), '', '`zod`'],
  ['zod is not declared', declared('dependencies'), `import 'zod';`, ''],
  ['zod is not declared', declared('devDependencies', 'zod'), `import 'zod';`, '`zod`'],
  ['has no line in', declared('optionalDependencies', 'zod'), `import 'zod/mini';`, 'zod'],
  ['nothing here uses it', declared('dependencies', 'ws'), `import 'ws-other';`, '`ws`'],
])('%s', (message, manifest, code, reasons) => {
  const files = {
    'package.json': '{}',
    'packages/a/package.json': manifest,
    'packages/a/src/a.ts': code,
    [reasonsFile]: reasons,
  };
  expect(messages(dependencyCheck, files).join('\n')).toContain(message);
});

const codeFiles = (code: string): Record<string, string> =>
  Object.fromEntries(
    errorTables.map(({ source, constant }) => [source, `const ${constant} = { '${code}': {}, busy: {} };`]),
  );

test('every error code stands in the spec', () => {
  expect(
    messages(errorCodeCheck, { ...codeFiles('bad-json'), 'docs/spec/a.md': '`bad-json` and `busy`' }),
  ).toEqual([]);
  expect(
    messages(errorCodeCheck, {
      ...codeFiles('bad-json'),
      'docs/spec/a.md': '`busy`',
      'docs/b.md': '`bad-json`',
    }),
  ).toEqual(errorTables.map(() => '`bad-json` stands nowhere in docs/spec/'));
});

test('a table that is another constant under a public name is found, one that is gone is missed', () => {
  const [first, ...others] = errorTables;
  const files = {
    ...codeFiles('busy'),
    [first?.source ?? '']: `const TABLE = { lost: 1 } as const; export const ${first?.constant}: X = TABLE;`,
    'docs/spec/a.md': '`busy`',
  };
  expect(messages(errorCodeCheck, files)).toEqual(['`lost` stands nowhere in docs/spec/']);
  expect(messages(errorCodeCheck, { 'docs/spec/a.md': '' })).toHaveLength(others.length + 1);
});

test('settings and their document are the same list', () => {
  const source = `const SETTINGS = { port: { env: 'PORT' }, dir: { env: 'DATA_DIR', help: 'a PEM' } }; env.TLS; type T = { HOST: string };`;
  const document = '| `PORT` | … |\n| `DATA_DIR` | … |\n| `TLS` | … |\n| `HOST` | … |\n';
  expect(messages(settingCheck, { [settings.source]: source, [settings.document]: document })).toEqual([]);
  expect(
    messages(settingCheck, { [settings.source]: source, [settings.document]: `${document}| \`OLD\` | … |` }),
  ).toEqual(['`OLD` is described, but packages/server/src/config.ts does not know it']);
  expect(
    messages(settingCheck, { [settings.source]: source, [settings.document]: '`PORT` `TLS` `HOST`' }),
  ).toEqual(['`DATA_DIR` stands nowhere in docs/configuration.md']);
  expect(messages(settingCheck, {})).toHaveLength(2);
});

test('what .gitignore names is not part of the repository', () => {
  const root = mkdtempSync(join(tmpdir(), 'wireroom-tidy-'));
  for (const folder of ['.git', 'dist', 'src/dist', 'src/data-model'])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, '.gitignore'), 'dist/\ndata/\n*.sqlite-*\n');
  for (const path of [
    '.git/a',
    'dist/a.js',
    'src/dist/a.js',
    'src/a.sqlite-wal',
    'src/a.ts',
    'src/data-model/b.ts',
  ]) {
    writeFileSync(join(root, path), '');
  }
  const { paths } = readTree(root);
  rmSync(root, { recursive: true });
  expect(paths).toEqual(['.gitignore', 'src/a.ts', 'src/data-model/b.ts']);
});
