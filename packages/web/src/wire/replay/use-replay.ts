// The clock of a replay: lets time pass while it plays, and hands out the records that have happened so far.
import type { CaptureRecord } from '@wireroom/capture';
import { useEffect, useMemo, useReducer, useState } from 'react';
import { planOf, type Replay, type ReplayAct, replayed, replayOf } from './replay.ts';

export interface ReplayControl {
  readonly state: Replay;
  /** Of the records in all. */
  readonly total: number;
  act(act: ReplayAct): void;
}

/** Of a live connection (`isReplayable` false) all records, and no control. */
export function useReplay(records: readonly CaptureRecord[], isReplayable: boolean) {
  const plan = useMemo(() => (isReplayable ? planOf(records) : []), [records, isReplayable]);
  const [state, act] = useReducer(
    (before: Replay, next: ReplayAct | { readonly type: 'begin' }) =>
      next.type === 'begin' ? replayOf(plan) : replayed(plan, before, next),
    plan,
    replayOf,
  );
  // Another capture stands still at its end, until it is played.
  const [played, setPlayed] = useState(plan);
  if (played !== plan) {
    setPlayed(plan);
    act({ type: 'begin' });
  }
  const { isPlaying, count } = state;
  useEffect(() => {
    if (!isPlaying) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      act({ type: 'pass', ms: Math.max(0, now - before) });
      before = now;
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  const shown = useMemo(
    () => (isReplayable && count < records.length ? records.slice(0, count) : records),
    [records, isReplayable, count],
  );
  const control: ReplayControl | undefined =
    isReplayable && records.length > 1 ? { state, total: records.length, act } : undefined;
  return { records: shown, control };
}
