// What is known of a run while it is under way: the events of the measuring package, gathered. Pure; drawn by live-view.ts.
import type { CapacityEvent, Phase, Sample } from '@wireroom/capacity';
import { VIEW } from './limits.ts';
import type { TimeLeft } from './time-left.ts';

export interface LiveState {
  /** Of the server that is measured now. */
  readonly target: string;
  readonly phase: Phase;
  readonly phaseIndex: number;
  readonly phaseCount: number;
  /** In the words of the measuring package; with the load, where there is one. */
  readonly activity: Extract<CapacityEvent, { type: 'activity' }> | undefined;
  readonly left: TimeLeft;
  /** The newest last. */
  readonly samples: readonly Sample[];
  readonly isStopping: boolean;
}

export const liveStateOf = (target: string, left: TimeLeft): LiveState => ({
  target,
  phase: 'start',
  phaseIndex: 0,
  phaseCount: 1,
  activity: undefined,
  left,
  samples: [],
  isStopping: false,
});

/** `step`, `costs` and what else is a result of its own are not state: they are told once, by lines. */
export function after(state: LiveState, event: CapacityEvent, left: TimeLeft): LiveState {
  switch (event.type) {
    case 'phase':
      return { ...state, phase: event.phase, phaseIndex: event.index, phaseCount: event.count };
    case 'activity':
      return { ...state, activity: event };
    case 'progress':
      return { ...state, left };
    case 'sample':
      return { ...state, samples: [...state.samples, event.sample].slice(-VIEW.sparkSamplesMax) };
    case 'step':
    case 'costs':
    case 'prediction':
    case 'ceilings':
    case 'warning':
      return state;
  }
}
