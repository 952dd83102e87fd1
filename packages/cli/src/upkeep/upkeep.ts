// `wireroom backup`, `restore` and `verify`: reads their words, calls the server's package, and tells the outcome in sentences.
// Exit codes: 0 all is well, 1 it is not, 2 what was asked for cannot be done.
import {
  backupDatabase,
  isSound,
  readConfig,
  renewEpochs,
  restoreDatabase,
  type Verdict,
  verifyDatabase,
} from '@wireroom/server';
import { readFlags } from '../terminal/flags.ts';
import { type Io, processIo } from '../terminal/io.ts';
import { USAGE_EXIT_CODE, UsageError } from '../usage-error.ts';
import { HELP, type UpkeepName } from './help.ts';
import { sentenceOf } from './operating-sentence.ts';

const OPTIONS = {
  'data-dir': { type: 'string' },
  replace: { type: 'boolean' },
  'new-epochs': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** What a command is asked to do, and where. */
interface Asked {
  readonly words: readonly string[];
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly isReplacing: boolean;
  readonly isRenewing: boolean;
}

export async function upkeep(name: UpkeepName, args: readonly string[], io: Io = processIo): Promise<number> {
  try {
    const { values, positionals: words } = readFlags({
      args: [...args],
      options: OPTIONS,
      allowPositionals: true,
    });
    if (values.help === true) {
      io.output.write(HELP[name]);
      return 0;
    }
    const dataDir = values['data-dir'];
    const { DATA_DIR = '', DATABASE_URL = '' } = io.env;
    const env = { DATA_DIR: dataDir ?? DATA_DIR, DATABASE_URL: dataDir === undefined ? DATABASE_URL : '' };
    const config = readConfig([], env);
    const isReplacing = values.replace === true;
    const isRenewing = values['new-epochs'] === true;
    return await COMMANDS[name]({ ...config, words, isReplacing, isRenewing }, io);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    io.errors.write(`wireroom ${name}: ${sentence}\n`);
    return USAGE_EXIT_CODE;
  }
}

const COMMANDS: Readonly<Record<UpkeepName, (asked: Asked, io: Io) => Promise<number>>> = {
  async backup({ words, dataDir, databaseUrl }, io) {
    const file = only(words, 'the file to write');
    if (databaseUrl !== undefined)
      throw new UsageError('What is in PostgreSQL is backed up by pg_dump: see docs/operations.md.');
    const verdict = await backupDatabase(dataDir, file);
    return tell(verdict, io, `${verdict.place} is a copy of ${dataDir}, read back and found sound.`);
  },

  async restore({ words, dataDir, databaseUrl, isReplacing, isRenewing }, io) {
    if (isRenewing) {
      if (databaseUrl === undefined || words.length > 0)
        throw new UsageError(
          '--new-epochs is for the PostgreSQL of DATABASE_URL, after pg_restore, and takes no file.',
        );
      const count = await renewEpochs(databaseUrl);
      io.output.write(
        `${count} ${count === 1 ? 'room has a new epoch' : 'rooms have new epochs'}: clients read anew.\n`,
      );
      return 0;
    }
    const file = only(words, 'the backup');
    if (databaseUrl !== undefined)
      throw new UsageError(
        'A backup of PostgreSQL is restored by pg_restore, then --new-epochs: see docs/operations.md.',
      );
    const verdict = await restoreDatabase(file, { dataDir, isReplacing });
    return tell(
      verdict,
      io,
      `${verdict.place} is what ${file} held. Every room has a new epoch: clients read anew.`,
    );
  },

  async verify({ words, dataDir, databaseUrl }, io) {
    if (words.length > 1) throw new UsageError('One database at a time.');
    const verdict = await verifyDatabase(words[0] ?? databaseUrl ?? dataDir);
    return tell(verdict, io, `${verdict.place} is sound.`);
  },
};

function only(words: readonly string[], what: string): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new UsageError(`Name ${what}, and nothing else.`);
  return word;
}

function tell(verdict: Verdict, { output, errors }: Io, success: string): number {
  for (const { slug, entryCount, digest } of verdict.rooms)
    output.write(`${slug}: ${entryCount} ${entryCount === 1 ? 'entry' : 'entries'}, sha256 ${digest}\n`);
  if (isSound(verdict)) {
    output.write(`${success}\n`);
    return 0;
  }
  for (const problem of verdict.problems) errors.write(`${verdict.place}: ${problem}\n`);
  for (const { slug, problems } of verdict.rooms)
    for (const problem of problems) errors.write(`room ${slug}: ${problem}\n`);
  errors.write(`${verdict.place} is NOT sound; nothing was changed.\n`);
  return 1;
}
