// The words of the report of `wireroom check` that are not in the diagnosis itself, in both languages.
import type { Language, Severity } from '@wireroom/conformance';

export interface Words {
  readonly headings: Readonly<Record<Severity, string>>;
  readonly seen: string;
  readonly expected: string;
  readonly why: string;
  readonly mend: string;
  readonly rule: string;
  readonly follows: string;
  readonly failedCases: string;
  readonly omitted: string;
  readonly clean: string;
  readonly cleanButAdvice: string;
  readonly counts: (counts: Readonly<Record<Severity, number>>) => string;
  readonly done: (probes: number, cases: number, seconds: string) => string;
  readonly notRun: (cases: number) => string;
  readonly checking: string;
}

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const EN: Words = {
  headings: { mistake: 'Mistakes', risk: 'Advice', remark: 'Remarks' },
  seen: 'Seen',
  expected: 'Expected',
  why: 'Why',
  mend: 'To mend it',
  rule: 'Rule',
  follows: 'Follows',
  failedCases: 'Cases',
  omitted: 'Not tried',
  clean: 'Nothing wrong was found.',
  cleanButAdvice: 'No mistake was found.',
  counts: ({ mistake, risk, remark }) =>
    [
      plural(mistake, 'mistake'),
      ...(risk > 0 ? [risk === 1 ? '1 piece of advice' : `${risk} pieces of advice`] : []),
      ...(remark > 0 ? [plural(remark, 'remark')] : []),
    ].join(', '),
  done: (probes, cases, seconds) =>
    `${plural(probes, 'probe')}${cases > 0 ? `, ${plural(cases, 'conformance case')}` : ''}, ${seconds} s`,
  notRun: (cases) => `${plural(cases, 'conformance case')} had no time left; --full runs all of them`,
  checking: 'checking',
};

const ZH: Words = {
  headings: { mistake: '错误', risk: '建议', remark: '备注' },
  seen: '看到',
  expected: '应当',
  why: '原因',
  mend: '改法',
  rule: '依据',
  follows: '引起',
  failedCases: '用例',
  omitted: '没有检查的',
  clean: '没有发现问题。',
  cleanButAdvice: '没有发现错误。',
  counts: ({ mistake, risk, remark }) =>
    [
      `${mistake} 个错误`,
      ...(risk > 0 ? [`${risk} 条建议`] : []),
      ...(remark > 0 ? [`${remark} 条备注`] : []),
    ].join('，'),
  done: (probes, cases, seconds) =>
    `${probes} 项检查${cases > 0 ? `、${cases} 个一致性用例` : ''}，${seconds} 秒`,
  notRun: (cases) => `还有 ${cases} 个一致性用例没来得及跑；用 --full 全部跑完`,
  checking: '检查中',
};

export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH };
