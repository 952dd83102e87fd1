// The page's one i18next, with both languages aboard, and its keys known to TypeScript. <html lang> follows it.
import type { KeyValueStorage } from '@wireroom/client';
import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { downloadEn } from '../download/words/en.ts';
import { en } from './en.ts';
import { chooseLanguage, LANGUAGE_KEY } from './language.ts';
import { zhCN } from './zh-cn.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    keySeparator: false;
    nsSeparator: false;
    /** The download's come when it is loaded. */
    resources: { translation: typeof en; download: typeof downloadEn };
  }
}

/** Ready when it returns: nothing is loaded. */
export function createI18n(language: string): i18n {
  const instance = createInstance();
  instance.use(initReactI18next);
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: ['zh-CN', 'en'],
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCN } },
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    // React escapes. Names are put in as they are; what looks like i18next's own syntax in them stays text (i18n.test.ts).
    interpolation: { escapeValue: false, skipOnVariables: true },
    react: { useSuspense: false },
  });
  return instance;
}

/** The i18next of a real page: remembered or the browser's language, and the choice written down when it changes. */
export function createPageI18n(storage: KeyValueStorage): i18n {
  const instance = createI18n(chooseLanguage(storage.get(LANGUAGE_KEY), navigator.languages));
  document.documentElement.lang = instance.language;
  instance.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    storage.set(LANGUAGE_KEY, language);
  });
  return instance;
}
