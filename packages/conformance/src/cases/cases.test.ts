import { isUtf8 } from 'node:buffer';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CASES, SECTIONS } from './cases.ts';
import { CORPORA } from './corpora.ts';
import { SEQUENCE_GROUPS } from './utf8-tables.ts';

describe('the list of cases', () => {
  it('has each id once', () => {
    const ids = CASES.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('knows its sections, and each has cases for both roles', () => {
    const numbers = SECTIONS.map(({ number }) => number);
    expect(CASES.filter(({ section }) => !numbers.includes(section))).toEqual([]);
    for (const role of ['server', 'client'] as const) {
      const covered = new Set(
        CASES.filter(({ peers }) => peers.includes(role)).map(({ section }) => section),
      );
      expect([...covered]).toEqual(numbers);
    }
  });

  it('says of each case which rule it proves and why', () => {
    for (const { rule, title, why } of CASES) {
      expect(rule).toMatch(/^RFC (6455|7692|3629) \d/);
      expect(title.length).toBeGreaterThan(3);
      expect(why).toMatch(/[.]\)?$/);
    }
  });
});

describe('the table of UTF-8', () => {
  const sequences = SEQUENCE_GROUPS.flatMap((group) => group.sequences);

  it.each(sequences)('is right about $title', ({ bytes, isValid }) => {
    expect(isUtf8(bytes)).toBe(isValid);
  });
});

describe('the corpora', () => {
  it.each(CORPORA)('$name: cut anywhere, of its size, and text stays text', (corpus) => {
    for (const [index, bytes] of [16, 1024, 131_072].entries()) {
      const message = corpus.cut(index * 333, bytes);
      expect(Math.abs(message.length - bytes)).toBeLessThan(4);
      if (corpus.kind === 'text') expect(isUtf8(message)).toBe(true);
    }
  });

  it('go from very compressible to not at all', () => {
    const ratios = CORPORA.map((corpus) => 65_536 / deflateRawSync(corpus.cut(0, 65_536)).length);
    expect(Math.max(...ratios)).toBeGreaterThan(4);
    expect(Math.min(...ratios)).toBeLessThan(1.2);
  });
});
