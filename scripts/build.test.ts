// When a build counts as stale, and which outputs are taken away before one. No compiler runs here.
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeStaleOutputs } from './build.mjs';
import { buildDigest, compiledPackages, isBuildStale, writeBuildStamp } from './build-stamp.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wireroom-build-'));
  put('package-lock.json');
  put('tsconfig.base.json');
  put('node_modules/a/index.js');
  for (const name of compiledPackages) {
    put(`packages/${name}/src/main.ts`);
    put(`packages/${name}/dist/main.js`);
  }
  put('packages/web/src/main.tsx');
  put('packages/web/dist/index.html');
  writeBuildStamp(root, buildDigest(root));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(path: string, content = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

test('a build of these sources is fresh, whatever their times', () => {
  expect(isBuildStale(root)).toBe(false);
  utimesSync(join(root, 'packages/server/src/main.ts'), 1, 1);
  expect(isBuildStale(root)).toBe(false);
});

test.each([
  'packages/server/src/main.ts',
  'packages/server/src/log/log.ts',
  'packages/web/src/app.css',
  'packages/web/public/theme.js',
  'packages/web/index.html',
  'packages/web/vite.config.ts',
  'packages/client/tsconfig.json',
  'packages/client/package.json',
  'tsconfig.base.json',
  'package-lock.json',
])('a changed or new %s makes it stale', (path) => {
  put(path, 'changed');
  expect(isBuildStale(root)).toBe(true);
});

test.each(['packages/server/src/log/log.test.ts', 'packages/server/src/log/log.contract.ts', 'docs/a.md'])(
  '%s is no part of it',
  (path) => {
    put(path, 'changed');
    expect(isBuildStale(root)).toBe(false);
  },
);

test.each(['packages/protocol/src/main.ts', 'packages/protocol/dist', 'packages/web/dist/index.html'])(
  'without %s it is stale',
  (path) => {
    rmSync(join(root, path), { recursive: true });
    expect(isBuildStale(root)).toBe(true);
  },
);

test('a file that moves to another place with the same content makes it stale', () => {
  put('packages/server/src/a.ts', 'same');
  writeBuildStamp(root, buildDigest(root));
  rmSync(join(root, 'packages/server/src/a.ts'));
  put('packages/server/src/b.ts', 'same');
  expect(isBuildStale(root)).toBe(true);
});

test('outputs whose source is gone are removed, with their maps and declarations; the others stay', () => {
  const gone = ['old.js', 'old.js.map', 'old.d.ts', 'old.d.ts.map', 'deep/old.js'];
  for (const file of gone) put(`packages/server/dist/${file}`);
  put('packages/server/dist/main.d.ts');
  removeStaleOutputs(root, 'packages/server');
  for (const file of gone) expect(existsSync(join(root, 'packages/server/dist', file)), file).toBe(false);
  for (const file of ['main.js', 'main.d.ts']) {
    expect(existsSync(join(root, 'packages/server/dist', file)), file).toBe(true);
  }
});

test('tsc keeps its record while all outputs are there, and starts over when one is missing', () => {
  const record = join(root, 'packages/server/tsconfig.tsbuildinfo');
  put('packages/server/tsconfig.tsbuildinfo');
  put('packages/server/src/log.test.ts');
  removeStaleOutputs(root, 'packages/server');
  expect(existsSync(record)).toBe(true);

  put('packages/server/src/new.ts');
  removeStaleOutputs(root, 'packages/server');
  expect(existsSync(record)).toBe(false);
});
