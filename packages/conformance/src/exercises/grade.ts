// What grading an exercise of the course comes to, and how it is told, in Chinese or English.
// The checks are in handshake.ts, framing.ts, talking.ts and chat.ts; exercises.ts plays them.

export type GradeLanguage = 'zh' | 'en';

/** The same said in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const words = (zh: string, en: string): Words => ({ zh, en });

export interface GradeStep {
  readonly title: Words;
  /** Where the rule stands, if it is one of the RFC. */
  readonly rule?: string | undefined;
  readonly state: 'passed' | 'failed' | 'not tried';
  /** What was seen instead, for a failed one. */
  readonly found?: Words;
  /** What to look at. */
  readonly hint?: Words | undefined;
}

export interface Grade {
  /** 1 to 12. */
  readonly exercise: number;
  readonly title: Words;
  readonly isPassed: boolean;
  /** In their order. Behind a failed one nothing is tried: one thing at a time. */
  readonly steps: readonly GradeStep[];
}

const MARKS = { passed: '✓', failed: '✗', 'not tried': '·' } as const;

/** The grade as lines for people. */
export function linesOfGrade({ exercise, title, isPassed, steps }: Grade, language: GradeLanguage): string[] {
  const number = String(exercise).padStart(2, '0');
  const done = steps.filter(({ state }) => state === 'passed').length;
  const count = `${done}/${steps.length}`;
  const verdict = isPassed
    ? words(`通过：${count}`, `Passed: ${count}`)
    : words(`还没有通过：${count}`, `Not yet: ${count}`);
  const heading = words(`练习 ${number}：${title.zh}`, `Exercise ${number}: ${title.en}`);
  return [
    heading[language],
    '',
    ...steps.flatMap((step) => linesOfStep(step, language)),
    '',
    verdict[language],
  ];
}

function linesOfStep({ title, rule, state, found, hint }: GradeStep, language: GradeLanguage): string[] {
  const lines = [`${MARKS[state]} ${title[language]}`];
  const add = (label: Words, text: string | undefined): void => {
    if (text !== undefined) lines.push(`    ${label[language]}${text}`);
  };
  if (state !== 'failed') return lines;
  add(words('看到：', 'Seen: '), found?.[language]);
  add(words('提示：', 'Hint: '), hint?.[language]);
  add(words('规定：', 'Rule: '), rule);
  return lines;
}
