import { expect, it } from 'vitest';
import { colourCode, lineTone } from './code-colour.ts';

it('tells comments, strings, numbers and keywords apart, and loses nothing', () => {
  const code = "const key = 0x37; // four 'bytes'\nreturn `a b`;";
  const pieces = colourCode(code);
  expect(pieces.map(({ text }) => text).join('')).toBe(code);
  const of = (tone: string) => pieces.filter((piece) => piece.tone === tone).map(({ text }) => text);
  expect(of('keyword')).toEqual(['const', 'return']);
  expect(of('number')).toEqual(['0x37']);
  expect(of('comment')).toEqual(["// four 'bytes'"]);
  expect(of('string')).toEqual(['`a b`']);
});

it('sees what passed, what did not, and the direction of a line', () => {
  expect(
    ['✓ yes', '  ✗ no', '→ 81 85', '← 81 05', '# look', 'closed cleanly with 1000', 'plain'].map(lineTone),
  ).toEqual(['good', 'bad', 'in', 'out', 'note', 'end', 'plain']);
});
