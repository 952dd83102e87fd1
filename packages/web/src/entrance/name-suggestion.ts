// A name for somebody who has not thought of one: friendly, in the page's language, and varied enough for a class.
import type { Language } from '../i18n/language.ts';

interface NameParts {
  readonly first: readonly string[];
  readonly second: readonly string[];
  readonly between: string;
}

export const NAME_PARTS: Readonly<Record<Language, NameParts>> = {
  'zh-CN': {
    first: [
      '早起的',
      '路过的',
      '爱笑的',
      '安静的',
      '远方的',
      '好奇的',
      '散步的',
      '看云的',
      '听雨的',
      '慢慢的',
      '晒太阳的',
      '喝茶的',
    ],
    second: [
      '松鼠',
      '白鹭',
      '鲸鱼',
      '橘猫',
      '刺猬',
      '海獭',
      '小鹿',
      '麻雀',
      '水獭',
      '蜗牛',
      '青蛙',
      '企鹅',
      '喜鹊',
      '银杏',
      '竹子',
    ],
    between: '',
  },
  en: {
    first: [
      'Quiet',
      'Early',
      'Amber',
      'Gentle',
      'Distant',
      'Curious',
      'Northern',
      'Patient',
      'Sunny',
      'Brisk',
      'Mellow',
      'Plucky',
    ],
    second: [
      'Heron',
      'Otter',
      'Fern',
      'Sparrow',
      'Harbour',
      'Maple',
      'Badger',
      'Lantern',
      'Willow',
      'Comet',
      'Finch',
      'Pebble',
      'Wren',
      'Birch',
      'Hare',
    ],
    between: ' ',
  },
};

/** `fraction` as Math.random: from 0, below 1. Never the name that stands there already. */
export function suggestName(language: Language, fraction: () => number, current = ''): string {
  const { first, second, between } = NAME_PARTS[language];
  const count = first.length * second.length;
  let at = Math.floor(fraction() * count);
  if (nameAt(at) === current) at = (at + 1) % count;
  return nameAt(at);

  function nameAt(index: number): string {
    const front = first[Math.floor(index / second.length)] ?? '';
    return `${front}${between}${second[index % second.length] ?? ''}`;
  }
}

/** Is this one of ours (in the given language), so that it may be exchanged when the language changes? */
export function isSuggestedName(name: string, language?: Language): boolean {
  const parts = language === undefined ? Object.values(NAME_PARTS) : [NAME_PARTS[language]];
  return parts.some(({ first, second, between }) =>
    first.some((front) => second.some((back) => `${front}${between}${back}` === name)),
  );
}
