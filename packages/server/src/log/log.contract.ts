// What every adapter of the log must do, as far as one process can see it. It runs over each of them; the rules are those
// of docs/spec/log.md. What survives a restart, a crash or a full disk is in the adapters' own tests.
import { type Entry, positionSchema, type Room, roomIdSchema } from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Log, LogRange } from './log.ts';
import { registerChanges } from './log-changes.contract.ts';
import { registerMembership } from './log-membership.contract.ts';
import { registerReactions } from './log-reactions.contract.ts';
import { registerReading } from './log-reading.contract.ts';
import { authorNamed, draftOf, EVERYTHING, refusedWith } from './log-samples.contract.ts';
import { registerStates } from './log-states.contract.ts';

export interface OpenLog {
  readonly log: Log;
  close(): Promise<void>;
}

const ann = authorNamed('Ann');
const ben = authorNamed('Ben');
const nowhere = roomIdSchema.parse(`r_${'0'.repeat(20)}no`);

export function registerLogContract(name: string, open: () => Promise<OpenLog>): void {
  describe(`the log: ${name}`, () => {
    let opened: OpenLog;
    let log: Log;
    let room: Room;

    beforeEach(async () => {
      opened = await open();
      log = opened.log;
      room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
    });
    afterEach(() => opened.close());

    const seqs = async (range: Partial<LogRange>): Promise<number[]> =>
      (await log.read(room.roomId, { ...EVERYTHING, ...range })).entries.map((entry) => entry.seq);

    async function fill(count: number): Promise<readonly Entry[]> {
      const { entries } = await log.join(room.roomId, ann);
      const written = [...entries];
      for (let number = 2; number <= count; number += 1) {
        written.push((await log.post(draftOf(room, ann, `number ${number}`))).entry);
      }
      return written;
    }

    describe('numbers', () => {
      it('[L1.1] starts at 1 and gives each entry of any type the next number', async () => {
        const joined = await log.join(room.roomId, ann);
        const second = await log.post(draftOf(room, ann, 'hello'));
        const third = await log.join(room.roomId, ben);
        const fourth = await log.leave(room.roomId, ann.authorId);
        expect(joined.entries.map((entry) => entry.seq)).toEqual([1]);
        expect(second.entry.seq).toBe(2);
        expect(third.entries.map((entry) => entry.seq)).toEqual([3]);
        expect(fourth.entries.map((entry) => entry.seq)).toEqual([4]);
        expect(await seqs({})).toEqual([1, 2, 3, 4]);
      });

      it('[L1.1] numbers without a gap or a repeat when many write at once', async () => {
        await Promise.all([log.join(room.roomId, ann), log.join(room.roomId, ben)]);
        const drafts = Array.from({ length: 100 }, (_, index) =>
          draftOf(room, index % 2 === 0 ? ann : ben, `at once ${index}`),
        );
        const posted = await Promise.all(drafts.map((draft) => log.post(draft)));
        const given = posted.map(({ entry }) => entry.seq).sort((a, b) => a - b);
        expect(given).toEqual(Array.from({ length: 100 }, (_, index) => index + 3));
      });

      it('[L1.1] numbers each room by itself', async () => {
        const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
        await fill(3);
        expect((await log.join(other.roomId, ann)).entries.map((entry) => entry.seq)).toEqual([1]);
      });

      it('[L1.2] puts the epoch of the room into every entry and position', async () => {
        const { entries, position } = await log.join(room.roomId, ann);
        const page = await log.read(room.roomId, EVERYTHING);
        expect(positionSchema.parse(position)).toEqual({ epoch: page.position.epoch, seq: 1 });
        expect(entries.map((entry) => entry.epoch)).toEqual([position.epoch]);
        const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
        const elsewhere = await log.read(other.roomId, EVERYTHING);
        expect(elsewhere.position.epoch).not.toBe(position.epoch);
      });

      it('[L1.3] dates entries in RFC 3339, never backwards', async () => {
        const written = await fill(20);
        const dates = written.map((entry) => entry.at);
        expect(dates).toEqual([...dates].sort());
        expect(dates[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        expect(Math.abs(Date.parse(dates[0] ?? '') - Date.now())).toBeLessThan(60_000);
      });

      it('[L1.3] stays at the time of the newest entry while the clock is behind it', async () => {
        onTestFinished(() => void vi.useRealTimers());
        const dates: string[] = [];
        for (const time of ['12:00:05', '12:00:04', '12:00:06']) {
          vi.useFakeTimers({ toFake: ['Date'], now: new Date(`2030-01-01T${time}Z`) });
          const author = authorNamed('Ann', time);
          dates.push(...(await log.join(room.roomId, author)).entries.map((entry) => entry.at));
        }
        const five = '2030-01-01T12:00:05.000Z';
        expect(dates).toEqual([five, five, '2030-01-01T12:00:06.000Z']);
      });

      it('[L1.4] gives no number to what it refuses', async () => {
        await log.join(room.roomId, ann);
        const draft = draftOf(room, ann, 'once');
        await log.post(draft);
        await Promise.all([
          refusedWith('not-joined', log.post(draftOf(room, ben, 'not in here'))),
          refusedWith(
            'draft-conflict',
            log.post({ ...draft, content: { type: 'message', text: 'otherwise' } }),
          ),
          log.post(draft),
        ]);
        expect((await log.post(draftOf(room, ann, 'next'))).entry.seq).toBe(3);
      });
    });

    describe('drafts', () => {
      beforeEach(async () => {
        await log.join(room.roomId, ann);
        await log.join(room.roomId, ben);
      });

      it('[L3.1] answers a retry with the first answer and writes nothing', async () => {
        const draft = draftOf(room, ann, 'once');
        const first = await log.post(draft);
        const retry = await log.post(draft);
        expect(first.isRepeat).toBe(false);
        expect(retry).toEqual({ entry: first.entry, isRepeat: true });
        expect(await seqs({})).toEqual([1, 2, 3]);
      });

      it('[L3.1] stores one of two equal drafts that arrive together', async () => {
        const draft = draftOf(room, ann, 'twice at once');
        const answers = await Promise.all([log.post(draft), log.post(draft), log.post(draft)]);
        expect(answers.map((answer) => answer.entry.seq)).toEqual([3, 3, 3]);
        expect(answers.filter((answer) => !answer.isRepeat)).toHaveLength(1);
      });

      it('[L3.1] answers a retry under the name that the message was written with', async () => {
        const draft = draftOf(room, ann, 'once');
        const { entry } = await log.post(draft);
        const renamed = { ...ann, name: 'Anna' };
        await log.join(room.roomId, renamed);
        expect((await log.post({ ...draft, author: renamed })).entry).toEqual(entry);
      });

      it('[L3.3] answers a retry also after the author has left', async () => {
        const draft = draftOf(room, ann, 'and away');
        const { entry } = await log.post(draft);
        await log.leave(room.roomId, ann.authorId);
        expect(await log.post(draft)).toEqual({ entry, isRepeat: true });
      });

      it('[L3.4] refuses a known draftId with another text', async () => {
        const draft = draftOf(room, ann, 'one thing');
        await log.post(draft);
        await refusedWith(
          'draft-conflict',
          log.post({ ...draft, content: { type: 'message', text: 'another thing' } }),
        );
      });

      it('[L3.5] takes the same draftId from another author, or in another room, for another message', async () => {
        const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
        await log.join(other.roomId, ann);
        const draft = draftOf(room, ann, 'same id');
        const answers = [
          await log.post(draft),
          await log.post({ ...draft, author: ben }),
          await log.post({ ...draft, roomId: other.roomId }),
        ];
        expect(answers.map((answer) => answer.isRepeat)).toEqual([false, false, false]);
      });
    });

    registerReading(() => ({ log, room, fill, seqs }));
    registerMembership(() => ({ log, room }));
    describe('changes', () => registerChanges(() => ({ log, room })));
    registerReactions(() => ({ log, room }));
    registerStates(() => ({ log, room }));

    it('keeps a room by its slug, and its title as it was first', async () => {
      const again = await log.ensureRoom({ slug: 'lobby', title: 'Another title' });
      expect(again).toEqual(room);
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      expect(roomIdSchema.parse(other.roomId)).not.toBe(room.roomId);
      expect(await log.rooms()).toEqual([room, other]);
    });

    it('[L4.7] refuses a room that is not there', async () => {
      await refusedWith('no-room', log.read(nowhere, EVERYTHING));
      await refusedWith('no-room', log.standing(nowhere, 10));
      await refusedWith('no-room', log.join(nowhere, ann));
      await refusedWith('no-room', log.leave(nowhere, ann.authorId));
      await refusedWith('no-room', log.post({ ...draftOf(room, ann, 'where'), roomId: nowhere }));
    });
  });
}
