// Tests a server: dials it once for each case, several at a time. Its counterpart for clients is client-run.ts.
import type { Case } from '../case.ts';
import type { Pace } from '../pace.ts';
import type { Reach } from './raw-link.ts';
import { type CaseResult, Turnstile, tryServer } from './trial.ts';

export interface RunOptions {
  readonly cases: readonly Case[];
  readonly pace: Pace;
  /** Cases at once. Default: 16. */
  readonly concurrency?: number;
  /** Of these, heavy ones at once. Default: 2. */
  readonly heavyConcurrency?: number;
  readonly reach?: Reach;
  /** When it fires, the cases that have not begun are left out of the results. */
  readonly signal?: AbortSignal;
  /** Called when a case is done, in the order of their ends. */
  onResult?(result: CaseResult): void;
}

export const CONCURRENCY = 16;
export const HEAVY_CONCURRENCY = 2;

/**
 * Runs the cases that are for servers against an echo server at a `ws:` or `wss:` URL. Results come in the order of the
 * cases. Rejects only for a mistake of the tester's own; a server that is not there fails every case.
 */
export async function testServer(url: string | URL, options: RunOptions): Promise<CaseResult[]> {
  const target = new URL(url);
  const {
    pace,
    reach,
    signal,
    onResult,
    concurrency = CONCURRENCY,
    heavyConcurrency = HEAVY_CONCURRENCY,
  } = options;
  const cases = options.cases.filter(({ peers }) => peers.includes('server'));
  const [light, heavy] = [new Turnstile(concurrency), new Turnstile(heavyConcurrency)];
  const results = await Promise.all(
    cases.map((tested) =>
      (tested.isHeavy ? heavy : light).pass(async () => {
        if (signal?.aborted === true) return undefined;
        const result = await tryServer(tested, target, pace, reach);
        onResult?.(result);
        return result;
      }),
    ),
  );
  return results.filter((result) => result !== undefined);
}
