// PostgreSQL is brought to the same tables as SQLite, forward only, all or nothing, also by servers that start together.
import { join } from 'node:path';
import type { Migration } from 'kysely';
import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { migrate, migratePostgres } from './migrator.ts';
import { serverUrl, temporaryDatabase } from './postgres.contract.ts';
import { openPostgres, type Postgres } from './postgres.ts';
import { POSTGRES_MIGRATIONS } from './postgres-migrations.ts';
import { loadDriver, openDatabase } from './sqlite.ts';
import { temporaryFolder } from './sqlite-driver.contract.ts';

const server = await serverUrl();

const addAndFail: Migration = {
  up: async (db) => {
    await db.schema.createTable('half').addColumn('text', 'text').execute();
    throw new Error('the second half does not work');
  },
};
const addNotes: Migration = {
  up: (db) => db.schema.createTable('notes').addColumn('text', 'text').execute(),
};

describe.skipIf(server === undefined)('migrating PostgreSQL', () => {
  const drops: (() => Promise<void>)[] = [];
  let url: string;
  beforeEach(async () => {
    const database = await temporaryDatabase(server ?? '');
    url = database.url;
    drops.push(database.drop);
  });
  afterAll(async () => {
    for (const drop of drops) await drop();
  });

  async function open(): Promise<Postgres> {
    const database = await openPostgres({ url, onError: () => {} });
    onTestFinished(() => database.close());
    return database;
  }

  const columnsOf = async (database: Postgres): Promise<readonly string[]> => {
    const rows = await database.query(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND table_name NOT LIKE 'migrations%' ORDER BY 1`,
    );
    return rows.map((row) => String(row.name)).sort();
  };

  it('[L9.1] has every table and column that SQLite has, and beside them only those of several servers', async () => {
    const database = await open();
    await migratePostgres(database);
    await migratePostgres(database);
    const sqlite = openDatabase(join(temporaryFolder(), 'room.sqlite'), loadDriver());
    onTestFinished(() => sqlite.close());
    await migrate(sqlite, 'room.sqlite');
    const sqliteColumns = sqlite
      .prepare(
        `SELECT t.name || '.' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'migrations%' AND t.name NOT LIKE 'sqlite%'`,
      )
      .all()
      .map((row) => String(row.name));
    const columns = await columnsOf(database);
    expect(columns.filter((name) => !/^(nodes|held_authors)\./.test(name))).toEqual(sqliteColumns.sort());
  });

  it('[D2] is done once when several servers start together', async () => {
    const databases = [await open(), await open(), await open()];
    await Promise.all(databases.map((database) => migratePostgres(database)));
    const [first] = databases;
    if (first === undefined) throw new Error('no database');
    expect((await first.query('SELECT name FROM migrations')).length).toBe(
      Object.keys(POSTGRES_MIGRATIONS).length,
    );
  });

  it('[D2] leaves nothing of a step that fails, and refuses what is newer than the program', async () => {
    const database = await open();
    await migratePostgres(database);
    const before = await columnsOf(database);
    const failing = { ...POSTGRES_MIGRATIONS, '0998-notes': addNotes, '0999-fails': addAndFail };
    await expect(migratePostgres(database, failing)).rejects.toMatchObject({ code: 'unusable' });
    expect(await columnsOf(database)).toEqual(before);
    await migratePostgres(database, { ...POSTGRES_MIGRATIONS, '0998-notes': addNotes });
    await expect(migratePostgres(database)).rejects.toMatchObject({
      code: 'newer',
      message: expect.stringMatching(/written by a newer Wireroom.*"0998-notes"/),
    });
  });
});
