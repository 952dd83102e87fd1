// What every adapter of the log must do, as far as one process can see it. Run over memory and SQLite; the rules are
// those of docs/spec/log.md. What survives a restart, a crash or a full disk is in sqlite-log*.test.ts.
import {
  type Author,
  authorIdSchema,
  type ChatErrorCode,
  draftIdSchema,
  type Entry,
  entrySchema,
  positionSchema,
  type Room,
  type RoomId,
  roomIdSchema,
} from '@wireroom/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Draft, Log, LogRange } from './log.ts';

export interface OpenLog {
  readonly log: Log;
  close(): Promise<void>;
}

const EVERYTHING = { limit: 1_000, bytesMax: 10_000_000 } as const;

export function authorNamed(name: string, number = name): Author {
  const hex = Buffer.from(number).toString('hex').padStart(20, '0');
  return { authorId: authorIdSchema.parse(`a_${hex}`), name };
}

export function draftOf(room: Room, author: Author, text: string, id = text): Draft {
  const draftId = draftIdSchema.parse(id.replace(/[^a-z0-9-]/gi, '-').padStart(12, '_'));
  return { roomId: room.roomId, author, draftId, text };
}

export async function refusedWith(code: ChatErrorCode, attempt: Promise<unknown>): Promise<void> {
  await expect(attempt).rejects.toMatchObject({ name: 'ChatError', code });
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

      it('[L1.4] gives no number to what it refuses', async () => {
        await log.join(room.roomId, ann);
        const draft = draftOf(room, ann, 'once');
        await log.post(draft);
        await Promise.all([
          refusedWith('not-joined', log.post(draftOf(room, ben, 'not in here'))),
          refusedWith('draft-conflict', log.post({ ...draft, text: 'otherwise' })),
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
        await refusedWith('draft-conflict', log.post({ ...draft, text: 'another thing' }));
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

    it('keeps a room by its slug, and its title as it was first', async () => {
      const again = await log.ensureRoom({ slug: 'lobby', title: 'Another title' });
      expect(again).toEqual(room);
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      expect(roomIdSchema.parse(other.roomId)).not.toBe(room.roomId);
      expect(await log.rooms()).toEqual([room, other]);
    });

    it('[L4.7] refuses a room that is not there', async () => {
      await refusedWith('no-room', log.read(nowhere, EVERYTHING));
      await refusedWith('no-room', log.members(nowhere, 10));
      await refusedWith('no-room', log.join(nowhere, ann));
      await refusedWith('no-room', log.leave(nowhere, ann.authorId));
      await refusedWith('no-room', log.post({ ...draftOf(room, ann, 'where'), roomId: nowhere }));
    });
  });
}

interface Reading {
  readonly log: Log;
  readonly room: Room;
  /** Fills the room with this many entries and returns them. */
  fill(count: number): Promise<readonly Entry[]>;
  seqs(range: Partial<LogRange>): Promise<number[]>;
}

function registerReading(given: () => Reading): void {
  describe('reading', () => {
    it('[L4.1] brings every text back exactly', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      const texts = [
        'a NUL \u0000 inside',
        'e\u0301 and é stay apart',
        '"quotes" \\ \r\n\t\u2028',
        '👩‍👩‍👧',
        '\ud800 alone',
        '  ',
      ];
      for (const [index, text] of texts.entries()) await log.post(draftOf(room, ann, text, `exact-${index}`));
      const { entries } = await log.read(room.roomId, { ...EVERYTHING, after: 1 });
      expect(entries.map((entry) => entry.type === 'message' && entry.text)).toEqual(texts);
    });

    it('[L4.2] reads what was answered: the same entries, field for field and in the same order of fields', async () => {
      const { log, room, fill } = given();
      const written = await fill(5);
      const { entries } = await log.read(room.roomId, EVERYTHING);
      expect(JSON.stringify(entries)).toBe(JSON.stringify(written));
      for (const entry of entries) expect(entrySchema.parse(entry)).toEqual(entry);
    });

    it('[L4.3] brings the newest, the older or the newer entries, always oldest first', async () => {
      const { fill, seqs } = given();
      await fill(10);
      expect(await seqs({ limit: 3 })).toEqual([8, 9, 10]);
      expect(await seqs({ limit: 3, before: 8 })).toEqual([5, 6, 7]);
      expect(await seqs({ limit: 3, after: 0 })).toEqual([1, 2, 3]);
      expect(await seqs({ limit: 3, after: 3 })).toEqual([4, 5, 6]);
      expect(await seqs({ limit: 9, after: 3, before: 6 })).toEqual([4, 5]);
      expect(await seqs({ after: 10 })).toEqual([]);
      expect(await seqs({ after: 99 })).toEqual([]);
      expect(await seqs({ before: 1 })).toEqual([]);
      expect(await seqs({ before: 0 })).toEqual([]);
      expect(await seqs({ before: 99, limit: 2 })).toEqual([9, 10]);
    });

    it('[L4.4] says whether there is more in the direction of the range', async () => {
      const { log, room, fill } = given();
      await fill(10);
      const hasMore = async (range: Partial<LogRange>): Promise<boolean> =>
        (await log.read(room.roomId, { ...EVERYTHING, ...range })).hasMore;
      expect(await hasMore({ limit: 10 })).toBe(false);
      expect(await hasMore({ limit: 9 })).toBe(true);
      expect(await hasMore({ before: 5, limit: 4 })).toBe(false);
      expect(await hasMore({ before: 5, limit: 3 })).toBe(true);
      expect(await hasMore({ before: 1 })).toBe(false);
      expect(await hasMore({ after: 5, limit: 5 })).toBe(false);
      expect(await hasMore({ after: 5, limit: 4 })).toBe(true);
      expect(await hasMore({ after: 10 })).toBe(false);
      expect(await hasMore({ after: 99 })).toBe(false);
      expect(await hasMore({ after: 2, before: 5 })).toBe(false);
      expect(await hasMore({ after: 2, before: 5, limit: 1 })).toBe(true);
    });

    it('[L4.5] gives the head with every page, also of an empty room', async () => {
      const { log, room, fill } = given();
      const empty = await log.read(room.roomId, EVERYTHING);
      expect(empty).toMatchObject({ entries: [], hasMore: false, position: { seq: 0 } });
      await fill(7);
      expect((await log.read(room.roomId, { ...EVERYTHING, before: 3, limit: 1 })).position.seq).toBe(7);
    });

    it('[L4.6] stops before the bytes of the JSON, to the byte, in either direction', async () => {
      const { log, room, fill } = given();
      const written = await fill(10);
      const bytes = (entries: readonly Entry[]): number => Buffer.byteLength(JSON.stringify(entries));
      const firstFour = bytes(written.slice(0, 4));
      const lastFour = bytes(written.slice(-4));
      const count = async (range: Partial<LogRange>): Promise<number> =>
        (await log.read(room.roomId, { ...EVERYTHING, ...range })).entries.length;
      expect(await count({ after: 0, bytesMax: firstFour })).toBe(4);
      expect(await count({ after: 0, bytesMax: firstFour - 1 })).toBe(3);
      expect(await count({ bytesMax: lastFour })).toBe(4);
      expect(await count({ bytesMax: lastFour - 1 })).toBe(3);
      const cut = await log.read(room.roomId, { ...EVERYTHING, bytesMax: lastFour });
      expect(cut.hasMore).toBe(true);
    });

    it('[L4.6] counts bytes, not characters, and lets one entry through whatever its size', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      for (let index = 0; index < 4; index += 1) {
        await log.post(draftOf(room, ann, '漢'.repeat(5_000), `long-text-${index}`));
      }
      const range = { limit: 10, after: 1 } as const;
      expect((await log.read(room.roomId, { ...range, bytesMax: 1 })).entries).toHaveLength(1);
      expect((await log.read(room.roomId, { ...range, bytesMax: 32_000 })).entries).toHaveLength(2);
    });

    it('[L4.8] gives the same sequence by small pages from either end', async () => {
      const { log, room, fill } = given();
      const written = await fill(137);
      const forwards: Entry[] = [];
      for (let hasMore = true; hasMore; ) {
        const after = forwards.at(-1)?.seq ?? 0;
        const page = await log.read(room.roomId, { after, limit: 60, bytesMax: 5_000 });
        forwards.push(...page.entries);
        hasMore = page.hasMore;
      }
      const backwards: Entry[] = [];
      for (let hasMore = true; hasMore; ) {
        const before = backwards[0]?.seq ?? Number.MAX_SAFE_INTEGER;
        const page = await log.read(room.roomId, { before, limit: 60, bytesMax: 1_000_000 });
        backwards.unshift(...page.entries);
        hasMore = page.hasMore;
      }
      expect(forwards).toEqual(written);
      expect(backwards).toEqual(written);
    });
  });
}

