// The batch window: what is written in one turn of the event loop leaves in one write per socket, at the turn's end.
// One queue and one slab of memory for the process, because the turn is one. Small frames are written into the slab one
// behind the other, so that nothing is allocated for them and a socket's frames lie together.
import { SLAB_BYTES } from '../limits.ts';

export interface Flushable {
  /** Writes what waits. */
  flushTurn(): void;
}

interface Clearable {
  clear(): void;
}

class Turn {
  /** Frames are written here, at the place that `reserve` gives. */
  slab: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #used = 0;
  #isSlabLost = false;
  #waiting: Flushable[] = [];
  #nextFlush = 0;
  #isScheduled = false;
  #forgotten: Clearable[] = [];
  readonly #onTurnEnd = (): void => {
    this.#isScheduled = false;
    this.flush();
  };

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
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#onTurnEnd);
  }

  /** Bytes in the slab have not left with the call that wrote them: its memory is theirs until they have. */
  loseSlab(): void {
    this.#isSlabLost = true;
  }

  /** Has `clear` called when the turn's bytes have been written. */
  forgetLater(clearable: Clearable): void {
    this.#forgotten.push(clearable);
  }

  /** Writes all that waits, now. */
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
}

export const turn: Turn = new Turn();
