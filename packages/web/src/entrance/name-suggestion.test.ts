import { checkName, nameKey } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../i18n/language.ts';
import { isSuggestedName, NAME_PARTS, suggestName } from './name-suggestion.ts';

describe.each(LANGUAGES)('suggestName in %s', (language) => {
  const { first, second } = NAME_PARTS[language];
  const count = first.length * second.length;
  const all = Array.from({ length: count }, (_, at) => suggestName(language, () => (at + 0.5) / count));

  it('makes only names that the server accepts, all of them different', () => {
    for (const name of all) expect(checkName(name)).toBe(name);
    expect(new Set(all.map(nameKey)).size).toBe(count);
    expect(count).toBeGreaterThanOrEqual(150);
  });

  it('never suggests the name that stands there, not at the last one either', () => {
    for (const at of [0, 7, count - 1]) {
      expect(suggestName(language, () => at / count, all[at])).not.toBe(all[at]);
      expect(all).toContain(suggestName(language, () => at / count, all[at]));
    }
  });

  it('knows its own', () => {
    expect(all.every((name) => isSuggestedName(name) && isSuggestedName(name, language))).toBe(true);
    expect(
      all.some((name) => LANGUAGES.some((other) => other !== language && isSuggestedName(name, other))),
    ).toBe(false);
    expect(isSuggestedName('Ada')).toBe(false);
  });
});
