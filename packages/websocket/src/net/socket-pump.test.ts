// The pump and the turn on a wire that a test controls: what leaves in which write, and whose memory it is.
import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SLAB_BYTES, TURN_BYTES_MAX } from '../limits.ts';
import { SharedFrame } from './frame-batch.ts';
import { SocketPump } from './socket-pump.ts';
import { turn } from './turn.ts';
import type { Wire } from './wire.ts';

class TestWire implements Wire {
  readonly writes: string[][] = [];
  readonly held: Buffer[] = [];
  unsentBytes = 0;
  isGone = false;
  holdsBytes = false;
  /** Whether what is written has to wait, as with a peer that does not read. */
  isStuck = false;

  start(): void {}
  hurry(): Wire {
    return this;
  }
  write(bytes: Buffer): void {
    this.writeAll([bytes]);
  }
  writeAll(pieces: readonly Buffer[]): void {
    this.writes.push(pieces.map(String));
    if (!this.isStuck) return;
    for (const piece of pieces) {
      this.held.push(piece);
      this.unsentBytes += piece.length;
    }
    this.holdsBytes = true;
  }
  pause(): void {}
  resume(): void {}
  end(): void {}
  destroy(): void {}
  reset(): void {}
  release(): Duplex {
    return new Duplex();
  }
}

function make(): { readonly wire: TestWire; readonly pump: SocketPump; readonly wrote: () => number } {
  const wire = new TestWire();
  let wrote = 0;
  const pump = new SocketPump(
    wire,
    {
      read: () => undefined,
      ended: () => undefined,
      wrote: () => {
        wrote += 1;
      },
      gone: () => undefined,
    },
    undefined,
  );
  return { wire, pump, wrote: () => wrote };
}

function writeRun(pump: SocketPump, text: string): void {
  const start = turn.reserve(text.length);
  pump.writeRun(start, start + turn.slab.write(text, start));
}

describe('socket pump', () => {
  it('[W36] runs that lie together are one piece; runs of two sockets in turns keep their order', () => {
    const [a, b] = [make(), make()];
    writeRun(a.pump, 'a1');
    writeRun(a.pump, 'a2');
    writeRun(b.pump, 'b1');
    writeRun(a.pump, 'a3');
    writeRun(b.pump, 'b2');
    expect([a.pump.bufferedBytes, b.pump.bufferedBytes]).toEqual([6, 4]);
    turn.flush();
    expect(a.wire.writes).toEqual([['a1a2a3']]);
    expect(b.wire.writes).toEqual([['b1b2']]);
    expect(a.pump.bufferedBytes).toBe(0);
  });

  it('[W36] runs, shared frames and pieces of their own leave in the order in which they were written', () => {
    const { wire, pump } = make();
    const shared = new SharedFrame(Buffer.from('<s>'));
    writeRun(pump, 'r1');
    pump.writeShared(shared);
    pump.writeShared(shared);
    writeRun(pump, 'r2');
    pump.write(Buffer.from('own'));
    pump.writeShared(shared);
    writeRun(pump, 'r3');
    turn.flush();
    expect(wire.writes).toEqual([['r1<s><s>r2own<s>r3']]);
    pump.write(Buffer.alloc(20_000, 'x'));
    writeRun(pump, 'r4');
    turn.flush();
    expect(wire.writes[1]?.map((piece) => piece.length)).toEqual([20_000, 2]);
  });

  it('[W36] the slab is written anew each turn, unless its bytes had to wait', () => {
    const { wire, pump } = make();
    const { slab } = turn;
    writeRun(pump, 'first');
    turn.flush();
    expect(turn.slab === slab).toBe(true);
    wire.isStuck = true;
    writeRun(pump, 'stuck');
    turn.flush();
    expect(turn.slab === slab).toBe(false);
    // Who was stuck once gets copies: nobody else's frames are written over what still waits.
    const next = turn.slab;
    writeRun(pump, 'again');
    turn.flush();
    expect(turn.slab === next).toBe(true);
    const other = make();
    writeRun(other.pump, 'OTHER FRAMES');
    turn.flush();
    expect(wire.held.map(String)).toEqual(['stuck', 'again']);
  });

  it('[W36] a full slab and a socket with much to say do not wait for the end of the turn', () => {
    const [a, b] = [make(), make()];
    writeRun(a.pump, 'x'.repeat(SLAB_BYTES - 10));
    expect(a.wire.writes).toHaveLength(0);
    writeRun(b.pump, 'y'.repeat(11));
    expect(a.wire.writes).toHaveLength(1);
    b.pump.write(Buffer.alloc(TURN_BYTES_MAX));
    expect(b.wire.writes).toHaveLength(1);
    turn.flush();
    expect(b.wire.writes).toHaveLength(1);
  });

  it('[W39] tells once, later, when what was written at once is with the kernel', async () => {
    const { pump, wrote } = make();
    writeRun(pump, 'x');
    pump.tellWhenWritten();
    turn.flush();
    expect(wrote()).toBe(0);
    await new Promise(setImmediate);
    expect(wrote()).toBe(1);
    writeRun(pump, 'y');
    turn.flush();
    await new Promise(setImmediate);
    expect(wrote()).toBe(1);
  });

  it('[W32] what is written after the end or after the socket is gone goes nowhere', () => {
    const { wire, pump } = make();
    writeRun(pump, 'last');
    pump.end();
    writeRun(pump, 'more');
    pump.writeShared(new SharedFrame(Buffer.from('more')));
    pump.write(Buffer.from('more'));
    turn.flush();
    expect(wire.writes).toEqual([['last']]);
    const gone = make();
    writeRun(gone.pump, 'x');
    gone.wire.isGone = true;
    turn.flush();
    expect(gone.wire.writes).toEqual([]);
    expect(gone.pump.bufferedBytes).toBe(0);
  });
});
