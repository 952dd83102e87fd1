// What every adapter of the log must do when messages are edited and deleted (rule L7), and when a room gets another
// title or topic (rule L8). Reactions are in log-reactions.contract.ts. Part of the suite in log.contract.ts.
import type { DraftContent, DraftedEntry, MessageState, Room } from '@wireroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Appended, Log } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING, refusedWith } from './log-samples.contract.ts';

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');

export function registerChanges(given: () => { readonly log: Log; readonly room: Room }): void {
  let message: DraftedEntry;
  let target: number;
  beforeEach(async () => {
    const { log, room } = given();
    await log.join(room.roomId, ann);
    await log.join(room.roomId, ben);
    message = (await log.post(draftOf(room, ann, 'as it was'))).entry;
    target = message.seq;
  });

  const change = (content: DraftContent, author = ann, id?: string): Promise<Appended> =>
    given().log.post(changeOf(given().room, author, content, id));
  const stateOf = async (seq: number): Promise<MessageState | undefined> => {
    const { messages } = await given().log.messages(given().room.roomId, EVERYTHING);
    return messages.find(({ entry }) => entry.seq === seq)?.state;
  };
  const everything = async (): Promise<string> =>
    JSON.stringify(await given().log.read(given().room.roomId, EVERYTHING));

  describe('edits', () => {
    it('[L7.1] writes an edit as an entry, and the state says what the newest one says', async () => {
      expect(await stateOf(target)).toBeUndefined();
      const first = await change({ type: 'edit', target, text: 'better' });
      expect(first).toMatchObject({
        isRepeat: false,
        entry: { type: 'edit', seq: target + 1, target, text: 'better', author: ann },
      });
      const second = await change({ type: 'edit', target, text: 'best' });
      expect(await stateOf(target)).toEqual({
        seq: target,
        text: 'best',
        editedAt: second.entry.at,
        editSeq: target + 2,
        reactions: [],
      });
    });

    it('[L7.2] leaves the message in the log as it was written', async () => {
      await change({ type: 'edit', target, text: 'better' });
      const { entries } = await given().log.read(given().room.roomId, EVERYTHING);
      expect(entries[target - 1]).toEqual(message);
    });

    it('[L7.3] lets only its author change a message, and only a message be changed', async () => {
      await refusedWith('not-yours', change({ type: 'edit', target, text: 'mine now' }, ben));
      await refusedWith('not-yours', change({ type: 'delete', target }, ben));
      for (const nothing of [1, target + 1, 99]) {
        await refusedWith(
          'no-target',
          change({ type: 'edit', target: nothing, text: 'what?' }, ann, 'edits'),
        );
        await refusedWith('no-target', change({ type: 'delete', target: nothing }, ann, 'deletes'));
      }
      const edit = await change({ type: 'edit', target, text: 'better' });
      await refusedWith('no-target', change({ type: 'edit', target: edit.entry.seq, text: 'of an edit' }));
      await refusedWith('no-target', change({ type: 'delete', target: edit.entry.seq }));
    });

    it('[L7.3] keeps messages of the same seq in two rooms apart', async () => {
      const { log } = given();
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      await log.join(other.roomId, ann);
      await refusedWith(
        'no-target',
        log.post(changeOf(other, ann, { type: 'edit', target, text: 'over there' })),
      );
      expect(await stateOf(target)).toBeUndefined();
    });

    it('[L6.4] takes changes from members only, also of their own messages', async () => {
      const { log, room } = given();
      await log.leave(room.roomId, ann.authorId);
      await refusedWith('not-joined', change({ type: 'edit', target, text: 'from outside' }));
      await refusedWith('not-joined', change({ type: 'delete', target }));
      await refusedWith('not-joined', change({ type: 'react', target, emoji: '👍' }));
      await refusedWith('not-joined', change({ type: 'rename', title: 'from outside' }));
      expect(await stateOf(target)).toBeUndefined();
    });
  });

  describe('deletions', () => {
    it('[L7.4] takes the text of the message and of its edits out of the log, and keeps the entries', async () => {
      const edit = await change({ type: 'edit', target, text: 'a secret too' });
      const deletion = await change({ type: 'delete', target });
      expect(deletion.entry).toMatchObject({ type: 'delete', seq: target + 2, target });
      const { entries } = await given().log.read(given().room.roomId, EVERYTHING);
      expect(entries[target - 1]).toEqual({ ...message, text: '', deleted: true });
      expect(entries[target]).toEqual({ ...edit.entry, text: '', deleted: true });
      expect(await everything()).not.toMatch(/as it was|a secret too/);
      const { messages } = await given().log.messages(given().room.roomId, EVERYTHING);
      expect(JSON.stringify(messages)).not.toMatch(/as it was|a secret too/);
    });

    it('[L7.4] shows of a deleted message that it is deleted, and nothing else', async () => {
      await change({ type: 'edit', target, text: 'better' });
      await change({ type: 'react', target, emoji: '👍' }, ben);
      await change({ type: 'delete', target });
      expect(await stateOf(target)).toEqual({ seq: target, deleted: true, reactions: [] });
    });

    it('[L7.5] refuses edits of and reactions to what is deleted', async () => {
      await change({ type: 'react', target, emoji: '👍' }, ben);
      await change({ type: 'delete', target });
      await refusedWith('target-deleted', change({ type: 'edit', target, text: 'back again' }));
      await refusedWith('target-deleted', change({ type: 'react', target, emoji: '👍' }));
      await refusedWith('target-deleted', change({ type: 'unreact', target, emoji: '👍' }, ben));
    });

    it('[L7.6] answers a second deletion with the first, under whatever draftId', async () => {
      const first = await change({ type: 'delete', target }, ann, 'first');
      const second = await change({ type: 'delete', target }, ann, 'second');
      expect(second).toEqual({ entry: first.entry, isRepeat: true });
      await refusedWith('not-yours', change({ type: 'delete', target }, ben));
    });

    it('[L3.6] answers the draft of a deleted text with its entry, whatever text comes with it', async () => {
      const { log, room } = given();
      const edit = await change({ type: 'edit', target, text: 'better' }, ann, 'the-edit');
      await change({ type: 'delete', target }, ann, 'the-deletion');
      const gone = { text: '', deleted: true } as const;
      expect(await log.post(draftOf(room, ann, 'as it was'))).toEqual({
        entry: { ...message, ...gone },
        isRepeat: true,
      });
      expect(await change({ type: 'edit', target, text: 'better' }, ann, 'the-edit')).toEqual({
        entry: { ...edit.entry, ...gone },
        isRepeat: true,
      });
      await refusedWith(
        'draft-conflict',
        change({ type: 'edit', target: 1, text: 'better' }, ann, 'the-edit'),
      );
      await refusedWith('draft-conflict', change({ type: 'delete', target }, ann, 'the-edit'));
    });

    it('[L7.4] deletes one message of two', async () => {
      const { log, room } = given();
      const other = await log.post(draftOf(room, ann, 'stays'));
      await change({ type: 'edit', target: other.entry.seq, text: 'stays better' });
      await change({ type: 'delete', target });
      expect(await stateOf(other.entry.seq)).toMatchObject({ text: 'stays better' });
    });
  });

  describe('titles and topics', () => {
    it('[L8.1] writes a title as an entry, and the room bears it', async () => {
      const { log, room } = given();
      const renamed = await change({ type: 'rename', title: 'Hall' }, ben);
      expect(renamed).toMatchObject({
        isRepeat: false,
        entry: { type: 'rename', title: 'Hall', author: ben },
      });
      expect(await log.rooms()).toEqual([{ ...room, title: 'Hall' }]);
      expect(await log.ensureRoom({ slug: 'lobby', title: 'Lobby' })).toEqual({ ...room, title: 'Hall' });
    });

    it('[L8.2] writes a topic as an entry, and the room bears it, also an empty one', async () => {
      const { log, room } = given();
      expect(room.topic).toBe('');
      await change({ type: 'topic', topic: 'what we talk of' }, ann, 'one-topic');
      expect(await log.rooms()).toEqual([{ ...room, topic: 'what we talk of' }]);
      await change({ type: 'topic', topic: '' }, ann, 'no-topic');
      expect(await log.rooms()).toEqual([room]);
    });

    it('[L8.3] leaves the room as it is when an older title is sent again', async () => {
      const { log } = given();
      await change({ type: 'rename', title: 'Hall' }, ann, 'first-title');
      await change({ type: 'rename', title: 'Court' }, ann, 'second-title');
      expect((await change({ type: 'rename', title: 'Hall' }, ann, 'first-title')).isRepeat).toBe(true);
      expect((await log.rooms())[0]?.title).toBe('Court');
    });

    it('[L8.6] tells title, topic and members together', async () => {
      const { log, room } = given();
      const members = [ann, ben];
      const before = { title: 'Lobby', topic: '', members, memberCount: 2 };
      expect(await log.standing(room.roomId, 10)).toEqual(before);
      await change({ type: 'rename', title: 'Hall' });
      await change({ type: 'topic', topic: 'what we talk of' });
      const after = { ...before, title: 'Hall', topic: 'what we talk of' };
      expect(await log.standing(room.roomId, 10)).toEqual(after);
      expect(await log.standing(room.roomId, 0)).toEqual({ ...after, members: [] });
    });
  });

  it.each<[DraftContent, DraftContent]>([
    [
      { type: 'edit', target: 3, text: 'one' },
      { type: 'edit', target: 3, text: 'two' },
    ],
    [
      { type: 'edit', target: 3, text: 'one' },
      { type: 'edit', target: 4, text: 'one' },
    ],
    [
      { type: 'edit', target: 3, text: 'one' },
      { type: 'message', text: 'one' },
    ],
    [
      { type: 'react', target: 3, emoji: '👍' },
      { type: 'react', target: 3, emoji: '❤️' },
    ],
    [
      { type: 'react', target: 3, emoji: '👍' },
      { type: 'unreact', target: 3, emoji: '👍' },
    ],
    [
      { type: 'rename', title: 'one' },
      { type: 'rename', title: 'two' },
    ],
    [
      { type: 'topic', topic: 'one' },
      { type: 'topic', topic: 'two' },
    ],
  ])('[L3.4] tells %j from %j under the same draftId, and knows the first again', async (one, other) => {
    const first = await change(one, ann, 'same-draft');
    await refusedWith('draft-conflict', change(other, ann, 'same-draft'));
    expect(await change(one, ann, 'same-draft')).toEqual({ entry: first.entry, isRepeat: true });
  });
}
