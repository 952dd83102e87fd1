// Finds each ping's pong: the next one of the other direction with the same payload (RFC 6455 section 5.5.3: a pong may
// answer the latest ping only, so earlier ones may stay without).
import { isEqual } from '../bytes.ts';
import type { DecodedFrame, PingPair } from '../decoded.ts';
import { CAPTURE_LIMITS } from '../limits.ts';

interface Waiting {
  readonly frame: DecodedFrame;
  /** Place in the list, those that were let go of counted. */
  readonly place: number;
}

/** Pings without an answer that a pong is compared with. */
const WAITING_MAX = 64;

export class PingBook {
  #pairs: PingPair[] = [];
  #given: readonly PingPair[] | undefined;
  #forgotten = 0;
  #waiting: readonly Waiting[] = [];

  /** The same array until something changes. */
  get items(): readonly PingPair[] {
    this.#given ??= this.#pairs.slice();
    return this.#given;
  }

  /** The pair that began or was completed. */
  add(frame: DecodedFrame): PingPair | undefined {
    if (frame.opcode === 9 || frame.opcode === 10) this.#given = undefined;
    if (frame.opcode === 9) return this.#begin(frame);
    if (frame.opcode === 10) return this.#complete(frame);
    return undefined;
  }

  #begin(frame: DecodedFrame): PingPair {
    const pair: PingPair = { ping: frame.index, direction: frame.direction };
    const place = this.#forgotten + this.#pairs.length;
    this.#waiting = [...this.#waiting, { frame, place }].slice(-WAITING_MAX);
    this.#pairs.push(pair);
    if (this.#pairs.length > CAPTURE_LIMITS.pingsMax) {
      const dropped = CAPTURE_LIMITS.pingsMax / 10;
      this.#pairs = this.#pairs.slice(dropped);
      this.#forgotten += dropped;
    }
    return pair;
  }

  #complete(pong: DecodedFrame): PingPair | undefined {
    const found = this.#waiting.findLast(
      ({ frame }) => frame.direction !== pong.direction && isEqual(frame.payload, pong.payload),
    );
    if (!found) return undefined;
    this.#waiting = this.#waiting.filter((waiting) => waiting !== found);
    const pair: PingPair = {
      ping: found.frame.index,
      direction: found.frame.direction,
      pong: pong.index,
      roundTripMicros: pong.at - found.frame.at,
    };
    const place = found.place - this.#forgotten;
    if (place >= 0) this.#pairs[place] = pair;
    return pair;
  }
}