function registerMembership(given: () => { readonly log: Log; readonly room: Room }): void {
  describe('membership', () => {
    it('[L6.1] writes a join entry once', async () => {
      const { log, room } = given();
      const first = await log.join(room.roomId, ann);
      const second = await log.join(room.roomId, ann);
      expect(first.entries).toMatchObject([{ type: 'join', author: ann, seq: 1 }]);
      expect(second).toEqual({ entries: [], position: first.position });
    });

    it('[L6.2] writes a change of name as a leave and a join', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      const renamed = { ...ann, name: 'Anna' };
      const change = await log.join(room.roomId, renamed);
      expect(change.entries).toMatchObject([
        { type: 'leave', author: ann, seq: 2 },
        { type: 'join', author: renamed, seq: 3 },
      ]);
      expect(change.position.seq).toBe(3);
      expect(await log.members(room.roomId, 10)).toEqual({ members: [renamed], memberCount: 1 });
    });

    it('[L6.3] writes a leave entry once, under the name of the join', async () => {
      const { log, room } = given();
      await log.join(room.roomId, ann);
      const left = await log.leave(room.roomId, ann.authorId);
      expect(left.entries).toMatchObject([{ type: 'leave', author: ann, seq: 2 }]);
      expect(await log.leave(room.roomId, ann.authorId)).toEqual({ entries: [], position: left.position });
      expect(await log.leave(room.roomId, ben.authorId)).toEqual({ entries: [], position: left.position });
    });

    it('[L6.4] takes messages from members only', async () => {
      const { log, room } = given();
      await refusedWith('not-joined', log.post(draftOf(room, ann, 'too early')));
      await log.join(room.roomId, ann);
      await log.post(draftOf(room, ann, 'in time'));
      await log.leave(room.roomId, ann.authorId);
      await refusedWith('not-joined', log.post(draftOf(room, ann, 'too late')));
    });

    it('[L6.5] lists members by when they joined, up to the limit, and counts them all', async () => {
      const { log, room } = given();
      const authors = ['Zoe', 'Ann', 'Mia', 'Ben'].map((name) => authorNamed(name));
      for (const author of authors) await log.join(room.roomId, author);
      await log.leave(room.roomId, authorNamed('Ann').authorId);
      await log.join(room.roomId, ann);
      const { members, memberCount } = await log.members(room.roomId, 3);
      expect(members.map((member) => member.name)).toEqual(['Zoe', 'Mia', 'Ben']);
      expect(memberCount).toBe(4);
    });

    it('[L6.6] knows the rooms of an author', async () => {
      const { log, room } = given();
      const other = await log.ensureRoom({ slug: 'other', title: 'Other' });
      await log.ensureRoom({ slug: 'third', title: 'Third' });
      const roomsOfAnn = async (): Promise<RoomId[]> => [...(await log.roomsOf(ann.authorId))].sort();
      expect(await roomsOfAnn()).toEqual([]);
      await log.join(room.roomId, ann);
      await log.join(other.roomId, ann);
      expect(await roomsOfAnn()).toEqual([room.roomId, other.roomId].sort());
      await log.leave(room.roomId, ann.authorId);
      expect(await roomsOfAnn()).toEqual([other.roomId]);
    });
  });
}
