// How long after an outage a client had everything again. Pure: reads the ledger of a phase.
import type { Ledger } from './ledger.ts';
import { JITTER_LIMITS } from './limits.ts';

/** An outage that was, of one client; times in milliseconds since 1970. */
export interface Outage {
  readonly client: number;
  /** A TCP connection is possible again from here on. */
  readonly upAt: number;
}

/** In milliseconds; infinite: never. */
export interface Recovery {
  /** Until the client was connected again, by its own account. */
  readonly connectedMs: number;
  /** Until it was, and had all that anybody had heard by then. */
  readonly completeMs: number;
}

export function recoveriesOf(ledger: Ledger, outages: readonly Outage[]): Recovery[] {
  const first = ledger.firstArrivals();
  return outages.map(({ client, upAt }) => {
    // A client that polls may have had no connection to be cut: it was there all the time.
    const hasSurvived =
      ledger.isOpenAt(client, upAt) !== false &&
      !ledger.closedBetween(client, upAt, upAt + JITTER_LIMITS.noticeMs);
    const openedAt = hasSurvived ? upAt : (ledger.openedSince(client, upAt) ?? Number.POSITIVE_INFINITY);
    let completeAt = openedAt;
    for (const [index, firstAt] of first.entries()) {
      if (firstAt === undefined || firstAt > openedAt) continue;
      const at = ledger.arrivalOf(client, ledger.from + index) ?? Number.POSITIVE_INFINITY;
      completeAt = Math.max(completeAt, at);
    }
    return { connectedMs: openedAt - upAt, completeMs: completeAt - upAt };
  });
}

export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Nearest rank. Infinite values count as the longest. NaN where there is none. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (fraction: number): number =>
    sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}
