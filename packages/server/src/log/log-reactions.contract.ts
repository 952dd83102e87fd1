// What every adapter of the log must do with reactions (rule L7): who gives which, in which order they are listed, how
// many there may be. Part of the suite in log.contract.ts.
import { type DraftContent, LIMITS, type MessageState, type Reaction, type Room } from '@wireroom/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Appended, Log } from './log.ts';
import { authorNamed, changeOf, draftOf, EVERYTHING, refusedWith } from './log-samples.contract.ts';

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');
const cid = authorNamed('Cid');

export function registerReactions(given: () => { readonly log: Log; readonly room: Room }): void {
  describe('reactions', () => {
    let target: number;
    let count = 0;
    beforeEach(async () => {
      const { log, room } = given();
      for (const author of [ann, ben, cid]) await log.join(room.roomId, author);
      target = (await log.post(draftOf(room, ann, 'what do you think?'))).entry.seq;
    });

    const change = (content: DraftContent, author = ann): Promise<Appended> => {
      count += 1;
      return given().log.post(changeOf(given().room, author, content, `reaction-${count}`));
    };
    const react = (emoji: string, author = ann): Promise<Appended> =>
      change({ type: 'react', target, emoji }, author);
    const unreact = (emoji: string, author = ann): Promise<Appended> =>
      change({ type: 'unreact', target, emoji }, author);
    const stateFor = async (reader = cid): Promise<MessageState | undefined> => {
      const range = { ...EVERYTHING, statesFor: reader.authorId };
      return (await given().log.messages(given().room.roomId, range)).messages[0]?.state;
    };
    const reactionsFor = async (reader = cid): Promise<readonly Reaction[]> =>
      (await stateFor(reader))?.reactions ?? [];

    it('[L7.7] writes a reaction as an entry; the state counts, names and knows the reader', async () => {
      const first = await react('👍', ann);
      expect(first).toMatchObject({
        isRepeat: false,
        entry: { type: 'react', target, emoji: '👍', author: ann },
      });
      await react('👍', ben);
      expect(await stateFor(ben)).toEqual({
        seq: target,
        reactions: [{ emoji: '👍', count: 2, isMine: true, authors: [ann, ben] }],
      });
      expect(await stateFor(cid)).toMatchObject({ reactions: [{ isMine: false }] });
      const { messages } = await given().log.messages(given().room.roomId, EVERYTHING);
      expect(messages[0]?.state).toMatchObject({ reactions: [{ isMine: false }] });
    });

    it('[L7.8] answers a reaction that is given already with the entry that gave it', async () => {
      const first = await react('👍');
      const { position } = await given().log.read(given().room.roomId, EVERYTHING);
      expect(await react('👍')).toEqual({ entry: first.entry, isRepeat: true });
      const [head] = await given().log.heads([given().room.roomId]);
      expect(head?.position).toEqual(position);
      expect(await reactionsFor()).toMatchObject([{ count: 1 }]);
    });

    it('[L7.9] takes a reaction back, and refuses to take back what is not given', async () => {
      await react('👍', ann);
      await react('👍', ben);
      const back = await unreact('👍', ann);
      expect(back).toMatchObject({ isRepeat: false, entry: { type: 'unreact', target, emoji: '👍' } });
      expect(await reactionsFor()).toEqual([{ emoji: '👍', count: 1, isMine: false, authors: [ben] }]);
      await refusedWith('no-target', unreact('👍', ann));
      await refusedWith('no-target', unreact('🎉', ben));
      await unreact('👍', ben);
      expect(await stateFor()).toBeUndefined();
      const again = await react('👍', ann);
      expect(again.isRepeat).toBe(false);
      expect(await reactionsFor()).toMatchObject([{ count: 1, authors: [ann] }]);
    });

    it('[L7.9] reacts to messages only', async () => {
      await refusedWith('no-target', change({ type: 'react', target: 1, emoji: '👍' }));
      await refusedWith('no-target', change({ type: 'unreact', target: 99, emoji: '👍' }));
      const { entry } = await react('👍');
      await refusedWith('no-target', change({ type: 'react', target: entry.seq, emoji: '👍' }));
    });

    it('[L7.10] lists emoji in the order in which they came to the message, authors in that of their reactions', async () => {
      await react('👍', ann);
      await react('❤️', ben);
      await react('👍', cid);
      await unreact('👍', ann);
      await react('👍', ann);
      expect(await reactionsFor()).toMatchObject([
        { emoji: '👍', count: 2, authors: [cid, ann] },
        { emoji: '❤️', count: 1, authors: [ben] },
      ]);
      await unreact('👍', ann);
      await unreact('👍', cid);
      await react('👍', ann);
      expect((await reactionsFor()).map(({ emoji }) => emoji)).toEqual(['❤️', '👍']);
    });

    it('[L7.10] lists an author under the name of the reaction', async () => {
      await react('👍', ann);
      await given().log.join(given().room.roomId, { ...ann, name: 'Anna' });
      expect(await reactionsFor(ann)).toMatchObject([{ isMine: true, authors: [ann] }]);
    });

    it('[L7.10] names no more authors than the limit, and counts them all', async () => {
      const { log, room } = given();
      const many = Array.from({ length: LIMITS.reactionAuthorsMax + 3 }, (_, index) =>
        authorNamed(`Nr ${index}`),
      );
      for (const author of many) {
        await log.join(room.roomId, author);
        await react('👍', author);
      }
      const [reaction] = await reactionsFor(many.at(-1));
      expect(reaction).toMatchObject({ count: many.length, isMine: true });
      expect(reaction?.authors).toEqual(many.slice(0, LIMITS.reactionAuthorsMax));
    });

    it('[L7.11] bears a bounded number of different emoji, and any number of the same', async () => {
      const emoji = Array.from({ length: LIMITS.reactionsMax + 1 }, (_, index) =>
        String.fromCodePoint(0x1f600 + index),
      );
      for (const each of emoji.slice(0, -1)) await react(each, ann);
      await refusedWith('too-many-reactions', react(emoji.at(-1) ?? '', ben));
      await react(emoji[0] ?? '', ben);
      await unreact(emoji[1] ?? '', ann);
      await react(emoji.at(-1) ?? '', ben);
      expect(await reactionsFor()).toHaveLength(LIMITS.reactionsMax);
    });
  });
}
