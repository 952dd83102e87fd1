// The import check, fed with imports that go the wrong way and with some that may stay.
import { expect, test } from 'vitest';
import { importCheck, importsOf } from './tidy-imports.ts';
import { treeOf } from './tidy-tree.ts';

const objections = (path: string, code: string): string[] =>
  [...importCheck.find(treeOf({ [path]: code }))].map(({ message }) => message);

test.each([
  ['packages/server/src/feed/feed.ts', `import '../rooms/rooms.ts';`, 'feed may not import rooms'],
  ['packages/server/src/log/log.ts', `export * from '../bus/bus.ts';`, 'log may not import bus'],
  [
    'packages/server/src/http/http.ts',
    `await import('../gateway/gateway.ts');`,
    'http may not import gateway',
  ],
  ['packages/server/src/bus/bus.ts', `import type { A } from '../log/log.ts';`, 'bus may not import log'],
  ['packages/server/src/bus/bus.ts', `type A = import('../log/log.ts').A;`, 'bus may not import log'],
  ['packages/server/src/rooms/rooms.ts', `import '../app.ts';`, 'rooms may not import the files above it'],
  ['packages/server/src/rooms/rooms.ts', `import '../log/sqlite-log.ts';`, 'not by sqlite-log.ts'],
  [
    'packages/server/src/http/http.ts',
    `import '@wireroom/websocket';`,
    'only app, gateway, wiretap know the engine',
  ],
  [
    'packages/server/src/app.ts',
    `import '@wireroom/client';`,
    'packages/server may not import @wireroom/client',
  ],
  ['packages/server/src/app.ts', `import '../../protocol/src/index.ts';`, 'reaches into packages/protocol'],
  ['packages/server/src/log/log.ts', `import './log.contract.ts';`, 'is test code'],
  ['packages/server/src/log/log.ts', `import '../testing/fake-clock.ts';`, 'is test code'],
  ['packages/websocket/src/core/mask.ts', `import '../net/tap.ts';`, 'core may not import net'],
  [
    'packages/websocket/src/core/mask.ts',
    `import { randomBytes } from 'node:crypto';`,
    'not randomBytes of node:crypto',
  ],
  [
    'packages/websocket/src/core/mask.ts',
    `import * as c from 'node:crypto';`,
    'not the whole of it of node:crypto',
  ],
  [
    'packages/websocket/src/net/server.ts',
    `import '@wireroom/protocol';`,
    'may not import @wireroom/protocol',
  ],
  ['packages/websocket/src/net/server.ts', `import 'ws';`, 'no dependency at run time'],
  ['packages/protocol/src/name.ts', `import 'node:buffer';`, 'runs in browsers too'],
  ['packages/protocol/src/name.ts', `import 'react';`, 'imports zod only'],
  ['packages/client/src/feed.ts', `import 'node:fs';`, 'runs in browsers too'],
  ['packages/client/src/feed.ts', `import '@wireroom/websocket';`, 'may not import @wireroom/websocket'],
  ['packages/web/src/main.tsx', `import '@wireroom/server';`, 'may not import @wireroom/server'],
  ['examples/lesson/src/a.ts', `import '@wireroom/websocket';`, 'may not import @wireroom/websocket'],
  ['testkit/src/a.ts', `import '../../packages/server/src/app.ts';`, 'reaches into packages/server'],
])('%s: %s', (path, code, message) => {
  expect(objections(path, code).join('\n')).toContain(message);
});

test.each([
  ['packages/server/src/app.ts', `import './log/sqlite-log.ts'; import '@wireroom/websocket';`],
  ['packages/server/src/log/log.test.ts', `import '../rooms/rooms.ts'; import 'node:fs';`],
  ['packages/websocket/src/testing/loopback.ts', `import '../net/tap.ts'; import 'vitest';`],
  ['packages/server/src/accounts/guests.ts', `import '../bus/bus.ts'; import '../lib/clock.ts';`],
  ['packages/server/src/wiretap/trace.ts', `import '@wireroom/websocket/core';`],
  [
    'packages/websocket/src/net/server.ts',
    `import '../core/mask.ts'; import '../limits.ts'; import 'node:net';`,
  ],
  ['packages/websocket/src/core/handshake.ts', `import { hash } from 'node:crypto';`],
  ['packages/client/src/transport-node.ts', `import '@wireroom/websocket'; import 'node:crypto';`],
  ['packages/cli/src/main.ts', `import '@wireroom/server';`],
  ['packages/web/vite.config.ts', `import 'vite'; import 'node:path';`],
])('%s may: %s', (path, code) => {
  expect(objections(path, code)).toEqual([]);
});

test('a package or a folder that the table does not know is named', () => {
  const tree = treeOf({ 'packages/extra/src/a.ts': '', 'packages/server/src/attic/a.ts': '' });
  expect([...importCheck.find(tree)].map(({ path }) => path)).toEqual([
    'packages/extra',
    'packages/server/src/attic',
  ]);
});

test('every way of loading a module is seen, with its line', () => {
  const code = `import a from 'a';\nimport { type B as C } from 'b';\nrequire.resolve('c/d');\nexport { e } from './e.ts';`;
  expect(importsOf(treeOf({ 'x.ts': code }), 'x.ts')).toEqual([
    { specifier: 'a', line: 1 },
    { specifier: 'b', line: 2, names: ['B'] },
    { specifier: 'c/d', line: 3 },
    { specifier: './e.ts', line: 4 },
  ]);
});
