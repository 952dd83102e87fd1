// How the recording is, where it is not simply there: what is, and what can be done. Nothing where all is well.
import { refusalText } from '@wireroom/capture';
import controls from '../app/controls.module.css';
import type { LiveSnapshot } from './live/live-wire.ts';
import { problemText } from './problem-text.ts';
import styles from './Wire.module.css';
import { useSay } from './words/words.ts';

interface Props {
  readonly live: LiveSnapshot | undefined;
  readonly isAlone: boolean;
  readonly problem: Error | undefined;
  readonly onRecord: (() => void) | undefined;
}

export function StateNote({ live, isAlone, problem, onRecord }: Props) {
  const say = useSay();
  if (problem !== undefined)
    return (
      <p className={styles.state} data-bad role="status">
        {say('state.badLink')} {problemText(problem, say)}
      </p>
    );
  if (isAlone)
    return (
      <p className={styles.state} role="status">
        {say('state.alone')}
      </p>
    );
  const state = live?.state ?? (onRecord === undefined ? undefined : 'off');
  if (state === undefined || state === 'watching') return null;
  return (
    <p className={styles.state} role="status" data-bad={state === 'refused' || undefined}>
      {say(`state.${state}`)}{' '}
      {state === 'refused' && live?.reason !== undefined && say.of(refusalText(live.reason))}
      {state === 'off' && onRecord !== undefined && (
        <button type="button" className={controls.inline} onClick={onRecord}>
          {say('state.turnOn')}
        </button>
      )}
    </p>
  );
}
