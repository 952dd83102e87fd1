// Brings the database to the form this program knows, at every start, before anything else touches it. One runner for
// all of the database. It never goes back: a database that is newer than the program is refused, unchanged.
import { type Kysely, Migrator } from 'kysely';
import { kyselyOn } from './kysely.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Schema } from './schema.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { OpenError } from './sqlite-error.ts';

const DONE_TABLE = 'migrations';

/** The file lock is held: nobody else migrates at the same time. */
export async function migrate(database: SqliteDatabase, file: string): Promise<void> {
  refuseNewer(database, file);
  const { error } = await migratorOn(kyselyOn(database)).migrateToLatest();
  if (error !== undefined) {
    throw new OpenError('unusable', `${file} could not be brought to the form of this version.`, {
      cause: error,
    });
  }
}

function migratorOn(db: Kysely<Schema>): Migrator {
  return new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: DONE_TABLE,
    migrationLockTableName: `${DONE_TABLE}_lock`,
  });
}

function refuseNewer(database: SqliteDatabase, file: string): void {
  const table = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`)
    .get(DONE_TABLE);
  if (table === undefined) return;
  for (const { name } of database.prepare(`SELECT name FROM ${DONE_TABLE} ORDER BY name`).all()) {
    if (typeof name === 'string' && Object.hasOwn(MIGRATIONS, name)) continue;
    const message =
      `${file} was written by a newer Wireroom (it has the change "${name}", which this version does not know). ` +
      'Start the newer version again; nothing was changed.';
    throw new OpenError('newer', message);
  }
}
