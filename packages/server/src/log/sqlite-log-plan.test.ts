// How SQLite goes about the log's statements: by key, never over a whole table, so that the far end of a long history
// costs what the near end costs. The statements are those that the operations really prepare.
import { join } from 'node:path';
import type { DraftContent } from '@wireroom/protocol';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectKeyedPlans, notingStatements } from '../db/query-plan.contract.ts';
import { driversHere, temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { SqliteExecutor } from '../db/sqlite-executor.ts';
import { WatchedDatabase } from '../db/watched-database.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { createOperations } from './sqlite-log-operations.ts';

for (const driver of driversHere()) {
  describe(`the log's statements on ${driver.name}`, () => {
    it('[L4.9] find every row by a key and sort nothing', async () => {
      const executor = await SqliteExecutor.open(join(temporaryFolder(), 'room.sqlite'), driver);
      onTestFinished(() => executor.close());
      const { database, statements } = notingStatements(executor.database);
      const watched = new WatchedDatabase(database);
      const log = createOperations(watched);
      const room = log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
      const author = authorNamed('Ann');
      log.join({ roomId: room.roomId, author });
      log.post(draftOf(room, author, 'hello'));
      let drafts = 0;
      const change = (content: DraftContent): void => {
        drafts += 1;
        log.post(changeOf(room, author, content, `change-${drafts}`));
        watched.writeDown();
      };
      change({ type: 'edit', target: 2, text: 'hello!' });
      change({ type: 'react', target: 2, emoji: '👍' });
      change({ type: 'unreact', target: 2, emoji: '👍' });
      change({ type: 'react', target: 2, emoji: '❤️' });
      change({ type: 'topic', topic: 'greetings' });
      change({ type: 'rename', title: 'Hall' });
      const range = { ...EVERYTHING, statesFor: author.authorId };
      expect(log.messages({ roomId: room.roomId, range }).messages).toMatchObject([
        { state: { editSeq: 3 } },
      ]);
      log.read({ roomId: room.roomId, range });
      log.read({ roomId: room.roomId, range: { ...range, after: 0 } });
      change({ type: 'delete', target: 2 });
      log.heads([room.roomId]);
      log.standing({ roomId: room.roomId, limit: 10 });
      log.roomsOf(author.authorId);
      log.leave({ roomId: room.roomId, authorId: author.authorId });
      expect(statements.size).toBeGreaterThan(30);
      expectKeyedPlans(executor.database, statements);
    });
  });
}
