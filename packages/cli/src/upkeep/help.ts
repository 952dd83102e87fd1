// What `wireroom backup --help` and its two neighbours say.

export type UpkeepName = 'backup' | 'restore' | 'verify';

const DATA_DIR = '  --data-dir DIR   the data folder (DATA_DIR, else ./data)\n';
const CODES = 'Exit code: 0 all is well, 1 the database is not sound, 2 what was asked for cannot be done.\n';

export const HELP: Readonly<Record<UpkeepName, string>> = {
  backup: `wireroom backup FILE: copies the database as of one moment, while the server runs, and reads the copy back.

${DATA_DIR}
FILE must not be there yet. Only you can read it. PostgreSQL: use pg_dump.
${CODES}`,
  restore: `wireroom restore FILE: puts a backup in the place of the database. The server must be stopped.

${DATA_DIR}  --replace        give up the database that is there
  --new-epochs     without FILE: after pg_restore into the PostgreSQL of DATABASE_URL

Every room gets a new epoch, so that clients forget what they read and read anew.
${CODES}`,
  verify: `wireroom verify [FILE | DIR | postgres://…]: reads everything and says whether it is sound. The server may run.

${DATA_DIR}
Without a word: DATABASE_URL, else the data folder. Checked: numbers without a gap, the head, drafts that are unique, members, titles
and the states of messages against what the entries say; that what was deleted is gone, and nothing else is; of a file also every
page of it. Each room's SHA-256 is the same in every copy of it.
${CODES}`,
};
