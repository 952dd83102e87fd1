// How much a choice would be, asked of the server while one chooses: a moment after the last change, and only the last one counts.
import type { HistorySpec } from '@wireroom/history';
import { useEffect, useState } from 'react';
import { failureOf } from '../download-port.ts';
import type { DownloadEstimate, DownloadFailure } from '../download-state.ts';
import type { DownloadStore } from '../download-store.ts';

export type Counted =
  /** The choice makes no span: there is nothing to count. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'counting' }
  | { readonly kind: 'known'; readonly estimate: DownloadEstimate }
  | { readonly kind: 'failed'; readonly failure: DownloadFailure };

/** So long nothing is chosen otherwise before it is counted, in milliseconds. */
const QUIET_MS = 350;

export function useEstimate(
  store: DownloadStore,
  room: string,
  spec: HistorySpec | undefined,
): { readonly counted: Counted; countAgain(): void } {
  const [counted, setCounted] = useState<Counted>({ kind: 'counting' });
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn counts the same once more.
  useEffect(() => {
    if (spec === undefined) return setCounted({ kind: 'nothing' });
    const abort = new AbortController();
    setCounted({ kind: 'counting' });
    const count = async (): Promise<void> => {
      const result = await store.estimate(room, spec, abort.signal).then(
        (estimate): Counted => ({ kind: 'known', estimate }),
        (error: unknown): Counted => ({ kind: 'failed', failure: failureOf(error) }),
      );
      if (!abort.signal.aborted) setCounted(result);
    };
    const timer = setTimeout(() => void count(), QUIET_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [store, room, spec, turn]);
  return { counted, countAgain: () => setTurn((before) => before + 1) };
}
