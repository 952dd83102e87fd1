// What an import into the log must do, whatever the log is kept in: the rules H4.1 to H4.5 of docs/spec/history.md. What a killed
// import leaves is in the tests of the program that imports.
import type { Author, DraftContent, Entry, Room } from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenLog } from './log.contract.ts';
import type { Log } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING } from './log-samples.contract.ts';
import type { ImportedEntry, ImportLog } from './room-import.ts';

export interface OpenImportLog extends OpenLog {
  readonly importer: ImportLog;
}

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');
const about = { slug: 'copy', title: 'Lobby', topic: '' };
const HOSTILE = [
  '</script><script>alert(1)</script>',
  '=HYPERLINK("x")',
  '\u0000\u001b[31m',
  '\u202eabc',
  '\ud800',
  '`|*_',
];

/** What happened in a room: everything that can. */
async function live(log: Log, room: Room): Promise<void> {
  let count = 0;
  const post = (author: Author, content: DraftContent) => {
    count += 1;
    return log.post(changeOf(room, author, content, `change-${count}`));
  };
  await log.join(room.roomId, ann);
  await log.join(room.roomId, ben);
  for (const [index, text] of HOSTILE.entries()) await log.post(draftOf(room, ann, text, `hostile-${index}`));
  await post(ben, { type: 'message', text: 'to be deleted' });
  await post(ben, { type: 'edit', target: 9, text: 'also to be deleted' });
  await post(ann, { type: 'react', target: 9, emoji: '🎉' });
  await post(ben, { type: 'delete', target: 9 });
  await post(ann, { type: 'edit', target: 3, text: 'first edit' });
  await post(ann, { type: 'edit', target: 3, text: 'second edit' });
  for (const author of [ann, ben]) await post(author, { type: 'react', target: 4, emoji: '👍' });
  await post(ann, { type: 'react', target: 4, emoji: '❤️' });
  await post(ann, { type: 'unreact', target: 4, emoji: '👍' });
  await post(ann, { type: 'unreact', target: 4, emoji: '❤️' });
  await post(ben, { type: 'rename', title: 'Another title' });
  await post(ben, { type: 'topic', topic: 'What it is about' });
  await log.join(room.roomId, { ...ann, name: 'Anna' });
  await log.leave(room.roomId, ben.authorId);
  await log.post(draftOf(room, ann, 'the last word'));
}

export function importedOf({ v: _, roomId: __, epoch: ___, at, ...rest }: Entry): ImportedEntry {
  return { ...rest, atMs: Date.parse(at) };
}

const strip = (text: string, { roomId }: Room): string =>
  text.replaceAll(roomId, 'ROOM').replace(/"epoch":"[^"]*"/g, '"E"');

export function registerImport(name: string, open: () => Promise<OpenImportLog>): void {
  describe(`an import into the log: ${name}`, () => {
    let opened: OpenImportLog;
    let log: Log;
    let room: Room;
    let entries: readonly Entry[];

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
      room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
      await live(log, room);
      entries = (await log.read(room.roomId, EVERYTHING)).entries;
    });
    afterEach(() => opened.close());

    /** In portions of `size`, so that what is changed lies in the same one, or in an earlier one. */
    async function importAll(what: readonly ImportedEntry[], size = 1_000): Promise<Room> {
      const begun = await opened.importer.beginImport(about);
      try {
        for (let at = 0; at < what.length; at += size) await begun.write(what.slice(at, at + size));
      } catch (error) {
        await begun.abandon();
        throw error;
      }
      return begun.finish();
    }

    it.each([1, 3, 1_000])('[H4.1] reproduces the room, %i entries at a time', async (size) => {
      const copy = await importAll(entries.map(importedOf), size);
      expect(copy).toMatchObject({ slug: 'copy', title: 'Another title', topic: 'What it is about' });
      const range = { ...EVERYTHING, after: 0, statesFor: ann.authorId };
      const [there, here] = await Promise.all([log.read(room.roomId, range), log.read(copy.roomId, range)]);
      expect(entries).toHaveLength(25);
      expect(strip(JSON.stringify(here.entries), copy)).toBe(strip(JSON.stringify(there.entries), room));
      const messages = await log.messages(copy.roomId, range);
      const before = await log.messages(room.roomId, range);
      expect(strip(JSON.stringify(messages), copy)).toBe(strip(JSON.stringify(before), room));
      const epochs = new Set([...messages.messages, ...before.messages].map(({ entry }) => entry.epoch));
      expect(epochs.size).toBe(2);
    });

    it('[H4.2] shows nothing before its end, and leaves nothing when it is abandoned', async () => {
      const begun = await opened.importer.beginImport(about);
      await begun.write(entries.slice(0, 5).map(importedOf));
      expect(await log.rooms()).toHaveLength(1);
      await begun.abandon();
      expect((await log.rooms()).map(({ slug }) => slug)).toEqual(['lobby']);
      const copy = await importAll(entries.map(importedOf));
      expect((await log.rooms()).map(({ roomId }) => roomId)).toEqual([room.roomId, copy.roomId]);
    });

    it('[H4.3] refuses a room that is there, in a sentence, and leaves it as it is', async () => {
      const lobby = { ...about, slug: 'lobby' };
      await expect(opened.importer.beginImport(lobby)).rejects.toMatchObject({
        name: 'ImportRefused',
        message: expect.stringContaining('There is a room "lobby" already'),
      });
      expect((await log.read(room.roomId, EVERYTHING)).entries).toEqual(entries);
      await importAll([]);
    });

    it('[H4.4] has nobody in the room, and goes on from its last entry', async () => {
      const copy = await importAll(entries.map(importedOf));
      expect(await log.standing(copy.roomId, 10)).toMatchObject({ members: [], memberCount: 0 });
      expect(await log.roomsOf(ann.authorId)).toEqual([room.roomId]);
      await expect(log.post(draftOf(copy, ann, 'not in here'))).rejects.toMatchObject({ code: 'not-joined' });
      const joined = await log.join(copy.roomId, ann);
      expect(joined.entries.map(({ seq, type }) => [seq, type])).toEqual([[26, 'join']]);
      const posted = await log.post(draftOf(copy, ann, 'on we go'));
      expect(posted.entry.seq).toBe(27);
      // A draft of then is known here as well (L3).
      expect(await log.post(draftOf(copy, ann, 'the last word'))).toMatchObject({ isRepeat: true });
    });

    it('[H4.5] refuses what cannot be in a log, with its number, and keeps nothing', async () => {
      const imported = entries.map(importedOf);
      const message = imported[7];
      if (message?.type !== 'message') throw new Error('no message');
      const bens = {
        ...message,
        author: ben,
        draftId: changeOf(room, ben, { type: 'delete', target: 8 }).draftId,
      };
      const wrong: readonly [ImportedEntry[], RegExp][] = [
        [imported.slice(1), /Entry 2 .*numbers have no gap/],
        [[...imported.slice(0, 8), { ...message, seq: 9 }], /Entry 9 .*/],
        [
          [...imported.slice(0, 8), { ...bens, seq: 9, type: 'edit', target: 8, text: 'mine' }],
          /Entry 9 \(edit\)/,
        ],
        [[...imported.slice(0, 8), { ...bens, seq: 9, type: 'delete', target: 1 }], /Entry 9 \(delete\)/],
      ];
      for (const [list, sentence] of wrong)
        await expect(importAll(list)).rejects.toMatchObject({
          name: 'ImportRefused',
          message: expect.stringMatching(sentence),
        });
      expect(await log.rooms()).toEqual([await log.ensureRoom(room)]);
    });
  });
}
