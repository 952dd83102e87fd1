import { expect, it } from 'vitest';
import { colourCode, lineTone } from './code-colour.ts';

it('tells comments, strings, numbers and keywords apart, and loses nothing', () => {
  const code = "const key = 0x37; // four 'bytes'\nreturn `a ${key} b`;";
  const pieces = colourCode(code);
  expect(pieces.map(({ text }) => text).join('')).toBe(code);
  const of = (tone: string) => pieces.filter((piece) => piece.tone === tone).map(({ text }) => text);
  expect(of('keyword')).toEqual(['const', 'return']);
  expect(of('number')).toEqual(['0x37']);
  expect(of('comment')).toEqual(["// four 'bytes'"]);
  expect(of('string')).toEqual(['`a ${key} b`']);
});

it('sees what passed, what did not, and the direction of a line', () => {
  expect(['✓ yes', '  ✗ no', '→ 81 85', '← 81 05', 'plain'].map(lineTone)).toEqual([
    'good',
    'bad',
    'in',
    'out',
    'plain',
  ]);
});
