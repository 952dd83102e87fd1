// What is kept in memory of a room against its log: every page that comes from memory is the page that the log gives.
import type { Entry, Position, Room } from '@wireroom/protocol';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LogRange } from '../log/log.ts';
import { authorNamed, draftOf } from '../log/log-samples.contract.ts';
import { MemoryLog } from '../log/memory-log.ts';
import { FEED_LIMITS } from './limits.ts';
import { PageMemo, Tail } from './tail.ts';
import { Tails } from './tails.ts';

const ada = authorNamed('Ada');
let drafts = 0;
const ROOMY = { limit: 200, bytesMax: 64 * 1024 };

async function openRoom(log = new MemoryLog()) {
  const room = await log.ensureRoom({ slug: 'lobby', title: 'Lobby' });
  const { entries } = await log.join(room.roomId, ada);
  return { log, room, entries };
}

async function post(log: MemoryLog, room: Room, text: string): Promise<Entry> {
  drafts += 1;
  return (await log.post(draftOf(room, ada, text, `draft ${drafts}`))).entry;
}

async function change(log: MemoryLog, room: Room, content: { type: 'edit' | 'delete'; target: number }) {
  drafts += 1;
  const draft = draftOf(room, ada, `change ${drafts}`);
  const what = content.type === 'edit' ? { ...content, type: 'edit' as const, text: 'edited' } : content;
  return (await log.post({ ...draft, content: what as never })).entry;
}

describe('the tail of a room', () => {
  it('[F5.1] gives the pages that the log gives, or none', async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('post' as const), long: fc.boolean() }),
      fc.record({ act: fc.constant('edit' as const), target: fc.nat({ max: 30 }) }),
      fc.record({ act: fc.constant('delete' as const), target: fc.nat({ max: 30 }) }),
      fc.record({ act: fc.constant('lose' as const) }),
      fc.record({ act: fc.constant('page' as const), before: fc.nat({ max: 30 }) }),
    );
    const range = fc.record(
      {
        after: fc.nat({ max: 40 }),
        before: fc.nat({ max: 40 }),
        limit: fc.integer({ min: 1, max: 12 }),
        bytesMax: fc.integer({ min: 100, max: 3_000 }),
      },
      { requiredKeys: ['limit', 'bytesMax'] },
    );
    let fromMemory = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.array(range), async (steps, ranges) => {
        const { log, room } = await openRoom();
        const tail = new Tail(room.roomId, new PageMemo());
        let isLosing = false;
        for (const one of steps) {
          if (one.act === 'lose') isLosing = !isLosing;
          else if (one.act === 'page') {
            const page = await log.read(room.roomId, { before: one.before, limit: 5, bytesMax: 3_000 });
            tail.take(page.entries);
          } else {
            const written =
              one.act === 'post'
                ? post(log, room, one.long ? 'long '.repeat(60) : 'hi')
                : change(log, room, { type: one.act, target: one.target });
            const entry = await written.catch(() => undefined);
            if (entry !== undefined && !isLosing) tail.take([entry]);
          }
        }
        const [head] = await log.heads([room.roomId]);
        for (const one of ranges) {
          const page = tail.read(one, head?.position as Position);
          if (page === undefined) continue;
          fromMemory += 1;
          expect(page).toEqual(await log.read(room.roomId, one));
        }
      }),
      { numRuns: 300 },
    );
    expect(fromMemory).toBeGreaterThan(100);
  });

  it('[F5.2] forgets the text of what is deleted, and of its edits, also in pages that were handed out', async () => {
    const { log, room, entries } = await openRoom();
    const tail = new Tail(room.roomId, new PageMemo());
    tail.take(entries);
    const secret = await post(log, room, 'secret');
    tail.take([secret, await change(log, room, { type: 'edit', target: secret.seq })]);
    const read = () => tail.read(ROOMY, tail.position as Position)?.entries;
    expect(JSON.stringify(read())).toContain('secret');
    tail.take([await change(log, room, { type: 'delete', target: secret.seq })]);
    expect(JSON.stringify(read())).not.toMatch(/secret|edited/);
    expect(read()?.[1]).toMatchObject({ text: '', deleted: true });
  });

  it('[F5.2] an older page that was read before a deletion and arrives after it loses the text', async () => {
    const { log, room } = await openRoom();
    const secret = await post(log, room, 'secret');
    const older = await log.read(room.roomId, ROOMY);
    const tail = new Tail(room.roomId, new PageMemo());
    tail.take([await change(log, room, { type: 'delete', target: secret.seq })]);
    tail.take(older.entries);
    const page = tail.read(ROOMY, tail.position as Position);
    expect(page?.entries).toHaveLength(3);
    expect(JSON.stringify(page)).not.toContain('secret');
  });

  it('[F5.3] hands out one list for equal answers', async () => {
    const { log, room, entries } = await openRoom();
    const tail = new Tail(room.roomId, new PageMemo());
    tail.take(entries);
    for (const text of ['a', 'b', 'c']) tail.take([await post(log, room, text)]);
    const read = (range: LogRange) => tail.read(range, tail.position as Position)?.entries;
    expect(read({ ...ROOMY, after: 1 })).toBe(read({ ...ROOMY, limit: 3 }));
  });

  it('[F5.4] keeps a bounded number of entries and bytes, the newest', async () => {
    const { log, room } = await openRoom();
    const tail = new Tail(room.roomId, new PageMemo());
    for (let i = 0; i < 200; i += 1) tail.take([await post(log, room, `${i} ${'x'.repeat(8_000)}`)]);
    expect(tail.bytes).toBeLessThanOrEqual(FEED_LIMITS.tailBytesMax);
    expect(tail.read({ ...ROOMY, after: 0 }, tail.position as Position)).toBeUndefined();
    expect(tail.read({ ...ROOMY, after: 199 }, tail.position as Position)?.entries).toHaveLength(2);
    const short = new Tail(room.roomId, new PageMemo());
    for (let i = 0; i < FEED_LIMITS.tailEntriesMax + 50; i += 1) short.take([await post(log, room, 'hi')]);
    const { seq } = short.position as Position;
    const range = (kept: number) => ({ ...ROOMY, after: seq - kept });
    expect(short.read(range(FEED_LIMITS.tailEntriesMax), short.position as Position)).toBeDefined();
    expect(short.read(range(FEED_LIMITS.tailEntriesMax + 1), short.position as Position)).toBeUndefined();
  });
});

