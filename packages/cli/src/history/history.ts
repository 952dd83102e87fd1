// `wireroom history get|verify|…`: finds the subcommand and runs it. Each is a file of its own beside this one.
import { type Io, processIo } from '../terminal/io.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';

interface Subcommand {
  /** What it does, in one line of the usage. */
  readonly summary: string;
  /** Brings the code. `run` takes the words after the subcommand and resolves with the exit code; it may throw a UsageError. */
  readonly load: () => Promise<{ readonly run: (args: readonly string[], io: Io) => Promise<number> }>;
}

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ['get', { summary: 'downloads it; goes on where it was stopped', load: () => import('./get.ts') }],
  ['verify', { summary: 'says whether a downloaded history is whole', load: () => import('./verify.ts') }],
  [
    'import',
    {
      summary: 'makes a room of a history, or of an export of Slack or Element',
      load: () => import('./import.ts'),
    },
  ],
]);

export async function history(args: readonly string[], io: Io = processIo): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name)) {
    io.output.write(usage());
    return 0;
  }
  try {
    const subcommand = SUBCOMMANDS.get(name);
    if (subcommand === undefined)
      throw new UsageError(`there is no "${name}"; there are: ${[...SUBCOMMANDS.keys()].join(', ')}.`);
    const { run } = await subcommand.load();
    return await run(rest, io);
  } catch (error) {
    if (!isTold(error)) throw error;
    io.errors.write(`wireroom history: ${error.message}\n`);
    return USAGE_EXIT_CODE;
  }
}

/** An error whose sentence is meant for the person at the terminal. */
const isTold = (error: unknown): error is Error =>
  error instanceof UsageError || (error instanceof Error && 'isOperating' in error);

function usage(): string {
  const rows = [...SUBCOMMANDS].map(([name, { summary }]) => `  ${name.padEnd(7)} ${summary}`);
  return `wireroom history SUBCOMMAND [options]: a room's history as a file.\n\n${rows.join('\n')}\n\nwireroom history SUBCOMMAND --help tells more.\n`;
}
