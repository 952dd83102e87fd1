// Both languages of the inspector say the same things, with the same variables, and Chinese is written as Chinese.
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { isWordKey, sayIn } from './words.ts';
import { zhCN } from './zh-cn.ts';

const variablesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '').sort();

describe('the two languages', () => {
  it('have the same keys, but for plurals', () => {
    expect(Object.keys(zhCN).sort()).toEqual(
      Object.keys(en)
        .filter((key) => !key.endsWith('_one'))
        .sort(),
    );
  });

  it('put the same variables into the same sentences', () => {
    const chinese: Readonly<Record<string, string>> = zhCN;
    for (const [key, text] of Object.entries(en)) {
      if (key.endsWith('_one')) continue;
      expect([key, variablesOf(chinese[key] ?? '')]).toEqual([key, variablesOf(text)]);
    }
  });

  it('leave no sentence empty, and write Chinese with Chinese punctuation', () => {
    for (const text of [...Object.values(en), ...Object.values(zhCN)]) expect(text.trim()).not.toBe('');
    expect(Object.entries(zhCN).filter(([, text]) => /\p{Script=Han}[,.:;?!]/u.test(text))).toEqual([]);
  });
});

describe('sayIn', () => {
  it('puts variables in, counts, and leaves what it does not know', () => {
    const say = sayIn('en');
    expect(say('grid.more', { count: 1 })).toBe('Show 1 more byte of payload');
    expect(say('grid.more', { count: 12 })).toBe('Show 12 more bytes of payload');
    expect(sayIn('zh-CN')('grid.more', { count: 1 })).toBe('再显示 1 个负载字节');
    expect(say('row.part', { part: 2 })).toBe('2/{{parts}}');
    expect(say.of({ en: 'yes', zh: '是' })).toBe('yes');
    expect(sayIn('zh-CN').of({ en: 'yes', zh: '是' })).toBe('是');
  });

  it('knows which keys there are', () => {
    expect([isWordKey('wire.title'), isWordKey('toString'), isWordKey('rule.origin.unknown')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
