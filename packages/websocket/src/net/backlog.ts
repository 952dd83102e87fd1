// A queue with a bound between a connection, which brings things when they come, and a program, which fetches them when it
// wants them: the connection is paused while too much waits. Knows neither messages nor streams.
import type { Connection } from './connection.ts';

// What may wait for the program before the peer has to wait, too; it goes on when half of it is gone.
export const WAITING_BYTES_MAX = 64 * 1024;
// What one thing costs beyond its payload, so that a flood of empty ones has a bound as well.
const ITEM_BYTES = 64;

/** Pauses a connection while too much of what it brought is waiting, in one queue or in several. */
export class Gate {
  readonly #connection: Pick<Connection, 'pause' | 'resume'>;
  #waitingBytes = 0;
  #isShut = false;

  constructor(connection: Pick<Connection, 'pause' | 'resume'>) {
    this.#connection = connection;
  }

  came(bytes: number): void {
    this.#waitingBytes += bytes;
    if (this.#isShut || this.#waitingBytes < WAITING_BYTES_MAX) return;
    this.#isShut = true;
    this.#connection.pause();
  }

  taken(bytes: number): void {
    this.#waitingBytes -= bytes;
    if (!this.#isShut || this.#waitingBytes > WAITING_BYTES_MAX / 2) return;
    this.#isShut = false;
    this.#connection.resume();
  }
}

interface Taker<T> {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

export class Backlog<T> implements AsyncIterableIterator<T, undefined> {
  readonly #gate: Gate;
  readonly #left: (reason: unknown) => void;
  readonly #waiting: { readonly item: T; readonly bytes: number }[] = [];
  readonly #takers: Taker<T>[] = [];
  #end: { readonly error?: unknown } | undefined;

  /** @param left called when the program wants no more, with what it gave as the reason */
  constructor(gate: Gate, left: (reason: unknown) => void = () => undefined) {
    this.#gate = gate;
    this.#left = left;
  }

  /** @param payloadBytes how much of the bound it takes */
  put(item: T, payloadBytes: number): void {
    if (this.#end !== undefined) return;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value: item });
      return;
    }
    const bytes = payloadBytes + ITEM_BYTES;
    this.#waiting.push({ item, bytes });
    this.#gate.came(bytes);
  }

  /** Nothing more comes. What waits is still fetched, and then the error, if there is one. */
  finish(error?: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = error === undefined ? {} : { error };
    for (const taker of this.#takers.splice(0)) this.#tellEnd(taker);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const first = this.#waiting.shift();
    if (first !== undefined) {
      this.#gate.taken(first.bytes);
      return Promise.resolve({ done: false, value: first.item });
    }
    return new Promise((resolve, reject) => {
      if (this.#end === undefined) this.#takers.push({ resolve, reject });
      else this.#tellEnd({ resolve, reject });
    });
  }

  /** The program wants no more: what waits is dropped. */
  async return(reason?: unknown): Promise<IteratorResult<T, undefined>> {
    const hasEnded = this.#end !== undefined;
    this.#end = {};
    const dropped = this.#waiting.splice(0).reduce((sum, { bytes }) => sum + bytes, 0);
    this.#gate.taken(dropped);
    for (const taker of this.#takers.splice(0)) taker.resolve(DONE);
    if (!hasEnded) this.#left(reason);
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** As a generator does: the error once, then the end. */
  #tellEnd({ resolve, reject }: Taker<T>): void {
    const end = this.#end;
    this.#end = {};
    if (end !== undefined && 'error' in end) reject(end.error);
    else resolve(DONE);
  }
}
