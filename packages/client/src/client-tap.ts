// Where the parts of a client tell what they see, if it records itself (rule C24). The recorder is loaded only then: until it is
// there, what was told waits, with its time. tap-recorder.ts keeps it.
import * as TAP_LIMITS from './tap-limits.ts';
import type { TapRecorder } from './tap-recorder.ts';

/** What a page tells. The rest the client sees by itself. */
export interface ClientTap {
  /** The row of this entry is on the screen. Only the first time counts. */
  painted(roomId: string, seq: number): void;
  /** The page is seen, or hidden. */
  visibility(isVisible: boolean): void;
}

export type Tell = (recorder: TapRecorder) => void;

/** For the client's parts. */
export type Tap = (tell: Tell) => void;

export interface EarlyMoment {
  readonly at: number;
  readonly tell: Tell;
}

/** Microseconds since 1970 that never run backwards. */
export const clientMicros = (): number => Math.round((performance.timeOrigin + performance.now()) * 1000);

export interface LoadingTap {
  readonly tap: Tap;
  /** Rejects where its code cannot be had: then nothing is recorded here. */
  readonly recorder: Promise<TapRecorder>;
}

export function loadTap(): LoadingTap {
  const early: EarlyMoment[] = [];
  let loaded: TapRecorder | undefined;
  const recorder = import('./tap-recorder.ts').then(({ TapRecorder }) => {
    loaded = new TapRecorder();
    loaded.catchUp(early.splice(0));
    return loaded;
  });
  recorder.catch(() => {});
  const tap: Tap = (tell) => {
    if (loaded !== undefined) tell(loaded);
    else if (early.length < TAP_LIMITS.tapRecordsMax) early.push({ at: clientMicros(), tell });
  };
  return { tap, recorder };
}

/** As the page has it. */
export const pageTap = (tap: Tap): ClientTap => ({
  painted: (roomId, seq) => tap((to) => to.painted(roomId, seq)),
  visibility: (isVisible) => tap((to) => to.visibility(isVisible)),
});
