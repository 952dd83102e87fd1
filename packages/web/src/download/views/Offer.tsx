// Above the messages, on a visit after one that a download did not survive: how far it came, and whether it is to go on.
import { useSyncExternalStore } from 'react';
import changes from '../../about/RoomChanges.module.css';
import change from '../../actions/Changes.module.css';
import controls from '../../app/controls.module.css';
import { percentOf } from '../download-state.ts';
import type { DownloadStore } from '../download-store.ts';
import { useWords } from '../words/words.ts';
import styles from './Offer.module.css';

export function Offer({ store }: { readonly store: DownloadStore }) {
  const { t } = useWords();
  const state = useSyncExternalStore(store.subscribe, store.snapshot, store.snapshot);
  if (state.kind !== 'interrupted') return null;
  const room = state.plan.title;
  return (
    <div role="status" className={changes.changes}>
      <div className={change.change}>
        <span className={styles.text}>{t('interrupted', { room, percent: percentOf(state) })}</span>
        <span className={change.acts}>
          <button
            type="button"
            className={`${controls.inline} ${controls.flush}`}
            onClick={() => void store.resume()}
          >
            {t('resume')}
          </button>
          <button type="button" className={controls.inline} onClick={() => void store.discard()}>
            {t('discard')}
          </button>
        </span>
      </div>
    </div>
  );
}
