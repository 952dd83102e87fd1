// Plays a capture that was opened: from its first record on, at a pace that one can follow.
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { useSay } from '../words/words.ts';
import styles from './ReplayBar.module.css';
import { SPEEDS, type Speed } from './replay.ts';
import type { ReplayControl } from './use-replay.ts';

export function ReplayBar({ control }: { readonly control: ReplayControl }) {
  const say = useSay();
  const { state, total, act } = control;
  const { isPlaying, count, speed } = state;
  const toggle = say(isPlaying ? 'replay.pause' : 'replay.play');
  return (
    <fieldset className={styles.bar} aria-label={say('replay.title')}>
      <button
        type="button"
        className={controls.iconButton}
        aria-label={toggle}
        title={toggle}
        onClick={() => act({ type: 'toggle' })}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <input
        className={styles.slider}
        type="range"
        min={0}
        max={total}
        value={count}
        aria-label={say('replay.place')}
        aria-valuetext={say('replay.count', { count, total })}
        onChange={(event) => act({ type: 'go', count: event.target.valueAsNumber })}
      />
      <output className={styles.count}>{say('replay.count', { count, total })}</output>
      <select
        className={styles.speed}
        aria-label={say('replay.speed')}
        value={speed}
        onChange={(event) => act({ type: 'speed', speed: speedOf(event.target.value) })}
      >
        {SPEEDS.map((choice) => (
          <option key={choice} value={choice}>
            {choice === 1 ? '1 ×' : `1/${1 / choice} ×`}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

const speedOf = (value: string): Speed => SPEEDS.find((speed) => String(speed) === value) ?? 1;
