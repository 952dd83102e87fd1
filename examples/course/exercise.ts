// `npm run exercise NN [FILE] [zh|en]`: starts the learner's file, grades it, and tells what it found.
// What is graded, and how, is in @wireroom/conformance.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXERCISE_COUNT, type GradeLanguage, gradeExercise, linesOfGrade } from '@wireroom/conformance';
import { Program } from './program.ts';

const folder = fileURLToPath(new URL('exercises/', import.meta.url));

const TEXTS = {
  zh: {
    usage: `用法：npm run exercise NN [文件] [zh|en]（NN 从 01 到 ${EXERCISE_COUNT}）`,
    missing: '没有这个文件：',
    silent: '它没有打开端口。最后一行 serve(…) 还在吗？',
    ended: '你的程序自己结束了，它最后说的是：',
  },
  en: {
    usage: `usage: npm run exercise NN [FILE] [zh|en] (NN from 01 to ${EXERCISE_COUNT})`,
    missing: 'there is no such file: ',
    silent: 'It did not open its port. Is serve(…) still its last line?',
    ended: 'Your program ended by itself. The last that it said:',
  },
} as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const language = languageOf(args);
  const texts = TEXTS[language];
  const [number = '', given] = args.filter((arg) => !arg.startsWith('--') && !isLanguage(arg));
  const exercise = /^\d{1,2}$/.test(number) ? Number(number) : 0;
  if (exercise < 1 || exercise > EXERCISE_COUNT) {
    console.error(texts.usage);
    return 2;
  }
  const file = given === undefined ? starterOf(exercise) : resolve(given);
  if (!existsSync(file)) {
    console.error(`${texts.missing}${given}`);
    return 2;
  }
  const program = new Program(file);
  try {
    const url = await program.url();
    if (url === undefined) {
      console.error([program.isSilent ? texts.silent : texts.ended, ...program.lastLines()].join('\n'));
      return 1;
    }
    const grade = await gradeExercise(exercise, url);
    console.log(linesOfGrade(grade, language).join('\n'));
    if (program.hasEnded) console.log(['', texts.ended, ...program.lastLines()].join('\n'));
    return grade.isPassed ? 0 : 1;
  } finally {
    program.stop();
  }
}

function isLanguage(word: string): word is GradeLanguage {
  return word === 'zh' || word === 'en';
}

/** The one that is asked for (`zh`, or `--lang zh` where npm lets that through); else that of the terminal. */
function languageOf(args: readonly string[]): GradeLanguage {
  const asked = args.map((arg) => arg.replace('--lang=', '')).find(isLanguage);
  const { LC_ALL, LANG } = process.env;
  const locale = LC_ALL || LANG || Intl.DateTimeFormat().resolvedOptions().locale;
  return asked ?? (locale.startsWith('zh') ? 'zh' : 'en');
}

function starterOf(exercise: number): string {
  const start = `${String(exercise).padStart(2, '0')}-`;
  return join(folder, readdirSync(folder).find((name) => name.startsWith(start)) ?? start);
}
