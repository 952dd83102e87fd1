// What every adapter of the log must do when it is read (rule L4). Part of the suite in log.contract.ts.
import { type Entry, entrySchema, type Room } from '@wireroom/protocol';
import { describe, expect, it } from 'vitest';
import type { Log, LogRange } from './log.ts';
import { authorNamed, draftOf, EVERYTHING } from './log-samples.contract.ts';

const ann = authorNamed('Ann');

export interface Reading {
  readonly log: Log;
  readonly room: Room;
  /** Fills the room with this many entries and returns them. */
  fill(count: number): Promise<readonly Entry[]>;
  seqs(range: Partial<LogRange>): Promise<number[]>;
}

export function registerReading(given: () => Reading): void {
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
