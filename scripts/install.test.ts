// When dependencies count as stale, and what is said when npm fails. No npm runs here.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installFailure, installStaleness } from './install.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'wireroom-install-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const put = (path: string, content: unknown): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
};
const lock = (packages: Record<string, unknown>): unknown => ({ lockfileVersion: 3, packages });
const stamp = 'node_modules/.wireroom-lock';

/** A node_modules as npm leaves it, driver included. */
function fillByNpm(packages: Record<string, unknown>): void {
  put('node_modules/.package-lock.json', lock(packages));
  put('node_modules/better-sqlite3/package.json', {});
}

test('without node_modules everything is missing', () => {
  put('package-lock.json', lock({}));
  expect(installStaleness(root)).toBe('missing');
});

test('what npm itself filled from the same lockfile is taken as it is, and stamped', () => {
  const packages = { 'node_modules/a': { version: '1.0.0' } };
  put('package-lock.json', lock({ '': {}, 'packages/x': { version: '0.1.0' }, ...packages }));
  fillByNpm(packages);
  expect(installStaleness(root)).toBeUndefined();
  expect(existsSync(join(root, stamp))).toBe(true);
});

test.each([
  ['has another version', { 'node_modules/a': { version: '1.0.1' } }],
  ['is not there, as after npm ci --omit=dev', {}],
])('unstamped, a package that %s makes it incomplete', (_, found) => {
  put('package-lock.json', lock({ 'node_modules/a': { version: '1.0.0', dev: true } }));
  fillByNpm(found);
  expect(installStaleness(root)).toBe('incomplete');
  expect(existsSync(join(root, stamp))).toBe(false);
});

test('unstamped, a missing optional package is none of our business', () => {
  put('package-lock.json', lock({ 'node_modules/a': { version: '1.0.0', optional: true } }));
  fillByNpm({});
  expect(installStaleness(root)).toBeUndefined();
});

test('an installation that was cut short is incomplete', () => {
  put('package-lock.json', lock({}));
  put('node_modules/a/package.json', {});
  expect(installStaleness(root)).toBe('incomplete');
});

test('a changed lockfile and another runtime are told apart', () => {
  put('package-lock.json', lock({}));
  fillByNpm({});
  installStaleness(root);
  const written = readFileSync(join(root, stamp), 'utf8');

  put(stamp, written.replace(/abi .*/, 'abi 1'));
  expect(installStaleness(root)).toBe('runtime');

  put(stamp, written);
  expect(installStaleness(root)).toBeUndefined();
  put('package-lock.json', lock({ 'node_modules/b': { version: '2.0.0' } }));
  expect(installStaleness(root)).toBe('lockfile');
});

test.each([
  ['npm error code ENOTFOUND', 1, 'registry reachable'],
  ['npm error code ENOSPC', 1, 'disk is full'],
  ['npm error code EACCES', 1, 'right to write'],
  ['npm error code EUSAGE', 1, 'disagree'],
  ['npm error something else', 7, 'code 7'],
  ['', 127, 'npm was not found'],
  ['', 124, 'minutes'],
])('a failure (%s, code %i) ends in one sentence that says: %s', (output, code, part) => {
  const sentence = installFailure(output, code);
  expect(sentence).toContain(part);
  expect(sentence).toMatch(/then run the same command again\.$|above, then run the same command again\.$/);
  expect(sentence.match(/\. /g)).toBeNull();
});
