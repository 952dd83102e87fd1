// Both languages say the same things, everything the server can refuse has its sentence, and a name stays a name.
import { CHAT_ERRORS } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import { en } from './en.ts';
import { createI18n } from './i18n.ts';
import { chooseLanguage, dateLocale } from './language.ts';
import { refusalText } from './refusal-text.ts';
import { zhCN } from './zh-cn.ts';

const withoutPlural = (key: string): string => key.replace(/_(one|other)$/, '');
const keysOf = (messages: object): string[] => [...new Set(Object.keys(messages).map(withoutPlural))].sort();
const variablesOf = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1] ?? '');
/** The plural form that every language has stands for the key. */
const byKey = (messages: object): Map<string, string> =>
  new Map(
    Object.entries(messages)
      .filter(([key]) => !key.endsWith('_one'))
      .map(([key, text]) => [withoutPlural(key), String(text)]),
  );

describe('the two languages', () => {
  it('have the same keys', () => {
    expect(keysOf(zhCN)).toEqual(keysOf(en));
  });

  it('have the plural forms that their grammar asks for', () => {
    const plurals = Object.keys(en).filter((key) => key.endsWith('_one'));
    expect(plurals.length).toBeGreaterThan(0);
    for (const key of plurals) expect(Object.keys(en)).toContain(key.replace('_one', '_other'));
    expect(Object.keys(zhCN).filter((key) => key.endsWith('_one'))).toEqual([]);
  });

  it('put the same variables into the same sentences', () => {
    const chinese = byKey(zhCN);
    for (const [key, text] of byKey(en)) {
      expect([key, variablesOf(chinese.get(key) ?? '').sort()]).toEqual([key, variablesOf(text).sort()]);
    }
  });

  it('leave no sentence empty, and write Chinese with Chinese punctuation', () => {
    for (const text of [...Object.values(en), ...Object.values(zhCN)]) expect(text.trim()).not.toBe('');
    // A Western comma, full stop, colon, question or exclamation mark right after a Chinese character.
    const western = Object.entries(zhCN).filter(([, text]) => /\p{Script=Han}[,.:;?!]/u.test(text));
    expect(western).toEqual([]);
  });

  it('say every refusal of the protocol', () => {
    for (const code of Object.keys(CHAT_ERRORS)) {
      expect(keysOf(en)).toContain(`refusal.${code}`);
      expect(keysOf(zhCN)).toContain(`refusal.${code}`);
    }
  });
});

describe('createI18n', () => {
  it('counts in both languages', () => {
    const english = createI18n('en');
    const chinese = createI18n('zh-CN');
    expect(english.t('people.count', { count: 1 })).toBe('1 person');
    expect(english.t('people.count', { count: 2 })).toBe('2 people');
    expect(chinese.t('people.count', { count: 1 })).toBe('1 人');
  });

  it('says joins in the words of the lesson', () => {
    expect(createI18n('zh-CN').t('notice.join', { name: 'Ada' })).toBe('Ada加入了聊天');
    expect(createI18n('en').t('notice.leave', { name: 'Ada' })).toBe('Ada left the chat');
  });

  it('takes a name for a name, whatever it looks like', () => {
    const { t } = createI18n('en');
    for (const name of ['$t(menu.leave)', '{{seq}}', '<b>&amp;</b>', '{{name}}', '$& $1']) {
      expect(t('notice.join', { name, seq: 7 })).toBe(`${name} joined the chat`);
    }
  });

  it('shows a refusal in the language of the page, and an unknown one in the words of the server', () => {
    const { t } = createI18n('zh-CN');
    expect(refusalText(t, { code: 'name-taken', message: 'taken' })).toBe(zhCN['refusal.name-taken']);
    expect(refusalText(t, { code: 'room-full', message: 'This room is full.' })).toBe('This room is full.');
    expect(refusalText(t, { code: 'toString', message: 'Odd.' })).toBe('Odd.');
  });
});

describe('chooseLanguage', () => {
  it('prefers the remembered choice, then the first language that the page speaks', () => {
    expect(chooseLanguage('en', ['zh-CN'])).toBe('en');
    expect(chooseLanguage('fr', ['zh-TW', 'en'])).toBe('zh-CN');
    expect(chooseLanguage(undefined, ['fr-FR', 'en-GB', 'zh'])).toBe('en');
    expect(chooseLanguage(null, ['fr'])).toBe('en');
    expect(chooseLanguage(null, [])).toBe('en');
  });

  it('dates follow the variant that the browser asks for', () => {
    expect(dateLocale('en', ['zh-CN', 'en-GB', 'en'])).toBe('en-GB');
    expect(dateLocale('zh-CN', ['en-GB'])).toBe('zh-CN');
  });
});
