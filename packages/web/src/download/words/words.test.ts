// Both languages of the download say the same things, with the same variables, and every failure has its sentence.
import { describe, expect, it } from 'vitest';
import { FAILURE_CODES } from '../download-state.ts';
import { downloadEn } from './en.ts';
import { downloadZhCN } from './zh-cn.ts';

const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (words: object): string[] => [...new Set(Object.keys(words).map(withoutPlural))].sort();
const variablesOf = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)/g)].map((m) => m[1] ?? '').sort();

describe('the two languages', () => {
  it('have the same keys, and the plural forms that their grammar asks for', () => {
    expect(keysOf(downloadZhCN)).toEqual(keysOf(downloadEn));
    expect(Object.keys(downloadZhCN).filter((key) => key.endsWith('_one'))).toEqual([]);
    for (const key of Object.keys(downloadEn).filter((each) => each.endsWith('_one')))
      expect(Object.keys(downloadEn)).toContain(key.replace('_one', '_other'));
  });

  it('put the same variables into the same sentences', () => {
    const chinese: Readonly<Record<string, string>> = downloadZhCN;
    for (const [key, text] of Object.entries(downloadEn)) {
      if (key.endsWith('_one')) continue;
      expect([key, variablesOf(chinese[key] ?? '')]).toEqual([key, variablesOf(text)]);
    }
  });

  it('leave no sentence empty, and write Chinese with Chinese punctuation', () => {
    for (const text of [...Object.values(downloadEn), ...Object.values(downloadZhCN)])
      expect(text.trim()).not.toBe('');
    expect(Object.entries(downloadZhCN).filter(([, text]) => /\p{Script=Han}[,.:;?!]/u.test(text))).toEqual(
      [],
    );
  });

  it('say every failure', () => {
    for (const code of FAILURE_CODES) expect(keysOf(downloadEn)).toContain(`failure.${code}`);
  });
});
