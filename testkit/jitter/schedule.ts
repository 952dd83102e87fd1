// The outages of a run, out of its seed: when each client's connections are cut, how, and for how long. Pure: the same seed
// gives every peer the same ones. proxy.ts makes them happen.
import { Chance } from '../simulator/chance.ts';
import { JITTER_LIMITS } from './limits.ts';

/**
 * `reset` and `end`: both sides get a RST, or a FIN, and whoever connects meanwhile is reset. `black-hole`: nothing passes and nobody is
 * told; at the end what was there is reset, as by a router that has forgotten it, and whoever tried to connect meanwhile gets through.
 */
export type Cut = 'reset' | 'end' | 'black-hole';

export interface PlannedOutage {
  readonly client: number;
  /** Milliseconds from the beginning of the phase. */
  readonly atMs: number;
  readonly forMs: number;
  readonly cut: Cut;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly clients: number;
  /** All outages are over by then. */
  readonly durationMs: number;
}

/** In the order of their beginnings. */
export function planOutages({ seed, clients, durationMs }: ScheduleOptions): PlannedOutage[] {
  const chance = new Chance(seed);
  const outages: PlannedOutage[] = [];
  for (let client = 0; client < clients; client += 1) {
    const own = chance.fork(`client ${client}`);
    // The first one comes at any time of a connection's life: not all are cut for the first time at once.
    let atMs = own.between(0, JITTER_LIMITS.upMs.max);
    for (;;) {
      const forMs = own.between(JITTER_LIMITS.outageMs.min, JITTER_LIMITS.outageMs.max);
      const cut = own.pick<Cut>(['reset', 'end', 'black-hole']);
      if (atMs + forMs > durationMs) break;
      outages.push({ client, atMs, forMs, cut });
      atMs += forMs + own.between(JITTER_LIMITS.upMs.min, JITTER_LIMITS.upMs.max);
    }
  }
  return outages.sort((a, b) => a.atMs - b.atMs);
}
