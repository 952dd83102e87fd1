// How well a process of the test itself keeps up: how late its event loop is, and how much of a core it has. A figure of a peer is worth
// nothing where the one who measures was the limit.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Health } from './orders.ts';

const RESOLUTION_MS = 10;

export class HealthWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #since = performance.now();

  begin(): void {
    this.#delay.enable();
    this.#delay.reset();
    this.#cpu = process.cpuUsage();
    this.#since = performance.now();
  }

  end(): Health {
    const { user, system } = process.cpuUsage(this.#cpu);
    const tookMs = performance.now() - this.#since;
    const late = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS;
    this.#delay.disable();
    return { loopLateMs: Math.max(0, Math.round(late)), busy: (user + system) / 1000 / Math.max(1, tookMs) };
  }
}
