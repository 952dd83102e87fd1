import { describe, expect, it } from 'vitest';
import { widthOf, wrapped } from './wrapped.ts';

describe('lines of a terminal', () => {
  it('breaks at blanks', () => {
    expect(wrapped('one two three four', 9)).toEqual(['one two', 'three', 'four']);
  });

  it('counts two columns for a Chinese character, breaks between them, and begins no line with a full stop', () => {
    expect(widthOf('好ab')).toBe(4);
    expect(wrapped('服务器不回答。好', 12)).toEqual(['服务器不回', '答。好']);
    expect(wrapped('服务器不回答。好', 14)).toEqual(['服务器不回答。', '好']);
  });

  it('cuts what has no place to break', () => {
    expect(wrapped('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrapped('', 10)).toEqual([]);
  });

  it('keeps every character that is not a blank at a border, for any width', () => {
    const text = '长度的 8 个字节顺序反了：70000 写作 00 00 00 00 00 01 11 70（network byte order）。';
    for (let columns = 4; columns < 60; columns += 1) {
      const lines = wrapped(text, columns);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(columns);
    }
  });
});