describe('the tails of all rooms', () => {
  class CountedLog extends MemoryLog {
    reads = 0;
    headReads = 0;
    override read(...given: Parameters<MemoryLog['read']>): ReturnType<MemoryLog['read']> {
      this.reads += 1;
      return super.read(...given);
    }
    override heads(...given: Parameters<MemoryLog['heads']>): ReturnType<MemoryLog['heads']> {
      this.headReads += 1;
      return super.heads(...given);
    }
  }

  let log: CountedLog;
  let room: Room;
  let tails: Tails;

  beforeEach(async () => {
    log = new CountedLog();
    ({ room } = await openRoom(log));
    tails = new Tails(log);
  });

  const headOf = async () => (await log.heads([room.roomId]))[0]?.position as Position;

  it('[F5.5] a thousand equal questions are one read of the log, and after that none', async () => {
    for (let i = 0; i < 10; i += 1) await post(log, room, 'hi');
    const head = await headOf();
    const ask = () => tails.read(room.roomId, { ...ROOMY, after: 1 }, head);
    const pages = await Promise.all(Array.from({ length: 1_000 }, ask));
    for (const page of pages) expect(page.entries).toHaveLength(10);
    expect(log.reads).toBe(1);
    await ask();
    expect(log.reads).toBe(1);
  });

  it('[F5.5] a read that was asked for earlier does not answer for entries that came since', async () => {
    const first = tails.read(room.roomId, { ...ROOMY, after: 0 }, await headOf());
    await post(log, room, 'since');
    const second = tails.read(room.roomId, { ...ROOMY, after: 0 }, await headOf());
    expect((await first).entries).toHaveLength(1);
    expect((await second).entries).toHaveLength(2);
  });

  it('[F5.6] a page is of now, also where a hint was lost: the head is looked up, once for all who ask together', async () => {
    const secret = await post(log, room, 'secret');
    tails.take(room.roomId, (await log.read(room.roomId, ROOMY)).entries);
    await change(log, room, { type: 'delete', target: secret.seq });
    log.headReads = 0;
    const pages = await Promise.all(
      Array.from({ length: 100 }, () => tails.readNow(room.roomId, { ...ROOMY, after: 0, before: 3 })),
    );
    expect(JSON.stringify(pages)).not.toContain('secret');
    expect(log.headReads).toBe(1);
  });

  it('[F5.4] keeps a bounded number of bytes for all rooms: the one that was quiet longest is forgotten', async () => {
    const rooms: Room[] = [];
    for (let i = 0; i < 40; i += 1) {
      const one = await log.ensureRoom({ slug: `room-${i}`, title: 'Room' });
      await log.join(one.roomId, ada);
      for (let k = 0; k < 40; k += 1)
        tails.take(one.roomId, [await post(log, one, `${k} ${'x'.repeat(12_000)}`)]);
      rooms.push(one);
    }
    expect(tails.bytes).toBeLessThanOrEqual(FEED_LIMITS.tailsBytesMax);
    expect(tails.bytes).toBeGreaterThan(FEED_LIMITS.tailsBytesMax - FEED_LIMITS.tailBytesMax);
    log.reads = 0;
    const readNewest = async (one: Room | undefined): Promise<void> => {
      if (one === undefined) throw new Error('no room');
      const [head] = await log.heads([one.roomId]);
      await tails.read(one.roomId, { ...ROOMY, limit: 1 }, head?.position as Position);
    };
    await readNewest(rooms.at(-1));
    expect(log.reads).toBe(0);
    await readNewest(rooms[0]);
    expect(log.reads).toBe(1);
  });
});
