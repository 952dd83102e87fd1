// JSON for reading: indented, each piece with its kind, nothing lost; and texts that are no JSON as they are.
import { describe, expect, it } from 'vitest';
import { jsonPieces } from './json-tokens.ts';

describe('jsonPieces', () => {
  it('tells names from strings and values', () => {
    const pieces = jsonPieces('{"type":"post","ref":-7.5e3,"ok":true,"none":null}');
    const of = (kind: string): string[] => pieces.filter((p) => p.kind === kind).map((p) => p.text);
    expect(of('name')).toEqual(['"type":', '"ref":', '"ok":', '"none":']);
    expect(of('string')).toEqual(['"post"']);
    expect(of('value')).toEqual(['-7500', 'true', 'null']);
  });

  it('loses nothing, also of strings with quotes and backslashes in them', () => {
    for (const value of [{ a: 'x\\"y: {1}' }, ['1', 2, '"'], { 'k"': [] }, { 名: '在的。' }]) {
      const text = jsonPieces(JSON.stringify(value))
        .map((piece) => piece.text)
        .join('');
      expect(text).toBe(JSON.stringify(value, null, 2));
    }
  });

  it('leaves other texts alone', () => {
    for (const text of ['hello', '{"half":', '42', 'x'.repeat(20_000)])
      expect(jsonPieces(text)).toEqual([{ kind: 'mark', text }]);
  });
});
