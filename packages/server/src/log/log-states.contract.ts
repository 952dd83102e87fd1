// What every adapter of the log must do when messages are read with their states (rules L4, L7), when heads are asked
// for, and when many rooms are entered at once. Part of the suite in log.contract.ts.
import { messageStateSchema, type Room, roomIdSchema } from '@wireroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { CurrentMessage, Log, LogRange } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING, refusedWith } from './log-samples.contract.ts';

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');
const nowhere = roomIdSchema.parse(`r_${'0'.repeat(20)}no`);

export function registerStates(given: () => { readonly log: Log; readonly room: Room }): void {
  describe('messages with their states', () => {
    /** Joins, messages 3, 5, 8 and 10, of which 3 is edited, 5 deleted and 8 reacted to. */
    beforeEach(async () => {
      const { log, room } = given();
      const change = async (content: Parameters<typeof changeOf>[2], author = ann): Promise<void> => {
        await log.post(changeOf(room, author, content));
      };
      await log.join(room.roomId, ann);
      await log.join(room.roomId, ben);
      await change({ type: 'message', text: 'three' });
      await change({ type: 'edit', target: 3, text: 'THREE' });
      await change({ type: 'message', text: 'five' });
      await change({ type: 'delete', target: 5 });
      await change({ type: 'topic', topic: 'numbers' });
      await change({ type: 'message', text: 'eight' });
      await change({ type: 'react', target: 8, emoji: '👍' }, ben);
      await change({ type: 'message', text: 'ten' });
    });

    const page = (range: Partial<LogRange>) =>
      given().log.messages(given().room.roomId, { ...EVERYTHING, ...range });
    const seqs = async (range: Partial<LogRange>): Promise<number[]> =>
      (await page(range)).messages.map(({ entry }) => entry.seq);

    it('[L7.12] brings the messages as they stand, without the entries between them, and the head', async () => {
      const { messages, hasMore, position } = await page({ statesFor: ben.authorId });
      const stateOf = (seq: number): CurrentMessage['state'] =>
        messages.find(({ entry }) => entry.seq === seq)?.state;
      expect(messages.map(({ entry }) => [entry.seq, entry.text])).toEqual([
        [3, 'three'],
        [5, ''],
        [8, 'eight'],
        [10, 'ten'],
      ]);
      expect(stateOf(3)).toMatchObject({ seq: 3, text: 'THREE', editSeq: 4 });
      expect(stateOf(5)).toEqual({ seq: 5, deleted: true, reactions: [] });
      expect(stateOf(8)).toMatchObject({ seq: 8, reactions: [{ emoji: '👍', isMine: true }] });
      expect(messages.at(-1)).toEqual({ entry: messages.at(-1)?.entry });
      expect(hasMore).toBe(false);
      expect(position.seq).toBe(10);
      for (const { state } of messages) if (state !== undefined) messageStateSchema.parse(state);
    });

    it('[L7.12] counts messages, in either direction, and says whether there are more', async () => {
      expect(await seqs({ limit: 2 })).toEqual([8, 10]);
      expect(await seqs({ limit: 2, before: 8 })).toEqual([3, 5]);
      expect(await seqs({ limit: 2, after: 0 })).toEqual([3, 5]);
      expect(await seqs({ after: 4, before: 9 })).toEqual([5, 8]);
      expect(await seqs({ after: 10 })).toEqual([]);
      expect(await seqs({ before: 3 })).toEqual([]);
      const hasMore = async (range: Partial<LogRange>): Promise<boolean> => (await page(range)).hasMore;
      expect(await hasMore({ limit: 3 })).toBe(true);
      expect(await hasMore({ limit: 4 })).toBe(false);
      expect(await hasMore({ before: 3 })).toBe(false);
      expect(await hasMore({ after: 0, limit: 3 })).toBe(true);
      expect(await hasMore({ after: 3, limit: 3 })).toBe(false);
      expect(await hasMore({ after: 3, limit: 1, before: 8 })).toBe(false);
      expect(await hasMore({ after: 3, limit: 1, before: 9 })).toBe(true);
      expect(await hasMore({ after: 10 })).toBe(false);
    });

    it('[L7.12] stops before the bytes of the JSON of messages and states', async () => {
      const { messages } = await page({});
      const parts = messages.slice(-3).flatMap(({ entry, state }) => (state ? [entry, state] : [entry]));
      const bytes = Buffer.byteLength(JSON.stringify(parts));
      expect(await seqs({ bytesMax: bytes })).toEqual([5, 8, 10]);
      expect(await seqs({ bytesMax: bytes - 1 })).toEqual([8, 10]);
      expect(await seqs({ bytesMax: 1, after: 0 })).toEqual([3]);
    });

    it('[L7.13] brings the states of a page of entries to whoever asks, and of no other messages', async () => {
      const { log, room } = given();
      const read = (range: Partial<LogRange>) => log.read(room.roomId, { ...EVERYTHING, ...range });
      expect(await read({})).not.toHaveProperty('states');
      const all = await read({ statesFor: ben.authorId });
      expect(all.states?.map(({ seq }) => seq)).toEqual([3, 5, 8]);
      expect(all.states?.at(-1)).toMatchObject({ reactions: [{ isMine: true }] });
      const some = await read({ statesFor: ann.authorId, before: 9, limit: 4 });
      expect(some.entries.map(({ seq }) => seq)).toEqual([5, 6, 7, 8]);
      expect(some.states?.map(({ seq }) => seq)).toEqual([5, 8]);
      expect(await read({ statesFor: ann.authorId, after: 9 })).toMatchObject({ states: [] });
    });

    it('[L7.13] counts the bytes of the states with those of the entries', async () => {
      const { log, room } = given();
      const range = { ...EVERYTHING, statesFor: ann.authorId, before: 9 };
      const { entries, states = [] } = await log.read(room.roomId, { ...range, limit: 4 });
      const bytesMax = Buffer.byteLength(JSON.stringify([...entries, ...states]));
      expect((await log.read(room.roomId, { ...range, bytesMax })).entries).toHaveLength(4);
      expect((await log.read(room.roomId, { ...range, bytesMax: bytesMax - 1 })).entries).toHaveLength(3);
    });

    it('[L7.12] walks through a long room by small pages, past long stretches without a message', async () => {
      const { log, room } = given();
      for (let index = 0; index < 120; index += 1)
        await log.post(changeOf(room, ann, { type: 'topic', topic: `topic ${index}` }));
      const last = await log.post(draftOf(room, ann, 'after all that'));
      const forwards: number[] = [];
      for (let hasMore = true; hasMore; ) {
        const { messages, hasMore: isMore } = await page({ after: forwards.at(-1) ?? 0, limit: 1 });
        forwards.push(...messages.map(({ entry }) => entry.seq));
        hasMore = isMore;
      }
      expect(forwards).toEqual([3, 5, 8, 10, last.entry.seq]);
    });
  });

  describe('many rooms at once', () => {
    it('[L4.10] tells where rooms stand, in the order asked, without those that are not there', async () => {
      const { log, room } = given();
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      const { position } = await log.join(room.roomId, ann);
      const heads = await log.heads([other.roomId, nowhere, room.roomId]);
      expect(heads.map(({ roomId }) => roomId)).toEqual([other.roomId, room.roomId]);
      expect(heads[0]?.position.seq).toBe(0);
      expect(heads[1]?.position).toEqual(position);
      expect(await log.heads([])).toEqual([]);
    });

    it('[L6.7] enters many rooms at once as it enters each, and says which are not there', async () => {
      const { log, room } = given();
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      const third = await log.ensureRoom({ slug: 'third', title: 'Third' });
      await log.join(other.roomId, ann);
      await log.join(third.roomId, { ...ann, name: 'Anna' });
      const rooms = [room.roomId, nowhere, other.roomId, third.roomId, room.roomId];
      const changes = await log.joinAll(rooms, ann);
      expect(changes.map((change) => change?.entries.map(({ type }) => type))).toEqual([
        ['join'],
        undefined,
        [],
        ['leave', 'join'],
        [],
      ]);
      expect(changes.map((change) => change?.position.seq)).toEqual([1, undefined, 1, 3, 1]);
      expect(await log.standing(room.roomId, 10)).toMatchObject({ members: [ann], memberCount: 1 });
      const heads = await log.heads([room.roomId, other.roomId, third.roomId]);
      expect(heads.map(({ position }) => position.seq)).toEqual([1, 1, 3]);
    });
  });

  it('[L4.7] refuses to bring the messages of a room that is not there', async () => {
    await refusedWith('no-room', given().log.messages(nowhere, EVERYTHING));
  });
}
