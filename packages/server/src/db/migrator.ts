// Brings the database to the form this program knows, at every start, before anything else touches it. One runner for
// all of the database. It never goes back: a database that is newer than the program is refused, unchanged.
import { type Migration, Migrator } from 'kysely';
import { kyselyOn } from './kysely.ts';
import { MIGRATIONS } from './migrations.ts';
import type { SqliteDatabase } from './sqlite.ts';
import { OpenError } from './sqlite-error.ts';

const DONE_TABLE = 'migrations';

type Migrations = Readonly<Record<string, Migration>>;

/** The file lock is held: nobody else migrates at the same time. A step that fails leaves nothing of itself. */
export async function migrate(
  database: SqliteDatabase,
  file: string,
  migrations: Migrations = MIGRATIONS,
): Promise<void> {
  refuseNewer(database, file, migrations);
  const migrator = new Migrator({
    db: kyselyOn(database),
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: DONE_TABLE,
    migrationLockTableName: `${DONE_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const message = `${file} could not be brought to the form that this version needs; it is as it was.`;
    throw new OpenError('unusable', message, { cause: error });
  }
}

function refuseNewer(database: SqliteDatabase, file: string, migrations: Migrations): void {
  const table = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`)
    .get(DONE_TABLE);
  if (table === undefined) return;
  for (const { name } of database.prepare(`SELECT name FROM ${DONE_TABLE} ORDER BY name`).all()) {
    if (typeof name === 'string' && Object.hasOwn(migrations, name)) continue;
    const message =
      `${file} was written by a newer Wireroom (it has the change "${name}", which this version does not know). ` +
      'Start the newer version again; nothing was changed.';
    throw new OpenError('newer', message);
  }
}
