// The inspector's sentences in the language of the page. They are kept apart from the page's own because they are loaded
// only with the inspector.
import type { Bilingual } from '@wireroom/capture';
import { useTranslation } from 'react-i18next';
import { en, type WordKey } from './en.ts';
import { zhCN } from './zh-cn.ts';

export type { WordKey };
export type Vars = Readonly<Record<string, string | number>>;

/** The sentence for a key; or the reader's half of a text that comes in both languages. */
export interface Say {
  (key: WordKey, vars?: Vars): string;
  readonly of: (text: Bilingual) => string;
}

const WORDS: Readonly<Record<'en' | 'zh', Readonly<Record<string, string>>>> = { en, zh: zhCN };

/** `{{variables}}` are put in; with `count: 1` the form `key_one` is taken, where the language has one. */
export function sayIn(language: string): Say {
  const short = language === 'zh-CN' ? 'zh' : 'en';
  const words = WORDS[short];
  const say = (key: WordKey, vars: Vars = {}): string => {
    const text = (vars.count === 1 ? words[`${key}_one`] : undefined) ?? words[key] ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(vars[name] ?? whole));
  };
  return Object.assign(say, { of: (text: Bilingual) => text[short] });
}

const SAY = { en: sayIn('en'), 'zh-CN': sayIn('zh-CN') } as const;

export function useSay(): Say {
  const { i18n } = useTranslation();
  return i18n.language === 'zh-CN' ? SAY['zh-CN'] : SAY.en;
}

/** Is there a sentence under this key? For keys that are made of what was on the wire. */
export const isWordKey = (key: string): key is WordKey => Object.hasOwn(en, key);
