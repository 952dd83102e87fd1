import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLinks } from './link-parser.ts';

const linksOf = (text: string): string[] =>
  parseLinks(text).flatMap((piece) => (piece.kind === 'link' ? [piece.href] : []));

describe('parseLinks', () => {
  it('finds addresses, and leaves the sentence its punctuation', () => {
    expect(linksOf('see https://example.org/a?b=c#d, and http://localhost:3000.')).toEqual([
      'https://example.org/a?b=c#d',
      'http://localhost:3000/',
    ]);
    expect(linksOf('看https://example.org/路径，再说')).toEqual(['https://example.org/%E8%B7%AF%E5%BE%84']);
    expect(linksOf('(https://en.wikipedia.org/wiki/Wire_(disambiguation))')).toEqual([
      'https://en.wikipedia.org/wiki/Wire_(disambiguation)',
    ]);
  });

  it('makes links of nothing but http and https', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,hi',
      'file:///etc/passwd',
      'https://',
      'https://bank.example@evil.example/',
      '<img src=x onerror=alert(1)>',
    ]) {
      expect(linksOf(text)).toEqual([]);
    }
  });

  it('loses not a character of any text', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('https://a.b', ')', '(', '.', '，', ' '),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        const text = words.join('');
        expect(
          parseLinks(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it('takes no longer for what is written to make it slow', () => {
    const text = `https://a.example/${')'.repeat(16_000)}`;
    expect(linksOf(text)).toEqual(['https://a.example/']);
    expect(linksOf('https://'.repeat(2_000)).length).toBeLessThanOrEqual(1);
  });
});
