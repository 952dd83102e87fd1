// Brings a database to the form this program knows, at every start, before anything else touches it. One runner for all
// databases and dialects. It never goes back: a database that is newer than the program is refused, unchanged.
import { type Kysely, type Migration, Migrator } from 'kysely';
import { kyselyOn } from './kysely.ts';
import { MIGRATIONS } from './migrations.ts';
import type { Postgres } from './postgres.ts';
import { openErrorOf } from './postgres-error.ts';
import { POSTGRES_MIGRATIONS } from './postgres-migrations.ts';
import type { Schema } from './schema.ts';
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
  const table = database
    .prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`)
    .get(DONE_TABLE);
  const done = table && database.prepare(`SELECT name FROM ${DONE_TABLE} ORDER BY name`).all();
  refuseNewer(done ?? [], file, migrations);
  await bringForward(kyselyOn(database), file, migrations);
}

/** Servers that start together do it one after the other: Kysely holds an advisory lock meanwhile. */
export async function migratePostgres(
  database: Postgres,
  migrations: Migrations = POSTGRES_MIGRATIONS,
): Promise<void> {
  const { place } = database;
  try {
    const [table] = await database.query(`SELECT to_regclass('${DONE_TABLE}') IS NOT NULL AS "isThere"`);
    const done =
      table?.isThere === true ? await database.query(`SELECT name FROM ${DONE_TABLE} ORDER BY name`) : [];
    refuseNewer(done, place, migrations);
    await bringForward(database.db, place, migrations);
  } catch (error) {
    throw openErrorOf(error, place);
  }
}

/** For those who only read: the database has exactly the form that this program knows. Throws an OpenError. */
export function assertCurrent(
  done: readonly string[] | undefined,
  place: string,
  dialect: 'sqlite' | 'postgres' = 'sqlite',
): void {
  if (done === undefined) throw new OpenError('unusable', `${place} holds nothing of Wireroom's.`);
  const migrations = dialect === 'sqlite' ? MIGRATIONS : POSTGRES_MIGRATIONS;
  refuseNewer(
    done.map((name) => ({ name })),
    place,
    migrations,
  );
  if (Object.keys(migrations).every((name) => done.includes(name))) return;
  const message = `${place} was written by an older Wireroom. Start this one on it once, which brings it forward.`;
  throw new OpenError('unusable', message);
}

async function bringForward(db: Kysely<Schema>, place: string, migrations: Migrations): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: DONE_TABLE,
    migrationLockTableName: `${DONE_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const message = `${place} could not be brought to the form that this version needs; it is as it was.`;
    throw new OpenError('unusable', message, { cause: error });
  }
}

function refuseNewer(
  done: readonly { readonly name?: unknown }[],
  place: string,
  migrations: Migrations,
): void {
  for (const { name } of done) {
    if (typeof name === 'string' && Object.hasOwn(migrations, name)) continue;
    const message =
      `${place} was written by a newer Wireroom (it has the change "${name}", which this version does not know). ` +
      'Start the newer version again; nothing was changed.';
    throw new OpenError('newer', message);
  }
}
