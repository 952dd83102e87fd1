// Between frames and a wire: what is written in a turn waits here, in order, and leaves at the turn's end in one go. Moves
// bytes, knows no frame. Who owns the pump (first the handshake, then the connection) gets what comes.
import type { Duplex } from 'node:stream';
import { TURN_BYTES_MAX } from '../limits.ts';
import type { FrameBatch, SharedFrame } from './frame-batch.ts';
import { HeldWire } from './held-wire.ts';
import { StreamWire } from './stream-wire.ts';
import type { ConnectionTap } from './tap.ts';
import { turn } from './turn.ts';
import type { Wire, WireOwner } from './wire.ts';

export interface PumpOwner {
  /** The bytes `memory[0..end)` came. They may be changed, and are lent only until this returns. */
  read(memory: Buffer, end: number): void;
  /** The other side sent FIN. */
  ended(): void;
  /** Something has gone to the kernel: after a write that had to wait, or as `tellWhenWritten` asked. */
  wrote(): void;
  /** The socket is closed: the last call. `cause` is the error that closed it, if one did. */
  gone(cause: Error | undefined): void;
}

// Up to here copying pieces together is cheaper than handing the kernel a list of them.
const JOINED_BYTES_MAX = 16 * 1024;

export class SocketPump implements WireOwner {
  #wire: Wire;
  #tap: ConnectionTap | undefined;
  #owner: PumpOwner;

  // What waits, in order: pieces of their own; then a run of the turn's slab, or a chain of shared frames.
  #pieces: Buffer[] | undefined;
  #runStart = 0;
  #runEnd = 0;
  #batch: FrameBatch | undefined;
  #waitingBytes = 0;
  #isQueued = false;
  #isQueuedToShare = false;
  #isEnding = false;
  #mustTell = false;
  #isPaused = false;

  constructor(wire: Wire | Duplex, owner: PumpOwner, tap: ConnectionTap | undefined) {
    this.#wire = 'hurry' in wire ? wire : new StreamWire(wire);
    this.#owner = owner;
    this.#tap = tap;
    this.#wire.start(this);
  }

  /** The next owner takes over, the handshake being over: it gets everything from now on. */
  give(owner: PumpOwner): void {
    this.#owner = owner;
    this.#wire = this.#wire.hurry();
  }

  /** Bytes that have been written here and are not yet with the kernel. */
  get bufferedBytes(): number {
    return this.#waitingBytes + this.#wire.unsentBytes;
  }

  get isGone(): boolean {
    return this.#wire.isGone;
  }

  pause(): void {
    this.#isPaused = true;
    this.#wire.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#wire.resume();
  }

  /** Looked on at by this from here on. */
  tapBy(tap: ConnectionTap | undefined): void {
    this.#tap = tap;
  }

