// Which language the page speaks, and which locale its dates follow. Pure: the caller brings the lists.

export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A language's name is written in itself, so that whoever landed in the wrong one finds the way out. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { 'zh-CN': '简体中文', en: 'English' };

export const LANGUAGE_KEY = 'wireroom.language';

export const isLanguage = (value: unknown): value is Language =>
  LANGUAGES.some((language) => language === value);

/** The remembered choice, else the first of the browser's languages that the page speaks, else English. */
export function chooseLanguage(remembered: unknown, browserLanguages: readonly string[]): Language {
  if (isLanguage(remembered)) return remembered;
  for (const tag of browserLanguages) {
    const primary = primaryOf(tag);
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

/** The browser's own variant of the language where it has one (en-GB writes 14:05, en-US 2:05 PM). */
export function dateLocale(language: Language, browserLanguages: readonly string[]): string {
  return browserLanguages.find((tag) => primaryOf(tag) === primaryOf(language)) ?? language;
}

const primaryOf = (tag: string): string => tag.toLowerCase().split('-')[0] ?? '';
