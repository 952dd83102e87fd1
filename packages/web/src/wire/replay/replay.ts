// Playing a capture again in time: which of its records have happened at a moment of the replay. Long silences are cut
// short, and short captures are slowed down, so that there is something to see. Pure; use-replay.ts has the clock.
import type { CaptureRecord } from '@wireroom/capture';

/** A silence lasts this long at most, in milliseconds of the recording. */
export const SILENCE_MS_MAX = 1_000;

/** What may be chosen: so many times as fast as it was. */
export const SPEEDS = [1, 0.1, 0.01] as const;
export type Speed = (typeof SPEEDS)[number];

/** A replay that is shorter is played more slowly from the start, in milliseconds. */
const SHORT_MS = 2_000;

/** When each record happens, in milliseconds from the beginning of the replay at full speed. */
export type ReplayPlan = readonly number[];

export function planOf(records: readonly CaptureRecord[]): ReplayPlan {
  let at = 0;
  let before = records[0]?.at ?? 0;
  return records.map((record) => {
    // Of two clocks, or of records told late, one may lie before its neighbour.
    const gapMs = Math.max(0, record.at - before) / 1_000;
    before = Math.max(before, record.at);
    at += Math.min(gapMs, SILENCE_MS_MAX);
    return at;
  });
}

export const lengthOf = (plan: ReplayPlan): number => plan.at(-1) ?? 0;

/** The quickest speed at which it is no flash. */
export function speedFor(plan: ReplayPlan): Speed {
  return SPEEDS.find((speed) => lengthOf(plan) / speed >= SHORT_MS) ?? 0.01;
}

/** How many records have happened by then. */
export function countAt(plan: ReplayPlan, elapsedMs: number): number {
  const next = plan.findIndex((at) => at > elapsedMs);
  return next === -1 ? plan.length : next;
}

export interface Replay {
  /** How many records are shown. */
  readonly count: number;
  readonly elapsedMs: number;
  readonly speed: Speed;
  readonly isPlaying: boolean;
}

export type ReplayAct =
  | { readonly type: 'toggle' }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'go'; readonly count: number }
  | { readonly type: 'speed'; readonly speed: Speed };

/** All of it, standing still. */
export const replayOf = (plan: ReplayPlan): Replay => ({
  count: plan.length,
  elapsedMs: lengthOf(plan),
  speed: speedFor(plan),
  isPlaying: false,
});

export function replayed(plan: ReplayPlan, state: Replay, act: ReplayAct): Replay {
  switch (act.type) {
    case 'toggle': {
      if (state.isPlaying) return { ...state, isPlaying: false };
      // From the end it begins anew.
      const isAtEnd = state.count >= plan.length;
      return isAtEnd
        ? { ...state, elapsedMs: 0, count: countAt(plan, 0), isPlaying: true }
        : { ...state, isPlaying: true };
    }
    case 'pass': {
      if (!state.isPlaying) return state;
      const elapsedMs = state.elapsedMs + act.ms * state.speed;
      const count = countAt(plan, elapsedMs);
      return { ...state, elapsedMs, count, isPlaying: count < plan.length };
    }
    case 'go': {
      const count = Math.min(Math.max(act.count, 0), plan.length);
      return { ...state, count, elapsedMs: plan[count - 1] ?? 0, isPlaying: false };
    }
    case 'speed':
      return { ...state, speed: act.speed };
  }
}
