// In the header, beside the menu: that a download is going on, and how far it is. Opens its dialog.
import { useSyncExternalStore } from 'react';
import controls from '../../app/controls.module.css';
import { isBegun, percentOf } from '../download-state.ts';
import type { DownloadStore } from '../download-store.ts';
import { useWords } from '../words/words.ts';
import { titleText } from './Panel.tsx';
import styles from './Sign.module.css';

interface Props {
  readonly store: DownloadStore;
  onOpen(): void;
}

export function Sign({ store, onOpen }: Props) {
  const { t } = useWords();
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  if (!isBegun(state)) return null;
  const percent = percentOf(state);
  const label = `${t('sign.open')}: ${titleText(t, state) ?? ''}, ${t('progress.told', { percent })}`;
  return (
    <button
      type="button"
      className={`${controls.iconButton} ${styles.sign}`}
      data-kind={state.kind}
      aria-label={label}
      title={label}
      onClick={onOpen}
    >
      <svg width={24} height={24} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <circle className={styles.rest} cx="12" cy="12" r="10" />
        <circle
          className={styles.done}
          cx="12"
          cy="12"
          r="10"
          pathLength="100"
          strokeDasharray={`${percent} 100`}
          transform="rotate(-90 12 12)"
        />
        <path
          className={styles.arrow}
          d={state.kind === 'done' ? 'm8 12.5 3 3 5.5-6.5' : 'M12 7v8M8.5 11.75 12 15.25l3.5-3.5'}
        />
      </svg>
    </button>
  );
}
