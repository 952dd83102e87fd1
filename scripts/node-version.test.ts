// The preflight's judgement of Node versions, and its sentence.
import { expect, test } from 'vitest';
import { isNodeInRange, nodeVersionProblem } from './node-version.mjs';

test.each([
  ['20.19.0', '>=20.19', true],
  ['20.20.2', '>=20.19', true],
  ['22.0.0', '>=20.19', true],
  ['20.18.9', '>=20.19', false],
  ['18.20.4', '>=20.19', false],
  ['8.17.0', '>=20.19', false],
  ['20.19.0', '^20.19 || >=22.12', true],
  ['21.7.0', '^20.19 || >=22.12', false],
  ['22.11.0', '^20.19 || >=22.12', false],
  ['22.12.0', '^20.19 || >=22.12', true],
  ['24.0.0', '^20.19 || >=22.12', true],
  ['22.12.1', '>=22.12.2', false],
])('Node %s in %s: %s', (version, range, isWanted) => {
  expect(isNodeInRange(version, range)).toBe(isWanted);
});

test('a Node that is too old gets one sentence with both versions', () => {
  const sentence = nodeVersionProblem('18.20.4', '^20.19 || >=22.12');
  expect(sentence).toContain(
    'needs Node.js 20.19 or a later 20.x, or 22.12 or newer; this is Node.js 18.20.4.',
  );
});

test('a Node that will do gets none', () => {
  expect(nodeVersionProblem('22.12.0', '>=20.19')).toBeUndefined();
});
