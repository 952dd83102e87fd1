// Random lives of a room, led in memory and in a log on disk at once: both give the same answers and hold the same entries.
// A failing run prints its seed and path; keep them as an example of the property.
import { ChatError, type Room } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OpenLog } from './log.contract.ts';
import type { Log } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING } from './log-samples.contract.ts';
import { MemoryLog } from './memory-log.ts';

type Step = (log: Log, room: Room) => Promise<unknown>;

const author = fc
  .record({ number: fc.nat({ max: 2 }), name: fc.constantFrom('Ann', 'Ben', 'Cid') })
  .map(({ number, name }) => authorNamed(name, `author ${number}`));
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
/** Titles and topics: what rooms/ lets through has no control characters and no half ones. */
const line = fc.string({ unit: 'grapheme', maxLength: 40 });
/** Of somebody's message in many cases: a room is told by some thirty entries. */
const target = fc.integer({ min: 1, max: 20 });
const seq = fc.option(fc.nat({ max: 30 }), { nil: undefined });

const posting = fc.record({ author, text, draft: fc.nat({ max: 9 }) }).map(
  (given): Step =>
    (log, room) =>
      log.post(draftOf(room, given.author, given.text, `d${given.draft}`)),
);
const emoji = fc.constantFrom('👍', '❤️', '🎉');
const content = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('edit' as const), target, text }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('delete' as const), target }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('react' as const), target, emoji }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('unreact' as const), target, emoji }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('rename' as const), title: line }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('topic' as const), topic: line }) },
);
/** Few draftIds for many drafts: some are repetitions, some conflicts. */
const changing = fc.record({ author, content, draft: fc.nat({ max: 15 }) }).map(
  (given): Step =>
    (log, room) =>
      log.post(changeOf(room, given.author, given.content, `c${given.draft}`)),
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
      log.standing(room.roomId, limit),
);
const rangeOfReader = fc
  .record({
    after: seq,
    before: seq,
    reader: fc.option(author, { nil: undefined }),
    limit: fc.integer({ min: 1, max: 9 }),
    bytesMax: fc.nat({ max: 4_000 }),
  })
  .map(({ after, before, reader, ...bounds }) => ({
    ...bounds,
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(reader === undefined ? {} : { statesFor: reader.authorId }),
  }));
const reading = rangeOfReader.map(
  (range): Step =>
    (log, room) =>
      log.read(room.roomId, range),
);
const listing = rangeOfReader.map(
  (range): Step =>
    (log, room) =>
      log.messages(room.roomId, range),
);
const naming: fc.Arbitrary<Step> = fc.constant(async (log: Log, room: Room) =>
  (await log.rooms()).filter(({ roomId }) => roomId === room.roomId),
);
const step = fc.oneof(
  { weight: 5, arbitrary: posting },
  { weight: 6, arbitrary: changing },
  { weight: 2, arbitrary: joining },
  { weight: 1, arbitrary: leaving },
  { weight: 1, arbitrary: counting },
  { weight: 3, arbitrary: reading },
  { weight: 3, arbitrary: listing },
  { weight: 1, arbitrary: naming },
);

/** What the room is asked for at the end of its life, whatever happened in it. */
const AT_THE_END: readonly Step[] = [
  (log, room) => log.read(room.roomId, { ...EVERYTHING, after: 0 }),
  (log, room) =>
    log.messages(room.roomId, { ...EVERYTHING, statesFor: authorNamed('', 'author 1').authorId }),
];

/** Answers with what differs by right taken out: ids and times. Their lengths stay, since pages are cut by bytes. */
async function answersOf(log: Log, room: Room, steps: readonly Step[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const take of [...steps, ...AT_THE_END]) {
    const answer = await take(log, room).catch((error: unknown) => {
      if (error instanceof ChatError) return { refused: error.code };
      throw error;
    });
    const json = JSON.stringify(answer);
    answers.push(
      json
        .replaceAll(room.roomId, 'ROOM')
        .replace(/"epoch":"[^"]*"/g, '"E"')
        .replace(/"(at|editedAt)":"[^"]*"/g, '"A"'),
    );
  }
  return answers;
}

export function registerLogModel(name: string, open: () => Promise<OpenLog>, numRuns: number): void {
  describe(`the log on ${name} and the log in memory`, () => {
    it('[L4.2] [L7.1] answer alike, whatever happens in a room', async () => {
      const opened = await open();
      const { log } = opened;
      let lives = 0;
      try {
        await fc.assert(
          fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 80 }), async (steps) => {
            const inMemory = new MemoryLog();
            lives += 1;
            const slug = `life-${lives}`;
            const left = await inMemory.ensureRoom({ slug, title: slug });
            const right = await log.ensureRoom({ slug, title: slug });
            expect(await answersOf(log, right, steps)).toEqual(await answersOf(inMemory, left, steps));
          }),
          { numRuns },
        );
      } finally {
        await opened.close();
      }
    }, 60_000);
  });
}
