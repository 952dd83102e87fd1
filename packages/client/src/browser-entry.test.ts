import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The specifiers of all imports that are reached from a file of this package, by files of this package. */
function importsFrom(entry: string, from = import.meta.url, seen = new Set<string>()): ReadonlySet<string> {
  const found = new Set<string>();
  const { href } = new URL(entry, from);
  if (seen.has(href)) return found;
  seen.add(href);
  const text = readFileSync(new URL(href), 'utf8');
  // What is imported for its types alone is not there when the page runs.
  const code = text.replace(/^(?:import|export) type \{[^}]*\} from '[^']+';$/gm, '');
  for (const [, specifier = ''] of code.matchAll(/(?:from |import |import\()'([^']+)'/g)) {
    if (!specifier.startsWith('.')) found.add(specifier);
    else for (const deeper of importsFrom(specifier, href, seen)) found.add(deeper);
  }
  return found;
}

test.each(['./index.ts', './react.ts'])('[C22] %s reaches nothing of Node', (entry) => {
  const allowed = ['@wireroom/protocol', 'react'];
  expect([...importsFrom(entry)].filter((specifier) => !allowed.includes(specifier))).toEqual([]);
});

test('[C25] the wire watcher is loaded by its own entry, and captures with it', () => {
  expect([...importsFrom('./wire.ts')].sort()).toEqual(['@wireroom/capture', '@wireroom/protocol']);
});

test('[C22] downloads have an entry of their own, in Node with its SHA-256 and the engine', () => {
  const both = ['@wireroom/history', '@wireroom/protocol'];
  expect([...importsFrom('./downloads.ts')].sort()).toEqual(both);
  expect([...importsFrom('./downloads-node.ts')].sort()).toEqual([
    ...both,
    '@wireroom/websocket',
    'node:crypto',
  ]);
});

test('[C22] the Node entry exports the same, and reaches the engine', () => {
  const exportsOf = (file: string): string[] =>
    readFileSync(new URL(file, import.meta.url), 'utf8').match(/\b[A-Za-z_]+\b(?=[,\s}(])/g) ?? [];
  for (const name of ['createChat', 'memoryStorage', 'webSocketTransport', 'CLIENT_LIMITS', 'ChatSnapshot']) {
    expect(exportsOf('./index.ts')).toContain(name);
    expect(exportsOf('./node.ts')).toContain(name);
  }
  expect([...importsFrom('./node.ts')]).toContain('@wireroom/websocket');
});
