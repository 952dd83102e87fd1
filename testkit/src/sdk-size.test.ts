// What a page loads of the SDK, bundled as a page does it. Deterministic: the bundler is in package-lock.json.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, test } from 'vitest';

/** Gzipped, without zod and @wireroom/protocol. */
const INITIAL_BYTES_MAX = 15_000;
const LAZY_BYTES_MAX = 6_000;

let initial: Rolldown.OutputChunk[];
let lazy: Rolldown.OutputChunk[];

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ...{ write: false, target: 'esnext' },
      lib: {
        entry: fileURLToPath(new URL('../../packages/client/src/browser-chat.ts', import.meta.url)),
        formats: ['es'],
      },
      rolldownOptions: {
        external: [/^zod/, /^@wireroom\/protocol/],
        preserveEntrySignatures: 'allow-extension',
        // A library's whitespace would stay.
        output: { minify: true, comments: false },
      },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) =>
    'output' in each ? each.output : [],
  );
  const chunks = outputs.filter((each) => each.type === 'chunk');
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set<Rolldown.OutputChunk>();
  const reach = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (chunk === undefined || reached.has(chunk)) return;
    reached.add(chunk);
    for (const name of chunk.imports) reach(byName.get(name));
  };
  reach(chunks.find(({ isEntry }) => isEntry));
  initial = chunks.filter((chunk) => reached.has(chunk));
  lazy = chunks.filter((chunk) => !reached.has(chunk));
}, 60_000);

const gzippedBytes = (chunks: readonly Rolldown.OutputChunk[]): number =>
  chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);

const modulesOf = (chunks: readonly Rolldown.OutputChunk[]): readonly string[] =>
  chunks.flatMap(({ modules }) => Object.keys(modules)).map((path) => path.replace(/^.*\//, ''));

test('[C36] what a page loads at once is within the budget', () => {
  expect(gzippedBytes(initial)).toBeGreaterThan(10_000);
  expect(gzippedBytes(initial)).toBeLessThanOrEqual(INITIAL_BYTES_MAX);
});

test('[C36] the outbox in IndexedDB and the recorder are loaded apart', () => {
  expect(gzippedBytes(lazy)).toBeLessThanOrEqual(LAZY_BYTES_MAX);
  for (const file of ['idb-outbox.ts', 'idb-database.ts', 'lease-candidate.ts', 'tap-recorder.ts']) {
    expect(modulesOf(lazy)).toContain(file);
    expect(modulesOf(initial)).not.toContain(file);
  }
});