  /** Lets nothing through in either direction until the returned function is called. One hold at a time. */
  hold(): () => void {
    if (this.#wire instanceof HeldWire) return () => undefined;
    const held = new HeldWire(this.#wire, this.#isPaused);
    this.#wire = held;
    return () => {
      if (this.#wire !== held) return;
      this.#wire = held.letGo();
      process.nextTick(tellWritten, this);
    };
  }

  /** Has `wrote` of the owner called once what waits is with the kernel, however it gets there. */
  tellWhenWritten(): void {
    this.#mustTell = true;
  }

  /** Queues bytes. They must not be changed until they have left. */
  write(bytes: Buffer): void {
    if (this.#isOver()) return;
    this.#seal();
    this.#pieces ??= [];
    this.#pieces.push(bytes);
    this.#added(bytes.length);
  }

  /** Queues what has been written into the turn's slab, from the place that it reserved on. */
  writeRun(start: number, end: number): void {
    if (this.#isOver()) return;
    turn.use(end);
    if (this.#batch !== undefined || this.#runEnd !== start || this.#runStart === this.#runEnd) {
      this.#seal();
      this.#runStart = start;
    }
    this.#runEnd = end;
    this.#added(end - start);
  }

  /** Queues a frame that others are sent as well. */
  writeShared(frame: SharedFrame): void {
    if (this.#isOver()) return;
    if (this.#batch === undefined) {
      if (this.#runStart !== this.#runEnd) this.#seal();
      this.#batch = frame.batch;
    } else {
      this.#batch = this.#batch.with(frame);
    }
    if (this.#pieces === undefined) this.#addedShared(frame.bytes.length);
    else this.#added(frame.bytes.length);
  }

  /** Gives what is waiting to the wire, in one write. */
  flush(): void {
    const bytes = this.#waitingBytes;
    if (bytes === 0) return;
    this.#waitingBytes = 0;
    if (this.#wire.isGone) this.#drop();
    else if (this.#pieces === undefined) this.#flushOne();
    else this.#flushMany(bytes);
    if (!this.#mustTell) return;
    this.#mustTell = false;
    process.nextTick(tellWritten, this);
  }

  flushTurn(): void {
    this.#isQueued = false;
    this.flush();
  }

  flushShared(): void {
    this.#isQueuedToShare = false;
    this.flush();
  }

  /** Sends what is waiting, then FIN. Reading goes on. */
  end(): void {
    if (this.#isEnding) return;
    this.flush();
    this.#isEnding = true;
    this.#wire.end();
  }

  destroy(): void {
    this.#drop();
    this.#wire.destroy();
  }

  /** The same with a reset, where TCP lies open to us. */
  reset(): void {
    this.#drop();
    this.#wire.reset();
  }

  /** Gives the socket away: no listener of ours stays, and `unread` will be read again by whoever comes next. */
  release(unread: Buffer): Duplex {
    return this.#wire.release(unread);
  }

  read(memory: Buffer, end: number): void {
    this.#tap?.read?.(memory.subarray(0, end));
    this.#owner.read(memory, end);
  }

  ended(): void {
    this.#owner.ended();
  }

  wrote(): void {
    if (!this.#wire.isGone) this.#owner.wrote();
  }

  gone(cause: Error | undefined): void {
    this.#drop();
    this.#owner.gone(cause);
  }

  #isOver(): boolean {
    return this.#isEnding || this.#wire.isGone;
  }

  #added(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > TURN_BYTES_MAX) {
      this.flush();
    } else if (!this.#isQueued) {
      this.#isQueued = true;
      turn.add(this);
    }
  }

  /** Nothing else waits: it may leave a few turns later. */
  #addedShared(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#waitingBytes > TURN_BYTES_MAX) {
      this.flush();
    } else if (!this.#isQueuedToShare && !this.#isQueued) {
      this.#isQueuedToShare = true;
      turn.addShared(this);
    }
  }

  /** Makes the run or the chain at the end a piece like the others. */
  #seal(): void {
    const last = this.#takeLast();
    if (last === undefined) return;
    this.#pieces ??= [];
    this.#pieces.push(last);
  }

  #takeLast(): Buffer | undefined {
    const batch = this.#batch;
    if (batch !== undefined) {
      this.#batch = undefined;
      return batch.bytes;
    }
    if (this.#runStart === this.#runEnd) return undefined;
    const run = turn.slab.subarray(this.#runStart, this.#runEnd);
    this.#runStart = 0;
    this.#runEnd = 0;
    return this.#wire.holdsBytes ? Buffer.from(run) : run;
  }

  /** The usual case: a run of the slab, or a chain of shared frames. */
  #flushOne(): void {
    const isLent = this.#batch === undefined && !this.#wire.holdsBytes;
    const bytes = this.#takeLast();
    if (bytes === undefined) return;
    this.#tap?.wrote?.(bytes);
    this.#wire.write(bytes);
    if (isLent) this.#checkSlab();
  }

  #flushMany(total: number): void {
    this.#seal();
    const pieces = this.#pieces ?? [];
    this.#pieces = undefined;
    const mayBeLent = !this.#wire.holdsBytes;
    if (this.#tap?.wrote !== undefined) this.#tap.wrote(Buffer.concat(pieces, total));
    const [only] = pieces;
    if (pieces.length === 1 && only !== undefined) {
      this.#wire.write(only);
    } else if (total <= JOINED_BYTES_MAX) {
      this.#wire.write(Buffer.concat(pieces, total));
    } else {
      this.#wire.writeAll(pieces);
      if (mayBeLent) this.#checkSlab();
    }
  }

  /** A run of the slab has been written as it lies there; if it had to wait, it stays. */
  #checkSlab(): void {
    if (this.#wire.unsentBytes > 0) turn.loseSlab();
  }

  #drop(): void {
    this.#pieces = undefined;
    this.#batch = undefined;
    this.#runStart = 0;
    this.#runEnd = 0;
    this.#waitingBytes = 0;
  }
}

function tellWritten(pump: SocketPump): void {
  pump.wrote();
}
