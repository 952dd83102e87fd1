// The feed against a log that is written to while it is read, and a bus that loses, repeats and reorders.
import { type Entry, entrySchema, type Position, type RoomId, roomIdSchema } from '@wireroom/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryBus } from '../bus/memory-bus.ts';
import { FairTurns } from '../lib/fair-turns.ts';
import type { Log, LogPage, LogRange } from '../log/log.ts';
import { Feed, type Reader, type Subscription } from './feed.ts';

const ROOM: RoomId = roomIdSchema.parse('r_0123456789abcdef');

function entryAt(seq: number): Entry {
  return entrySchema.parse({
    v: 1,
    roomId: ROOM,
    epoch: 'e',
    seq,
    type: 'join',
    author: { authorId: 'a_0123456789abcdef', name: 'Ada' },
    at: '2026-01-01T00:00:00.000Z',
  });
}

const positionAt = (seq: number): Position => ({ epoch: entryAt(1).epoch, seq });

/** A log whose reads answer when the test says so. */
class HandLog {
  readonly entries: Entry[] = [];
  /** Of how many rooms the heads were asked for, each time. */
  readonly headReads: number[] = [];
  #reads: (() => void)[] = [];
  failing = false;

  grow(count = 1): readonly Entry[] {
    const grown = Array.from({ length: count }, (_, index) => entryAt(this.entries.length + index + 1));
    this.entries.push(...grown);
    return grown;
  }

  get log(): Pick<Log, 'read' | 'heads'> {
    return {
      read: (_room, range) => this.#read(range),
      heads: async (roomIds) => {
        this.headReads.push(roomIds.length);
        return [{ roomId: ROOM, position: this.position }];
      },
    };
  }

  get position(): Position {
    return positionAt(this.entries.length);
  }

  get waiting(): number {
    return this.#reads.length;
  }

  /** Answers every read under way. */
  answer(): void {
    for (const answer of this.#reads.splice(0)) answer();
  }

  /** Answers every read under way, and those that follow from the answers, until none is left. */
  async settle(): Promise<void> {
    for (let quietTurns = 0; quietTurns < 4; quietTurns += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#reads.length > 0) quietTurns = 0;
      this.answer();
    }
  }

  #read({ after = 0, limit }: LogRange): Promise<LogPage> {
    return new Promise((resolve, reject) => {
      this.#reads.push(() => {
        if (this.failing) {
          reject(new Error('the disk is gone'));
          return;
        }
        const found = this.entries.slice(after, after + Math.min(limit, 3));
        const hasMore = after + found.length < this.entries.length;
        resolve({ entries: found, hasMore, position: this.position });
      });
    });
  }
}

class HandReader implements Reader {
  readonly seqs: number[] = [];
  readonly skippedSeqs: number[] = [];
  readonly failures: unknown[] = [];
  room = Number.POSITIVE_INFINITY;
  subscription: Subscription | undefined;

  deliver(entries: readonly Entry[]): void {
    this.seqs.push(...entries.map(({ seq }) => seq));
    this.room -= entries.length;
  }

  skipped(entry: Entry): void {
    this.skippedSeqs.push(entry.seq);
  }

  isWritable(): boolean {
    return this.room > 0;
  }

  fail(error: unknown): void {
    this.failures.push(error);
    this.subscription?.end();
  }

  drain(room: number): void {
    this.room = room;
    this.subscription?.drained();
  }
}

