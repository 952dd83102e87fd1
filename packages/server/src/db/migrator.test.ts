// Forward only, all or nothing, and never on a database that is newer than the program.
import { join } from 'node:path';
import type { Migration } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MIGRATIONS } from './migrations.ts';
import { migrate } from './migrator.ts';
import { openDatabase, type SqliteDatabase } from './sqlite.ts';
import { driversHere, temporaryFolder } from './sqlite-driver.contract.ts';

const addNotes: Migration = {
  up: (db) => db.schema.createTable('notes').addColumn('text', 'text').execute(),
};
const addAndFail: Migration = {
  up: async (db) => {
    await db.schema.createTable('half').addColumn('text', 'text').execute();
    throw new Error('the second half does not work');
  },
};

const TABLES = [
  'authors',
  'deletions',
  'edits',
  'entries',
  'members',
  'reaction_authors',
  'reactions',
  'recoveries',
  'rooms',
];

for (const driver of driversHere()) {
  describe(`migrating with ${driver.name}`, () => {
    function emptyDatabase(): SqliteDatabase {
      const database = openDatabase(join(temporaryFolder(), 'room.sqlite'), driver);
      onTestFinished(() => database.close());
      return database;
    }

    function tables(database: SqliteDatabase): readonly unknown[] {
      const query = `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'migrations%' ORDER BY name`;
      return database
        .prepare(query)
        .all()
        .map((row) => row.name);
    }

    it('[D2] makes all tables, and changes nothing the second time', async () => {
      const database = emptyDatabase();
      await migrate(database, 'room.sqlite');
      await migrate(database, 'room.sqlite');
      expect(tables(database)).toEqual(TABLES);
    });

    it('[D2] brings an older database forward and keeps what is in it', async () => {
      const database = emptyDatabase();
      await migrate(database, 'room.sqlite');
      database.exec(
        `INSERT INTO rooms (room_id, slug, title, epoch, created_at) VALUES ('r', 'lobby', 'L', 'e', 1)`,
      );
      await migrate(database, 'room.sqlite', { ...MIGRATIONS, '0999-notes': addNotes });
      expect(tables(database)).toContain('notes');
      expect(database.prepare('SELECT count(*) AS n FROM rooms').get()?.n).toBe(1);
    });

    it('[D2] refuses a database that is newer than the program, and leaves it as it is', async () => {
      const database = emptyDatabase();
      await migrate(database, 'room.sqlite', { ...MIGRATIONS, '0999-notes': addNotes });
      await expect(migrate(database, 'room.sqlite')).rejects.toMatchObject({
        name: 'OpenError',
        code: 'newer',
        message: expect.stringMatching(/room\.sqlite was written by a newer Wireroom.*"0999-notes"/),
      });
      expect(tables(database)).toContain('notes');
    });

    it('[D2] leaves nothing of a step that fails half-way', async () => {
      const database = emptyDatabase();
      await migrate(database, 'room.sqlite');
      await expect(
        migrate(database, 'room.sqlite', { ...MIGRATIONS, '0998-notes': addNotes, '0999-fails': addAndFail }),
      ).rejects.toMatchObject({
        code: 'unusable',
        cause: expect.objectContaining({ message: 'the second half does not work' }),
      });
      expect(tables(database)).toEqual(TABLES);
      await migrate(database, 'room.sqlite');
    });
  });
}
