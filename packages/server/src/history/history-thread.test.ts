// What the download thread loads: no schemas. They would take ten MiB more for each server that ever makes a download, and nothing in
// that thread comes from outside.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

/** Imports that are still there when types are gone. */
const IMPORT = /^(?:import|export) (?!type )(?:[^;]*? from )?'([^']+)';$/gm;

function packagesLoadedBy(file: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (name.startsWith('.')) packagesLoadedBy(new URL(name, file), seen);
    else seen.add(name);
  }
  return seen;
}

it.each(['./history-thread.ts', '../log/sqlite-history-source.ts'])('%s loads no schemas', (name) => {
  const loaded = packagesLoadedBy(new URL(name, import.meta.url));
  expect(loaded).toContain('@wireroom/protocol/plain');
  for (const withSchemas of ['zod', '@wireroom/protocol', '@wireroom/history'])
    expect(loaded).not.toContain(withSchemas);
});
