// How far the server's clock is from ours: several questions, of which the one with the shortest round trip is believed. Pure;
// wire-watcher.ts asks them.
import type { ClockRecord } from '@wireroom/capture';

/** Old comparisons are forgotten: clocks drift. */
const KEPT = 16;

interface Comparison {
  readonly at: number;
  readonly offset: number;
  readonly uncertainty: number;
}

export class WireClock {
  #comparisons: Comparison[] = [];

  /** We asked at `askedAt`, the server answered when its clock was at `serverAt`, we heard it at `heardAt`; all microseconds. */
  compared(askedAt: number, serverAt: number, heardAt: number): void {
    const uncertainty = Math.max(0, heardAt - askedAt) / 2;
    const comparison = { at: heardAt, offset: serverAt - (askedAt + uncertainty), uncertainty };
    this.#comparisons = [...this.#comparisons, comparison].slice(-KEPT);
  }

  /** A new connection is another way. */
  reset(): void {
    this.#comparisons = [];
  }

  /** What to add to our times to get the server's. */
  get best(): ClockRecord | undefined {
    const [best] = [...this.#comparisons].sort((one, other) => one.uncertainty - other.uncertainty);
    if (best === undefined) return undefined;
    const { at, offset, uncertainty } = best;
    return {
      kind: 'clock',
      at: Math.round(at + offset),
      offset: Math.round(offset),
      uncertainty: Math.round(uncertainty),
    };
  }
}
