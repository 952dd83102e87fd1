import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** The specifiers of all imports that are reached from a file of this folder, by files of this folder. */
function importsFrom(entry: string, seen = new Set<string>()): ReadonlySet<string> {
  const found = new Set<string>();
  seen.add(entry);
  const text = readFileSync(new URL(entry, import.meta.url), 'utf8');
  // What is imported for its types alone is not there when the page runs.
  const code = text.replace(/^(?:import|export) type \{[^}]*\} from '[^']+';$/gm, '');
  for (const [, specifier = ''] of code.matchAll(/(?:from|import)\s+'([^']+)'/g)) {
    if (!specifier.startsWith('.')) found.add(specifier);
    else if (!seen.has(specifier)) for (const deeper of importsFrom(specifier, seen)) found.add(deeper);
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

test('[C22] the Node entry exports the same, and reaches the engine', () => {
  const exportsOf = (file: string): string[] =>
    readFileSync(new URL(file, import.meta.url), 'utf8').match(/\b[A-Za-z_]+\b(?=[,\s}])/g) ?? [];
  for (const name of [
    'createChatClient',
    'memoryStorage',
    'webSocketTransport',
    'CLIENT_LIMITS',
    'ChatSnapshot',
  ]) {
    expect(exportsOf('./index.ts')).toContain(name);
    expect(exportsOf('./node.ts')).toContain(name);
  }
  expect([...importsFrom('./node.ts')]).toContain('@wireroom/websocket');
});
