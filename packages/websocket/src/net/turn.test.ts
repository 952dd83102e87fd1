// The turn's two queues: what has to leave at its end, and shared frames, of which some leave in each turn.
import { describe, expect, it, onTestFinished } from 'vitest';
import { SHARED_WRITES_PER_TURN } from '../limits.ts';
import { SharedFrame } from './frame-batch.ts';
import { SocketPump } from './socket-pump.ts';
import { afterWrites, type Flushable, Turn, turn } from './turn.ts';
import type { Wire } from './wire.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class Receiver implements Flushable {
  readonly #onFlush: () => void;

  constructor(onFlush: () => void) {
    this.#onFlush = onFlush;
  }

  flushTurn(): void {
    this.#onFlush();
  }

  flushShared(): void {
    this.#onFlush();
  }
}

function pumpTo(writes: string[]): SocketPump {
  const wire: Wire = {
    unsentBytes: 0,
    isGone: false,
    holdsBytes: false,
    start: () => undefined,
    hurry: () => wire,
    write: (bytes) => void writes.push(String(bytes)),
    writeAll: (pieces) => void writes.push(Buffer.concat(pieces).toString()),
    pause: () => undefined,
    resume: () => undefined,
    end: () => undefined,
    destroy: () => undefined,
    reset: () => undefined,
    release: () => {
      throw new Error('is not released');
    },
  };
  const owner = {
    read: () => undefined,
    ended: () => undefined,
    wrote: () => undefined,
    gone: () => undefined,
  };
  return new SocketPump(wire, owner, undefined);
}

describe('turn', () => {
  it('[W36] writes shared frames to some sockets per turn, in the order in which they began to wait', async () => {
    const own = new Turn(() => 0);
    const flushed: number[] = [];
    const count = 3 * SHARED_WRITES_PER_TURN + 5;
    for (let index = 0; index < count; index += 1) own.addShared(new Receiver(() => flushed.push(index)));
    const perTurn: number[] = [];
    while (flushed.length < count) {
      const before = flushed.length;
      await nextTurn();
      perTurn.push(flushed.length - before);
    }
    expect(perTurn).toEqual([SHARED_WRITES_PER_TURN, SHARED_WRITES_PER_TURN, SHARED_WRITES_PER_TURN, 5]);
    expect(flushed).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it('[W36] writes to fewer sockets in a turn where each write takes long', async () => {
    let nowMs = 0;
    const own = new Turn(() => nowMs);
    let shared = 0;
    for (let index = 0; index < SHARED_WRITES_PER_TURN; index += 1)
      own.addShared(
        new Receiver(() => {
          shared += 1;
          nowMs += 0.25;
        }),
      );
    await nextTurn();
    expect(shared).toBe(4);
  });

  it('[W36] what has to leave at the end of a turn does not wait for shared frames', async () => {
    const own = new Turn(() => 0);
    let shared = 0;
    for (let index = 0; index < 2 * SHARED_WRITES_PER_TURN; index += 1)
      own.addShared(
        new Receiver(() => {
          shared += 1;
        }),
      );
    await nextTurn();
    let sharedBefore = -1;
    own.add(
      new Receiver(() => {
        sharedBefore = shared;
      }),
    );
    await nextTurn();
    expect(sharedBefore).toBe(SHARED_WRITES_PER_TURN);
    expect(shared).toBe(2 * SHARED_WRITES_PER_TURN);
  });

  it('[W36] shared frames get an eleventh of the time where everything else takes long', async () => {
    let nowMs = 0;
    const own = new Turn(() => nowMs);
    let shared = 0;
    // Each write takes a hundredth of a millisecond.
    const receiver = (): Receiver =>
      new Receiver(() => {
        shared += 1;
        nowMs += 0.01;
      });
    for (let index = 0; index < 1_000; index += 1) own.addShared(receiver());
    await nextTurn();
    expect(shared).toBe(SHARED_WRITES_PER_TURN);
    // Others are read from and answered, for as long as twenty times as many writes take.
    nowMs += 0.01 * (20 * SHARED_WRITES_PER_TURN - 1);
    await nextTurn();
    expect(shared).toBe(3 * SHARED_WRITES_PER_TURN);
    // Not so long that a share of it is much: a few leave nevertheless.
    nowMs += 1.1;
    await nextTurn();
    expect(shared).toBeGreaterThan(3 * SHARED_WRITES_PER_TURN + 7);
    expect(shared).toBeLessThan(4 * SHARED_WRITES_PER_TURN);
  });

  it('[W36] who still waits for a shared frame gets the next with it, in one write; an answer takes both along', async () => {
    const all = Array.from({ length: SHARED_WRITES_PER_TURN + 2 }, () => {
      const writes: string[] = [];
      return { writes, pump: pumpTo(writes) };
    });
    const send = (text: string): void => {
      const frame = new SharedFrame(Buffer.from(text));
      for (const { pump } of all) pump.writeShared(frame);
    };
    send('<1>');
    const answered = all.at(-1);
    const start = turn.reserve(3);
    answered?.pump.writeRun(start, start + turn.slab.write('ack', start));
    await nextTurn();
    expect(all[0]?.writes).toEqual(['<1>']);
    expect(answered?.writes).toEqual(['<1>ack']);
    expect(all.at(-2)?.writes).toEqual([]);
    send('<2>');
    await nextTurn();
    expect(all.at(-2)?.writes).toEqual(['<1><2>']);
    await nextTurn();
    expect(all[0]?.writes).toEqual(['<1>', '<2>']);
    expect(answered?.writes).toEqual(['<1>ack', '<2>']);
  });

  it('[W36] calls back after all that was sent before has been written, in however many turns', async () => {
    const written: string[] = [];
    const pumps = Array.from({ length: 3 * SHARED_WRITES_PER_TURN }, () => pumpTo(written));
    const frame = new SharedFrame(Buffer.from('a'));
    for (const pump of pumps) pump.writeShared(frame);
    const before = await new Promise<number>((resolve) => afterWrites(() => resolve(written.length)));
    expect(before).toBe(pumps.length);
  });

  it('[W36] one socket whose tap throws takes nobody else along', async () => {
    const own = new Turn(() => 0);
    const listeners = process.listeners('uncaughtException');
    const thrown: unknown[] = [];
    process.removeAllListeners('uncaughtException');
    process.on('uncaughtException', (error) => void thrown.push(error));
    onTestFinished(() => {
      process.removeAllListeners('uncaughtException');
      for (const listener of listeners) process.on('uncaughtException', listener);
    });
    const flushed: string[] = [];
    for (const name of ['a', 'bad', 'b'])
      own.add(
        new Receiver(() => {
          if (name === 'bad') throw new Error('a tap');
          flushed.push(name);
        }),
      );
    for (const name of ['c', 'bad', 'd'])
      own.addShared(
        new Receiver(() => {
          if (name === 'bad') throw new Error('a tap');
          flushed.push(name);
        }),
      );
    for (let turns = 0; turns < 4; turns += 1) await nextTurn();
    expect(flushed).toEqual(['a', 'b', 'c', 'd']);
    expect(thrown).toHaveLength(2);
  });
});
