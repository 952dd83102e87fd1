// A wire through which nothing goes for a while, in either direction, as if the network were down: what is written waits here,
// and nothing is read. Nothing gets lost, as with TCP. socket-pump.ts puts it in place and takes it away.
import type { Duplex } from 'node:stream';
import type { Wire } from './wire.ts';

export class HeldWire implements Wire {
  readonly holdsBytes = true;
  readonly #wire: Wire;
  #isPaused: boolean;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isEnding = false;

  /** `isPaused`: nobody wants to read at the moment anyway. */
  constructor(wire: Wire, isPaused: boolean) {
    this.#wire = wire;
    this.#isPaused = isPaused;
    wire.pause();
  }

  /** Ends the hold: what waited leaves, and reading goes on. Returns the wire itself. */
  letGo(): Wire {
    const wire = this.#wire;
    if (wire.isGone) return wire;
    if (this.#waiting.length > 0) wire.writeAll(this.#waiting);
    if (this.#isEnding) wire.end();
    if (!this.#isPaused) wire.resume();
    return wire;
  }

  get unsentBytes(): number {
    return this.isGone ? 0 : this.#wire.unsentBytes + this.#waitingBytes;
  }

  get isGone(): boolean {
    return this.#wire.isGone;
  }

  start(): void {
    throw new Error('a wire that is held has begun long ago');
  }

  hurry(): Wire {
    return this;
  }

  write(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  writeAll(pieces: readonly Buffer[]): void {
    for (const bytes of pieces) this.write(bytes);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  end(): void {
    this.#isEnding = true;
  }

  reset(): void {
    this.#wire.reset();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  release(): Duplex {
    throw new Error('a wire that is held is not given away');
  }
}
