// The code in the engine's README is the examples' code, and its table of limits is what limits.ts says.
import { readFileSync } from 'node:fs';
import { DEFAULT_LIMITS } from '@wireroom/websocket';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const readme = read('packages/websocket/README.md');

interface Snippet {
  /** `examples/engine/echo.ts#server`, as the comment before the code names it; undefined where there is none. */
  readonly source: string | undefined;
  readonly code: string;
}

function snippetsOf(document: string): Snippet[] {
  return [...document.matchAll(/(?:<!-- (\S+) -->\n)?```ts\n(.*?)```/gs)].map(([, source, code = '']) => ({
    source,
    code,
  }));
}

/** What stands between the marks of a region, moved to the left margin. */
function regionOf(source: string): string {
  const [path = '', region = ''] = source.split('#');
  const lines = read(path).split('\n');
  const start = lines.findIndex((line) => line.trim() === `// #region ${region}`);
  const end = lines.findIndex((line, index) => index > start && line.trim() === '// #endregion');
  if (start < 0 || end < 0) return `there is no region ${region} in ${path}`;
  const indent = lines[start]?.indexOf('/') ?? 0;
  return lines
    .slice(start + 1, end)
    .map((line) => `${line.slice(indent)}\n`)
    .join('');
}

/** The table of limits, made of the comments in limits.ts. */
function limitsTable(): string {
  const [, body = ''] =
    /interface WebSocketLimits \{\n(.*?)\n\}/s.exec(read('packages/websocket/src/limits.ts')) ?? [];
  const meanings = new Map(
    [...body.matchAll(/\/\*\*\s*(.*?)\s*\*\/\s*readonly (\w+):/gs)].map(([, text = '', name = '']) => [
      name,
      text.replaceAll(/\s*\n\s*\* ?/g, ' '),
    ]),
  );
  const rows = Object.entries(DEFAULT_LIMITS).map(
    ([name, value]) => `| \`${name}\` | ${readable(name, value)} | ${meanings.get(name)} |\n`,
  );
  return `| limit | default | meaning |\n|---|---|---|\n${rows.join('')}`;
}

function readable(name: string, value: number): string {
  if (value === 0) return '0';
  if (name.endsWith('Ms')) return value % 1000 === 0 ? `${value / 1000} s` : `${value} ms`;
  if (!/bytes/i.test(name) || value % 1024 !== 0) return value.toLocaleString('en');
  return value % 1024 ** 2 === 0 ? `${value / 1024 ** 2} MiB` : `${value / 1024} KiB`;
}

describe('the README of the engine', () => {
  it.each(snippetsOf(readme))('shows $source as it is', ({ source, code }) => {
    expect(source, `code without a source:\n${code}`).toBeDefined();
    expect(code).toBe(regionOf(source ?? ''));
  });

  it('lists every limit with its default and its meaning', () => {
    const [, table = ''] = /<!-- limits -->\n\n(.*?\n)\n/s.exec(readme) ?? [];
    expect(table).toBe(limitsTable());
  });
});