function setUp() {
  const hand = new HandLog();
  const bus = new MemoryBus();
  const errors: unknown[] = [];
  const feed = new Feed({
    log: hand.log,
    bus,
    turns: new FairTurns(),
    onError: (error) => errors.push(error),
  });
  const follow = (from: number, reader = new HandReader()): HandReader => {
    reader.subscription = feed.subscribe(ROOM, reader);
    reader.subscription.start(positionAt(from));
    return reader;
  };
  const tell = (...entries: readonly Entry[]): void => bus.publish({ roomId: ROOM, entries });
  return { hand, feed, follow, tell, errors };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the feed of a room', () => {
  it('[L4] brings live entries in order to every reader, at once', () => {
    const { hand, follow, tell } = setUp();
    const readers = [follow(0), follow(0)];
    tell(...hand.grow(3));
    for (const reader of readers) expect(reader.seqs).toEqual([1, 2, 3]);
    expect(hand.waiting).toBe(0);
  });

  it('[F2.5] one reader that throws is ended, and nobody else misses anything', () => {
    const { hand, follow, tell } = setUp();
    const broken = new HandReader();
    broken.deliver = () => {
      throw new Error('a fault of the program');
    };
    follow(0, broken);
    const other = follow(0);
    tell(...hand.grow(2));
    tell(...hand.grow(1));
    expect(other.seqs).toEqual([1, 2, 3]);
    expect(broken.failures).toHaveLength(1);
  });

  it('[F3] says of each entry that it keeps back from a reader that is behind', async () => {
    const { hand, follow, tell } = setUp();
    const [slow, quick] = [follow(0), follow(0)];
    slow.room = 1;
    for (const entry of hand.grow(3)) tell(entry);
    expect([slow.seqs, slow.skippedSeqs]).toEqual([[1], [2, 3]]);
    // It has just begun, and reads the first ones: that is not being slow.
    const late = follow(0);
    slow.drain(10);
    tell(...hand.grow(1));
    expect([slow.skippedSeqs, late.skippedSeqs]).toEqual([[2, 3, 4], []]);
    await hand.settle();
    tell(...hand.grow(1));
    expect([slow.seqs, slow.skippedSeqs]).toEqual([upTo(5), [2, 3, 4]]);
    expect([late.seqs, late.skippedSeqs]).toEqual([upTo(5), []]);
    expect([quick.seqs, quick.skippedSeqs]).toEqual([upTo(5), []]);
  });

  it('[F2] drops what is repeated, and finds in the log what was lost or came too early', async () => {
    const { hand, follow, tell } = setUp();
    const reader = follow(0);
    const [one, two, three] = hand.grow(3) as [Entry, Entry, Entry];
    tell(one);
    tell(one);
    tell(three);
    expect(reader.seqs).toEqual([1]);
    tell(two);
    await hand.settle();
    expect(reader.seqs).toEqual([1, 2, 3]);
  });

  it.each([0, 1, 2, 3, 4, 5])(
    '[F2] a hint %i microtasks after the last read of a catch-up is not lost',
    async (microtasks) => {
      const { hand, follow, tell } = setUp();
      const reader = follow(0);
      const [one, two, three] = hand.grow(3) as [Entry, Entry, Entry];
      tell(one);
      tell(three);
      await new Promise((resolve) => setImmediate(resolve));
      hand.answer();
      for (let i = 0; i < microtasks; i += 1) await Promise.resolve();
      const [four] = hand.grow(1) as [Entry];
      tell(four);
      await hand.settle();
      expect(two.seq).toBe(2);
      expect(reader.seqs).toEqual([1, 2, 3, 4]);
    },
  );

  it('[F2] a slow check of the head finds a lost last hint', async () => {
    const { hand, feed, follow, tell } = setUp();
    const reader = follow(0);
    tell(...hand.grow(1));
    hand.grow(4);
    await feed.checkHeads();
    await hand.settle();
    expect(reader.seqs).toEqual(upTo(5));
  });

  it('[F2.1] asks once for the heads of all rooms, and reads on only where one is ahead', async () => {
    const { hand, feed, follow, tell } = setUp();
    const reader = follow(0);
    tell(...hand.grow(1));
    const others = Array.from({ length: 50 }, (_, index) =>
      roomIdSchema.parse(`r_${String(index).padStart(16, '0')}`),
    );
    for (const roomId of others) feed.subscribe(roomId, new HandReader()).start(positionAt(0));
    await feed.checkHeads();
    expect([hand.headReads, hand.waiting]).toEqual([[51], 0]);
    hand.grow(1);
    await feed.checkHeads();
    expect(hand.waiting).toBe(1);
    await hand.settle();
    expect(reader.seqs).toEqual([1, 2]);
  });

  it('[F4] nothing falls between the state and the feed', async () => {
    const { hand, feed, tell } = setUp();
    hand.grow(2);
    const reader = new HandReader();
    reader.subscription = feed.subscribe(ROOM, reader);
    // The state is read at 2; before the reader has it, 3 and 4 are written and told.
    tell(...hand.grow(2));
    expect(reader.seqs).toEqual([]);
    reader.subscription.start(positionAt(2));
    await hand.settle();
    tell(...hand.grow(1));
    expect(reader.seqs).toEqual([3, 4, 5]);
  });

  it('[F4] a state that is ahead of the hints hides nothing from the other readers, and repeats nothing', async () => {
    const { hand, follow, tell } = setUp();
    const early = follow(0);
    tell(...hand.grow(1));
    const [two, three] = hand.grow(2) as [Entry, Entry];
    const late = follow(3);
    tell(two);
    tell(three);
    await hand.settle();
    tell(...hand.grow(1));
    expect(early.seqs).toEqual([1, 2, 3, 4]);
    expect(late.seqs).toEqual([4]);
  });

  it('[F3] a reader without room is not pushed to; nobody waits for it; drained, it reads the log from its cursor', async () => {
    const { hand, follow, tell } = setUp();
    const slow = follow(0);
    const quick = follow(0);
    slow.room = 2;
    for (let i = 0; i < 10; i += 1) tell(...hand.grow(1));
    expect(quick.seqs).toEqual(upTo(10));
    expect(slow.seqs).toEqual([1, 2]);
    // Room for something: a page of the log, and no further one once that has filled it.
    slow.drain(4);
    await hand.settle();
    expect(slow.seqs).toEqual(upTo(10));
    tell(...hand.grow(1));
    await hand.settle();
    expect(slow.seqs).toEqual(upTo(10));
    slow.drain(Number.POSITIVE_INFINITY);
    await hand.settle();
    tell(...hand.grow(1));
    expect(slow.seqs).toEqual(upTo(12));
  });

  it('[F2.4] entries of one commit are brought together, the same list to everybody', () => {
    const { hand, follow, tell } = setUp();
    const lists: (readonly Entry[])[] = [];
    class ListReader extends HandReader {
      override deliver(entries: readonly Entry[]): void {
        lists.push(entries);
      }
    }
    follow(0, new ListReader());
    follow(0, new ListReader());
    tell(...hand.grow(3));
    expect(lists.map((list) => list.map(({ seq }) => seq))).toEqual([upTo(3), upTo(3)]);
    expect(lists[0]).toBe(lists[1]);
  });

  it('[F3] a log that cannot be read fails the reader, which has to reconnect, and not the others', async () => {
    const { hand, follow, tell } = setUp();
    hand.grow(2);
    const quick = follow(2);
    tell(...hand.grow(1));
    hand.failing = true;
    // What it has missed was never told here.
    const slow = follow(0);
    await hand.settle();
    expect(slow.failures).toHaveLength(1);
    hand.failing = false;
    tell(...hand.grow(1));
    expect(quick.seqs).toEqual([3, 4]);
    expect(quick.failures).toEqual([]);
  });

  it('[F6] what is told together comes to everybody at once, for one write, and nothing is held back', () => {
    const { hand, follow, tell } = setUp();
    const readers = Array.from({ length: 200 }, () => follow(0));
    const seqs = () => new Set(readers.map((reader) => reader.seqs.join()));
    tell(...hand.grow(3));
    expect(seqs()).toEqual(new Set(['1,2,3']));
    tell(...hand.grow(1));
    expect(seqs()).toEqual(new Set(['1,2,3,4']));
  });

  it('[F2][F3] whatever hints and readers do, everybody has everything once and in order', async () => {
    const step = fc.oneof(
      fc.record({
        act: fc.constant('grow' as const),
        count: fc.integer({ min: 1, max: 4 }),
        told: fc.boolean(),
      }),
      fc.record({ act: fc.constant('tell' as const), seq: fc.nat({ max: 40 }) }),
      fc.record({ act: fc.constant('stall' as const), who: fc.nat({ max: 3 }), room: fc.nat({ max: 3 }) }),
      fc.record({ act: fc.constant('join' as const), behind: fc.nat({ max: 5 }) }),
      fc.record({ act: fc.constant('settle' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { hand, feed, follow, tell } = setUp();
        const readers: { readonly reader: HandReader; readonly from: number }[] = [
          { reader: follow(0), from: 0 },
        ];
        for (const one of steps) {
          if (one.act === 'grow') {
            const grown = hand.grow(one.count);
            if (one.told) tell(...grown);
          } else if (one.act === 'tell') {
            const entry = hand.entries[one.seq];
            if (entry !== undefined) tell(entry);
          } else if (one.act === 'stall') {
            readers[one.who]?.reader.drain(one.room);
          } else if (one.act === 'join') {
            const from = Math.max(0, hand.entries.length - one.behind);
            readers.push({ reader: follow(from), from });
          } else {
            await hand.settle();
          }
        }
        for (const { reader } of readers) reader.drain(Number.POSITIVE_INFINITY);
        await hand.settle();
        await feed.checkHeads();
        await hand.settle();
        for (const { reader, from } of readers)
          expect(reader.seqs).toEqual(upTo(hand.entries.length, from + 1));
      }),
      { numRuns: 300 },
    );
  });
});
