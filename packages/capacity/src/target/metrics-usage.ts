// What a server says of its own use at /metrics, in the form of Prometheus: for servers that are not on this machine. Nothing but the
// user's own address is asked, at most once a second.
import type { Usage, UsageReader } from './usage.ts';

const TIMEOUT_MS = 3_000;
const CHARS_MAX = 4 * 1024 * 1024;

export class MetricsUsage implements UsageReader {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async read(): Promise<Usage | undefined> {
    try {
      const answer = await fetch(this.#url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!answer.ok) {
        await answer.body?.cancel();
        return undefined;
      }
      return usageIn((await answer.text()).slice(0, CHARS_MAX), performance.now());
    } catch {
      return undefined;
    }
  }
}

/** Undefined if the page says nothing of the process. */
export function usageIn(page: string, at: number): Usage | undefined {
  const cpuSeconds = metricIn(page, 'process_cpu_seconds_total');
  const memoryBytes = metricIn(page, 'process_resident_memory_bytes');
  return cpuSeconds === undefined || memoryBytes === undefined ? undefined : { at, cpuSeconds, memoryBytes };
}

function metricIn(page: string, name: string): number | undefined {
  const text = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)`, 'm').exec(page)?.[1];
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}
