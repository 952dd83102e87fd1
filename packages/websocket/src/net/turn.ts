// The batch window: what is written in one turn of the event loop leaves in one write per socket, at the turn's end.
// One queue and one slab of memory for the process, because the turn is one. Small frames are written into the slab one
// behind the other, so that nothing is allocated for them and a socket's frames lie together. Sockets for which only shared
// frames wait have a queue of their own, and some of them are written to in each turn: a message to a thousand keeps nobody else
// waiting for a thousand writes, and what is sent to all of them meanwhile leaves with it for those whose turn has yet to come.
import {
  OTHERS_PER_SHARED,
  SHARED_TURN_MS,
  SHARED_WRITES_PER_BUSY_TURN,
  SHARED_WRITES_PER_TURN,
  SLAB_BYTES,
} from '../limits.ts';

/** The clock is looked at after so many writes. */
const WRITES_PER_LOOK = 4;

export interface Flushable {
  /** Writes what waits. */
  flushTurn(): void;
  /** The same, from the queue of shared frames. */
  flushShared(): void;
}

interface Clearable {
  clear(): void;
}

export class Turn {
  /** Frames are written here, at the place that `reserve` gives. */
  slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;
  #isSlabLost = false;
  #waiting: Flushable[] = [];
  #nextFlush = 0;
  /** From `#nextShared` on they wait. */
  #sharing: Flushable[] = [];
  #nextShared = 0;
  /** When the last turn stopped writing to them with some left; NaN if none were. */
  #stoppedMs = Number.NaN;
  #isScheduled = false;
  #forgotten: Clearable[] = [];
  readonly #nowMs: () => number;
  readonly #onTurnEnd = (): void => {
    this.#isScheduled = false;
    try {
      this.flush();
      if (this.#sharing.length > 0) this.#flushSomeShared();
    } finally {
      // Whoever looks on at one socket may have thrown: the others are written to nevertheless.
      const isLeft = this.#nextFlush < this.#waiting.length || this.#nextShared < this.#sharing.length;
      if (isLeft) this.#schedule();
    }
  };

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Where so many bytes may be written; less may be used. Only for what the slab can hold. */
  reserve(bytes: number): number {
    if (this.#used + bytes > SLAB_BYTES) this.flush();
    return this.#used;
  }

  /** The slab is used up to here. */
  use(end: number): void {
    this.#used = end;
  }

  /** Has `flush` called at the end of this turn, after every socket that was readable in it has been read. */
  add(flushable: Flushable): void {
    this.#waiting.push(flushable);
    this.#schedule();
  }

  /** Has `flushShared` called at the end of this turn or of one of the next. For what needs no memory of the turn. */
  addShared(flushable: Flushable): void {
    this.#sharing.push(flushable);
    this.#schedule();
  }

  /** Bytes in the slab have not left with the call that wrote them: its memory is theirs until they have. */
  loseSlab(): void {
    this.#isSlabLost = true;
  }

  /** Has `clear` called when the turn's bytes have been written. */
  forgetLater(clearable: Clearable): void {
    this.#forgotten.push(clearable);
  }

  /** Writes all that waits for this turn's end, now. */
  flush(): void {
    while (this.#nextFlush < this.#waiting.length) {
      this.#waiting[this.#nextFlush++]?.flushTurn();
    }
    this.#waiting.length = 0;
    this.#nextFlush = 0;
    for (const clearable of this.#forgotten) clearable.clear();
    this.#forgotten.length = 0;
    if (this.#isSlabLost) this.slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    this.#isSlabLost = false;
    this.#used = 0;
  }

  /** Some, for as long as is their share of the time: where everything else has had long since, they are many. */
  #flushSomeShared(): void {
    const beganMs = this.#nowMs();
    const othersMs = beganMs - this.#stoppedMs;
    const isBusy = othersMs > SHARED_TURN_MS;
    const writes = isBusy ? SHARED_WRITES_PER_BUSY_TURN : SHARED_WRITES_PER_TURN;
    const shareMs = isBusy ? othersMs / OTHERS_PER_SHARED : 0;
    do {
      this.#flushPortion(writes);
    } while (this.#nextShared < this.#sharing.length && this.#nowMs() - beganMs < shareMs);
    const isLeft = this.#nextShared < this.#sharing.length;
    this.#stoppedMs = isLeft ? this.#nowMs() : Number.NaN;
    if (isLeft) this.#schedule();
    // Moved to the front when half of the list has been dealt with: each moves about once, however long it goes on.
    if (this.#nextShared * 2 < this.#sharing.length) return;
    this.#sharing.copyWithin(0, this.#nextShared);
    this.#sharing.length -= this.#nextShared;
    this.#nextShared = 0;
  }

  #flushPortion(writes: number): void {
    const endMs = this.#nowMs() + SHARED_TURN_MS;
    const end = Math.min(this.#sharing.length, this.#nextShared + writes);
    while (this.#nextShared < end) {
      this.#sharing[this.#nextShared++]?.flushShared();
      if (this.#nextShared % WRITES_PER_LOOK === 0 && this.#nowMs() >= endMs) return;
    }
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#onTurnEnd);
  }
}

export const turn: Turn = new Turn();

/**
 * Calls back when everything that has been sent by now, on whatever connection, has been written to its socket, or was found
 * to have to wait for it. Once, in a later turn of the event loop. For who measures.
 */
export function afterWrites(callback: () => void): void {
  turn.addShared({ flushTurn: callback, flushShared: callback });
}
