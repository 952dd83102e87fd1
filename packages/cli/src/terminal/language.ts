// The language that people are spoken to in: as they say, else as their environment says.
import { UsageError } from '../usage-error.ts';

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export function languageOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Language {
  if (given !== undefined) {
    const known = LANGUAGES.find((language) => language === given);
    if (known === undefined) throw new UsageError(`--lang is "${given}"; it must be en or zh.`);
    return known;
  }
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh' : 'en';
}
