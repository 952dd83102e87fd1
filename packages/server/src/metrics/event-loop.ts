// How long the thread that serves sockets keeps things waiting: a timer of Node's own that is due every 20 ms, and by how much it
// comes late. Read and begun anew with each scrape.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 20;

export interface DelayReader {
  /** In seconds, since this was last asked, by quantile. */
  read(): readonly (readonly [quantile: string, seconds: number])[];
  stop(): void;
}

const QUANTILES = ['0.5', '0.99', '1'] as const;

export function watchEventLoop(): DelayReader {
  const monitor = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  monitor.enable();
  return {
    read() {
      const delays = QUANTILES.map((quantile) => {
        // Node records the whole interval, of which all but the delay was asked for; before the first there is nothing.
        const intervalMs = monitor.count === 0 ? 0 : monitor.percentile(Number(quantile) * 100) / 1e6;
        return [quantile, Math.max(0, intervalMs - RESOLUTION_MS) / 1000] as const;
      });
      monitor.reset();
      return delays;
    },
    stop: () => void monitor.disable(),
  };
}
