// Which frames the list shows: the direction, the type, a text that is looked for; and whether new ones are shown.
import controls from '../../app/controls.module.css';
import { Icon } from '../../icons/Icon.tsx';
import { useSay, type WordKey } from '../words/words.ts';
import styles from './FramesView.module.css';
import type { RowFilter } from './wire-rows.ts';

interface Props {
  readonly filter: RowFilter;
  readonly isLive: boolean;
  readonly isPaused: boolean;
  onFilter(filter: RowFilter): void;
  onPause(): void;
}

const DIRECTIONS = ['both', 'in', 'out'] as const satisfies readonly RowFilter['direction'][];
const TYPES = ['all', 'data', 'control'] as const satisfies readonly RowFilter['type'][];

export function FrameFilter({ filter, isLive, isPaused, onFilter, onPause }: Props) {
  const say = useSay();
  const pauseText = say(isPaused ? 'frames.resume' : 'frames.pause');
  return (
    <search className={styles.filter}>
      <Choice
        label={say('filter.direction')}
        value={filter.direction}
        choices={DIRECTIONS}
        wordOf={(direction) => `filter.${direction}`}
        onChoose={(direction) => onFilter({ ...filter, direction })}
      />
      <Choice
        label={say('filter.type')}
        value={filter.type}
        choices={TYPES}
        wordOf={(type) => `filter.${type}`}
        onChoose={(type) => onFilter({ ...filter, type })}
      />
      <input
        className={styles.search}
        type="search"
        value={filter.search}
        placeholder={say('filter.search')}
        aria-label={say('filter.search')}
        onChange={(event) => onFilter({ ...filter, search: event.target.value })}
      />
      {isLive && (
        <button
          type="button"
          className={controls.iconButton}
          aria-pressed={isPaused}
          title={pauseText}
          aria-label={pauseText}
          onClick={onPause}
        >
          <Icon name={isPaused ? 'play' : 'pause'} size={18} />
        </button>
      )}
    </search>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Value[];
  wordOf(value: Value): WordKey;
  onChoose(value: Value): void;
}

function Choice<Value extends string>({ label, value, choices, wordOf, onChoose }: ChoiceProps<Value>) {
  const say = useSay();
  return (
    <select
      className={styles.select}
      aria-label={label}
      value={value}
      onChange={(event) => {
        const chosen = choices.find((choice) => choice === event.target.value);
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {say(wordOf(choice))}
        </option>
      ))}
    </select>
  );
}
