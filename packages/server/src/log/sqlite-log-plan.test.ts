// How SQLite goes about the log's statements: by key, never over a whole table, so that the far end of a long history
// costs what the near end costs. The statements are those that the operations really prepare.
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectKeyedPlans, notingStatements } from '../db/query-plan.contract.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { SqliteExecutor } from '../db/sqlite-executor.ts';
import { authorNamed, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { createOperations } from './sqlite-log-operations.ts';

for (const driver of driversHere()) {
  describe(`the log's statements on ${driver.name}`, () => {
    it('[L4.9] find every row by a key and sort nothing', async () => {
      const executor = await SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), driver);
      onTestFinished(() => executor.close());
      const { database, statements } = notingStatements(executor.database);
      const log = createOperations(database);
      const room = log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
      const author = authorNamed('Ann');
      log.join({ roomId: room.roomId, author });
      log.post(draftOf(room, author, 'hello'));
      log.read({ roomId: room.roomId, range: EVERYTHING });
      log.members({ roomId: room.roomId, limit: 10 });
      log.roomsOf(author.authorId);
      log.leave({ roomId: room.roomId, authorId: author.authorId });
      expect(statements.size).toBeGreaterThan(9);
      expectKeyedPlans(executor.database, statements);
    });
  });
}
