// The words behind `wireroom history import`.
import { checkContent, slugSchema } from '@wireroom/protocol';
import { readConfig } from '@wireroom/server';
import { readFlags } from '../terminal/flags.ts';
import type { Io } from '../terminal/io.ts';
import { UsageError } from '../usage-error.ts';

export const FORMATS = ['auto', 'wireroom', 'slack', 'element'] as const;
export type ImportFormat = (typeof FORMATS)[number];

export interface ImportAsked {
  readonly file: string;
  readonly slug: string;
  readonly title: string | undefined;
  readonly format: ImportFormat;
  readonly channel: string | undefined;
  readonly isDryRun: boolean;
  readonly isUnprovenAllowed: boolean;
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}

export const HELP = `wireroom history import FILE --room SLUG: makes a new room of a room's history.

FILE is a history of Wireroom in JSON Lines (also gzipped), an export of Slack (the zip, or its folder) or Element's JSON.

  --room SLUG      the new room; there must be none of this name yet
  --title TITLE    what it is called; else as it was called there
  --channel NAME   of an export of Slack: which channel
  --format FORMAT  auto (default), wireroom, slack or element
  --dry-run        reads and tells, writes nothing
  --unproven       also a history that does not prove itself: broken off, or changed
  --data-dir DIR   the data folder (DATA_DIR, else ./data); its server must be stopped

With DATABASE_URL it goes into that PostgreSQL, also while servers run. All or nothing: until it is done there is no room.
What is carried over and what is not: docs/import.md.
Exit code: 0 it is imported, 2 nothing is.
`;

const OPTIONS = {
  room: { type: 'string' },
  title: { type: 'string' },
  channel: { type: 'string' },
  format: { type: 'string' },
  'dry-run': { type: 'boolean' },
  unproven: { type: 'boolean' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Throws a UsageError. `undefined`: help is asked for. */
export function readImportArguments(
  args: readonly string[],
  { env }: Pick<Io, 'env'>,
): ImportAsked | undefined {
  const flags = { args: [...args], options: OPTIONS, allowPositionals: true } as const;
  const { values, positionals } = readFlags(flags);
  if (values.help === true) return undefined;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('Name the file to import, and nothing else.');
  const { room: slug, title } = values;
  if (slug === undefined) throw new UsageError('Name the new room with --room.');
  if (!slugSchema.safeParse(slug).success)
    throw new UsageError(
      `--room "${slug.slice(0, 80)}": a room's name has letters a to z, digits and hyphens, at most 64.`,
    );
  if (title !== undefined) checkTitle(title);
  const dataDir = values['data-dir'];
  const { DATA_DIR = '', DATABASE_URL = '' } = env;
  const place = { DATA_DIR: dataDir ?? DATA_DIR, DATABASE_URL: dataDir === undefined ? DATABASE_URL : '' };
  const config = readConfig([], place);
  return {
    ...{ file, slug, title, channel: values.channel, format: formatOf(values.format) },
    isDryRun: values['dry-run'] === true,
    isUnprovenAllowed: values.unproven === true,
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
  };
}

function formatOf(word = 'auto'): ImportFormat {
  const format = FORMATS.find((known) => known === word);
  if (format === undefined)
    throw new UsageError(`--format "${word.slice(0, 40)}": it is one of ${FORMATS.join(', ')}.`);
  return format;
}

function checkTitle(title: string): void {
  try {
    checkContent({ type: 'rename', title });
  } catch (error) {
    throw new UsageError(`--title: ${error instanceof Error ? error.message : String(error)}`);
  }
}
