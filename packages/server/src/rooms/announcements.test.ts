// What is told of a room when posts, entries and leavings share commits: all of it, each entry once, in the log's order. On a
// database in a file, so that the answers come by batches as they do in a server.
import { join } from 'node:path';
import { draftIdSchema } from '@wireroom/protocol';
import { expect, it, onTestFinished } from 'vitest';
import type { Hint } from '../bus/bus.ts';
import { MemoryBus } from '../bus/memory-bus.ts';
import { InlineThread } from '../db/inline-thread.ts';
import { SqliteClient } from '../db/sqlite-client.ts';
import { temporaryFolder } from '../db/sqlite-driver.contract.ts';
import { authorNamed, EVERYTHING } from '../log/log-samples.contract.ts';
import { SqliteLog } from '../log/sqlite-log.ts';
import { PostRate } from './post-rate.ts';
import { Rooms } from './rooms.ts';

const [ann, ben, cem, dee] = [authorNamed('Ann'), authorNamed('Ben'), authorNamed('Cem'), authorNamed('Dee')];

async function openRooms() {
  const client = await SqliteClient.over(new InlineThread(join(temporaryFolder(), 'room.sqlite')), {
    onFailure: (error) => {
      throw error;
    },
  });
  onTestFinished(() => client.close());
  const bus = new MemoryBus();
  const hints: Hint[] = [];
  const rate = new PostRate(undefined, () => 0);
  const rooms = new Rooms({ log: new SqliteLog(client), bus, rate, roomEdits: 'members' });
  await rooms.open();
  bus.subscribe((hint) => hints.push(hint));
  return { rooms, lobby: rooms.find('lobby'), hints, seqs: () => seqsOf(hints) };
}

const seqsOf = (hints: readonly Hint[]): readonly number[] =>
  hints.flatMap(({ entries }) => entries.map(({ seq }) => seq));

let drafts = 0;

it('[F2.4] [L4] tells of posts, titles, entries and leavings in the order of the log, each once', async () => {
  const { rooms, lobby, hints, seqs } = await openRooms();
  const post = (author: typeof ann, text: string) => {
    drafts += 1;
    const draftId = draftIdSchema.parse(`draft-told-${drafts}`);
    const content = text.startsWith('title')
      ? ({ type: 'rename', title: text } as const)
      : ({ type: 'message', text } as const);
    return rooms.post(lobby, { author, draftId, content });
  };
  await Promise.all([ann, ben].map((author) => rooms.join(lobby, author)));
  for (let round = 0; round < 10; round += 1) {
    const acts = [
      post(ann, `a ${round}`),
      rooms.join(lobby, cem),
      post(ben, `title ${round}`),
      rooms.joinAll([lobby], dee),
      post(ann, `b ${round}`),
      rooms.leave(lobby, cem.authorId),
      post(ben, `c ${round}`),
      rooms.leave(lobby, dee.authorId),
    ];
    await Promise.all(acts);
  }
  const { entries } = await rooms.read(lobby, { ...EVERYTHING, after: 0 });
  expect(seqs()).toEqual(entries.map(({ seq }) => seq));
  expect(seqs()).toHaveLength(2 + 10 * 8);
  expect(hints.some(({ entries: told }) => told.length > 1)).toBe(true);
});
