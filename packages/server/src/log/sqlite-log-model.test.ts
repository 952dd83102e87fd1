// Random lives of a room, led in memory and on SQLite at once: both logs give the same answers and hold the same entries.
// A failing run prints its seed and path; keep them as an example of the property.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatError, type Room } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InlineThread } from '../db/inline-thread.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import type { Log } from './log.ts';
import { authorNamed, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { MemoryLog } from './memory-log.ts';
import { SqliteLog } from './sqlite-log.ts';

type Step = (log: Log, room: Room) => Promise<unknown>;

const author = fc
  .record({ number: fc.nat({ max: 2 }), name: fc.constantFrom('Ann', 'Ben', 'Cid') })
  .map(({ number, name }) => authorNamed(name, `author ${number}`));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const seq = fc.option(fc.nat({ max: 30 }), { nil: undefined });

const posting = fc.record({ author, text, draft: fc.nat({ max: 4 }) }).map(
  (given): Step =>
    (log, room) =>
      log.post(draftOf(room, given.author, given.text, `d${given.draft}`)),
);
const joining = author.map(
  (given): Step =>
    (log, room) =>
      log.join(room.roomId, given),
);
const leaving = author.map(
  (given): Step =>
    (log, room) =>
      log.leave(room.roomId, given.authorId),
);
const counting = fc.nat({ max: 4 }).map(
  (limit): Step =>
    (log, room) =>
      log.members(room.roomId, limit),
);
const reading = fc
  .record({
    after: seq,
    before: seq,
    limit: fc.integer({ min: 1, max: 9 }),
    bytesMax: fc.nat({ max: 4_000 }),
  })
  .map(({ after, before, ...bounds }): Step => {
    const range = {
      ...bounds,
      ...(after === undefined ? {} : { after }),
      ...(before === undefined ? {} : { before }),
    };
    return (log, room) => log.read(room.roomId, range);
  });
const step = fc.oneof(
  { weight: 5, arbitrary: posting },
  { weight: 2, arbitrary: joining },
  { weight: 1, arbitrary: leaving },
  { weight: 1, arbitrary: counting },
  { weight: 3, arbitrary: reading },
);

/** Answers with what differs by right taken out: ids and times. Their lengths stay, since pages are cut by bytes. */
async function answersOf(log: Log, room: Room, steps: readonly Step[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const take of [...steps, (): Promise<unknown> => log.read(room.roomId, { ...EVERYTHING, after: 0 })]) {
    const answer = await take(log, room).catch((error: unknown) => {
      if (error instanceof ChatError) return { refused: error.code };
      throw error;
    });
    const json = JSON.stringify(answer);
    answers.push(
      json
        .replaceAll(room.roomId, 'ROOM')
        .replace(/"epoch":"[^"]*"/g, '"E"')
        .replace(/"at":"[^"]*"/g, '"A"'),
    );
  }
  return answers;
}

describe('the log on SQLite and the log in memory', () => {
  it('[L4] answer alike, whatever happens in a room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wireroom-model-'));
    const client = await SqliteClient.over(new InlineThread(join(folder, 'room.sqlite')), {
      onFailure: (error) => {
        throw error;
      },
    });
    const onSqlite = new SqliteLog(client);
    let lives = 0;
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
          const inMemory = new MemoryLog();
          lives += 1;
          const slug = `life-${lives}`;
          const left = await inMemory.ensureRoom({ slug, title: slug });
          const right = await onSqlite.ensureRoom({ slug, title: slug });
          expect(await answersOf(onSqlite, right, steps)).toEqual(await answersOf(inMemory, left, steps));
        }),
        { numRuns: 60 },
      );
    } finally {
      await client.close();
      rmSync(folder, { recursive: true });
    }
  });
});
