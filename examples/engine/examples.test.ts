// Every program of this folder is run, and what it prints is compared with what it says at its end that it prints.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';

const folder = new URL('.', import.meta.url);
const programs = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the examples of the engine', () => {
  it.each(programs)('%s prints what it says', async (name) => {
    const [, promised = ''] = readFileSync(new URL(name, folder), 'utf8').split('\n// Prints:\n');
    const expected = promised.split('\n').filter((line) => line !== '');
    const printed: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: unknown) => void printed.push(`//   ${line}`));
    await import(/* @vite-ignore */ new URL(name, folder).href);
    expect(printed).toEqual(expected);
    expect(printed).not.toEqual([]);
  });
});
