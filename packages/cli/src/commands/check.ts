// `wireroom check URL`: reads the command line, has the server diagnosed, prints the report. The diagnosis is
// @wireroom/conformance; how it looks is check/report.ts.
import { parseArgs } from 'node:util';
import {
  type DiagnoseOptions,
  diagnose,
  EXERCISE_COUNT,
  gradeExercise,
  isMistakeId,
  linesOfGrade,
  MISTAKE_IDS,
  MISTAKES,
  type MistakeId,
  Unreachable,
} from '@wireroom/conformance';
import { countsOf, jsonOf, reportOf } from '../check/report.ts';
import { WORDS } from '../check/words.ts';
import { type Language, languageOf } from '../terminal/language.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';

const USAGE = `wireroom check URL [options]

Tests a WebSocket server, whatever it is for, and says what is wrong, what was expected, why, and how to mend it.

  wireroom check ws://localhost:8080/
  wireroom check localhost:3000/socket.io/       a Socket.IO server
  wireroom check wss://example.org/chat --origin https://example.org

  --quick            the diagnosis only, without the conformance cases; some 5 s
  --full             all cases, the heavy ones too, and a patient look at slow handshakes; minutes
  --only ID,…        only these mistakes (--list)
  --strict           advice counts: exit code 1 for it, too
  --json             the report as JSON (docs/check.md)
  --lang zh|en       the language of the report; default: that of the system
  --header 'N: v'    a header field for every request; as often as needed
  --subprotocol x    the subprotocol to offer
  --origin x         the Origin to name
  --insecure         take any certificate
  --list             the mistakes that it knows by name
  --exercise NN      grades the server of an exercise of the course instead (docs/course)

Exit code: 0 nothing wrong, 1 mistakes found, 2 wrong usage or no WebSocket server there.
`;

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  full: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  lang: { type: 'string' },
  header: { type: 'string', multiple: true },
  subprotocol: { type: 'string' },
  origin: { type: 'string' },
  insecure: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  exercise: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Resolves with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    return await check(readArgs(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`wireroom check: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

function readArgs(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} (wireroom check --help)`);
  }
}

type Parsed = ReturnType<typeof readArgs>;

async function check({ values, positionals }: Parsed): Promise<number> {
  if (values.help) return print(USAGE);
  const lang = languageOf(values.lang, process.env);
  if (values.list)
    return print(`${MISTAKE_IDS.map((id) => `${id.padEnd(30)} ${MISTAKES[id].title[lang]}`).join('\n')}\n`);
  const url = urlOf(positionals);
  if (values.exercise !== undefined) return grade(exerciseOf(values.exercise), url, lang);
  const progress = new Progress(WORDS[lang].checking, values.json);
  try {
    const diagnosis = await diagnose(url, {
      ...optionsOf(values),
      onProgress: (done, all) => progress.show(done, all),
    });
    progress.end();
    const counts = countsOf(diagnosis.findings);
    const isWrong = counts.mistake > 0 || (values.strict && counts.risk > 0);
    const look = {
      ...{ lang, columns: process.stdout.columns ?? 100 },
      hasColours: process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '',
    };
    print(
      values.json
        ? `${jsonOf(diagnosis, lang, isWrong ? 'mistakes' : 'pass')}\n`
        : `${reportOf(diagnosis, look)}\n`,
    );
    return isWrong ? 1 : 0;
  } catch (error) {
    progress.end();
    if (!(error instanceof Unreachable)) throw error;
    const reason = error.said[lang];
    if (values.json)
      print(`${JSON.stringify({ version: 1, url: url.href, verdict: 'unreachable', reason }, null, 2)}\n`);
    else process.stderr.write(`${reason}\n`);
    return 2;
  }
}

/** What a server was to learn in an exercise of the course, and nothing else. */
async function grade(exercise: number, url: URL, lang: Language): Promise<number> {
  const graded = await gradeExercise(exercise, url.href);
  print(`${linesOfGrade(graded, lang).join('\n')}\n`);
  return graded.isPassed ? 0 : 1;
}

function exerciseOf(given: string): number {
  const number = /^\d{1,2}$/.test(given) ? Number(given) : 0;
  if (number < 1 || number > EXERCISE_COUNT)
    throw new UsageError(`--exercise takes a number from 1 to ${EXERCISE_COUNT}, not "${given}".`);
  return number;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function urlOf(positionals: readonly string[]): URL {
  const [given, ...more] = positionals;
  if (given === undefined)
    throw new UsageError('which server? wireroom check ws://localhost:8080/ (--help tells more)');
  if (more.length > 0) throw new UsageError(`one URL at a time; "${more[0]}" is one too many.`);
  const whole = /^[a-z]+:\/\//i.test(given) ? given.replace(/^http/i, 'ws') : `ws://${given}`;
  if (!URL.canParse(whole))
    throw new UsageError(`"${given}" is not an address; one looks like ws://localhost:8080/path.`);
  const url = new URL(whole);
  if (!['ws:', 'wss:'].includes(url.protocol))
    throw new UsageError(`"${given}" begins with ${url.protocol}; a WebSocket begins with ws: or wss:.`);
  url.hash = '';
  return url;
}

function optionsOf(values: Parsed['values']): DiagnoseOptions {
  if (values.quick && values.full) throw new UsageError('--quick and --full exclude each other.');
  const headers: Record<string, string> = {};
  for (const field of values.header ?? []) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):\s*(.*)$/.exec(field);
    if (match === null) throw new UsageError(`--header takes 'Name: value', not "${field}".`);
    headers[match[1] ?? ''] = match[2] ?? '';
  }
  if (values.origin !== undefined) headers.Origin = values.origin;
  if (values.subprotocol !== undefined) headers['Sec-WebSocket-Protocol'] = values.subprotocol;
  return {
    depth: values.quick ? 'quick' : values.full ? 'full' : 'usual',
    ...(values.only !== undefined && { only: idsOf(values.only) }),
    ...(Object.keys(headers).length > 0 && { headers }),
    isInsecure: values.insecure,
  };
}

function idsOf(lists: readonly string[]): MistakeId[] {
  return lists
    .flatMap((list) => list.split(','))
    .map((id) => id.trim())
    .map((id) => {
      if (isMistakeId(id)) return id;
      throw new UsageError(`there is no mistake "${id}"; wireroom check --list shows all of them.`);
    });
}

/** One line on a terminal that is taken away again. */
class Progress {
  readonly #isShown: boolean;
  readonly #word: string;

  constructor(word: string, isQuiet: boolean) {
    this.#word = word;
    this.#isShown = process.stderr.isTTY === true && !isQuiet;
    this.show(0, 1);
  }

  show(done: number, all: number): void {
    if (this.#isShown) process.stderr.write(`\r${this.#word} … ${Math.floor((100 * done) / all)} % `);
  }

  end(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
  }
}
